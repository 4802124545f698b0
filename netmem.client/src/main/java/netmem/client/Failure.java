package netmem.client;

import java.net.UnknownHostException;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.wire.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Why a call failed, before it is thrown: the exception is made in the caller's thread, so that its stack trace shows
 * the caller. Pure.
 */
@FunctionalInterface
interface Failure {
    /** Makes the exception; the subject says which call on which server. */
    NetMemException toException(String subject);

    /** What a server's refusal means where the operation gives it no meaning of its own. */
    static Failure of(Reply.Failed failed) {
        Status status = failed.status();
        Outcome outcome = status.outcome();
        return subject -> {
            String message = subject + ": " + text(failed);
            return switch (status) {
                case FENCED -> new NetMemException.LockLost(message);
                case DEADLOCK -> new NetMemException.Deadlocked(message);
                case TIMEOUT, LOCKED -> new NetMemException.DeadlinePassed(outcome, message);
                case BAD_FRAME, UNSUPPORTED_VERSION -> new NetMemException.ProtocolBroken(status, outcome, message);
                case SESSION_EXPIRED, INCARNATION_CHANGED -> new NetMemException.SessionLost(status, outcome, message);
                default -> new NetMemException.Refused(status, message);
            };
        };
    }

    /** The caller gave a page as a signed number; on the wire it is none. */
    private static String text(Reply.Failed failed) {
        return failed.status() == Status.NO_SUCH_PAGE && failed.actual() < 0
                ? "page: " + failed.actual() + " (expected: 0 to " + (failed.expected() - 1) + ")"
                : failed.message();
    }

    /** A reply that does not fit its request. */
    static Failure unexpected(Outcome outcome, String detail) {
        return subject -> new NetMemException.ProtocolBroken(Status.BAD_FRAME, outcome, subject + ": reply: " + detail);
    }

    /**
     * The answer came and could not be handed over. Those for a shortage of memory are made beforehand, since there may be no
     * memory to make one.
     */
    static Failure undelivered(Outcome outcome, Throwable why) {
        if (why instanceof VirtualMachineError) {
            return outcome == Outcome.UNKNOWN ? Undelivered.PERHAPS_DONE : Undelivered.NOTHING_DONE;
        }
        return unexpected(outcome, String.valueOf(why));
    }

    /** The failures that are there before they are needed. */
    final class Undelivered {
        private static final Failure PERHAPS_DONE = heapExhausted(Outcome.UNKNOWN);
        private static final Failure NOTHING_DONE = heapExhausted(Outcome.NO_EFFECT);

        private Undelivered() {}

        private static Failure heapExhausted(Outcome outcome) {
            OutOfMemoryError cause = new OutOfMemoryError("while an answer was taken");
            return subject -> new NetMemException.HeapExhausted(
                    outcome, subject + ": the answer came, and this program had no memory to take it", cause);
        }

        /** Has them made while there is memory. */
        static void prepare() {}
    }

    /** The program has no memory for what this call needs itself. */
    static NetMemException noMemory(Outcome outcome, String subject, VirtualMachineError why) {
        return new NetMemException.HeapExhausted(outcome, subject + ": this program has no memory for it: " + why, why);
    }

    /** It was not sent within its deadline. */
    static Failure unsent(Deadline deadline, long nowNanos, String why) {
        return subject -> new NetMemException.DeadlinePassed(
                Outcome.NO_EFFECT, subject + ": not sent within " + deadline.spent(nowNanos) + why);
    }

    /** It could not be put into a frame; the cause says why. */
    static Failure unsendable(Outcome outcome, Throwable why) {
        return subject -> new NetMemException.Disconnected(outcome, subject + ": could not be sent: " + why, why);
    }

    /** The session ended under the call. */
    static Failure sessionLost(Status status, Outcome outcome) {
        return subject -> new NetMemException.SessionLost(
                status,
                outcome,
                subject + ": "
                        + (status == Status.INCARNATION_CHANGED
                                ? "it was meant for a memory of the server that is lost"
                                : "the session's lease was over"));
    }

    /** The memory is another one, and the program has not said that it knows; it is told how. */
    static Failure memoryLost(Outcome outcome) {
        return subject -> new NetMemException.SessionLost(
                Status.INCARNATION_CHANGED,
                outcome,
                subject + ": the server's memory was lost, and it has a new one, which is empty (expected: to go on,"
                        + " call NetMem.renew() and set the pages up again, or have NetMem.onMemoryLost do it, or"
                        + " build the client with followRestarts())");
    }

    /** What keeps a call that was meant for one memory from being sent to another; null where it is the same, or any will do. */
    static @Nullable Failure otherMemory(@Nullable Incarnation meant, Session into) {
        return meant == null || meant.equals(into.incarnation())
                ? null
                : subject -> new NetMemException.SessionLost(
                        Status.INCARNATION_CHANGED,
                        Outcome.NO_EFFECT,
                        subject + ": it was meant for memory " + meant + ", which is lost (expected: what was read or"
                                + " locked since, in memory " + into.incarnation() + ")");
    }

    /** The lock belongs to a session that is over. */
    static Failure lockLost() {
        return subject -> new NetMemException.LockLost(subject + ": the session that held the lock is over");
    }

    /** The frame would be longer than the server takes. */
    static Failure tooLarge(int frameBytes, int frameBytesMax) {
        return subject -> new NetMemException.Refused(
                Status.TOO_LARGE, subject + ": frame length: " + frameBytes + " (expected: <= " + frameBytesMax + ")");
    }

    /** The name in the server's address has no address. */
    static Failure unknownHost(UnknownHostException why) {
        return subject -> new NetMemException.Disconnected(
                Outcome.NO_EFFECT,
                subject + ": unknown host: " + why.getMessage() + " (expected: a name that this machine can look up)",
                why);
    }

    /** The client was closed. */
    static Failure closed(Outcome outcome) {
        return subject -> new NetMemException.Disconnected(outcome, subject + ": the client is closed", null);
    }
}
