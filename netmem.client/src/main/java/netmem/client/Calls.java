package netmem.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * Where callers and the reader meet: one lock around the {@link ClientCore}, a condition for callers who wait for a slot, and the parking of callers who wait for
 * an answer. Shared.
 *
 * <pre>
 *   field                        access            guard
 *   core                         all               lock
 *   connection, session          volatile          written under lock by the reader; read by flush and for page counts
 *   refusal, trouble             volatile          written by the reader; only for messages and for failing early
 *   phase                        volatile          written under lock; only ever forward
 * </pre>
 *
 * The lock is never held over system calls, and never while a reply's bytes are copied: the reader takes the call out of its slot under the lock, then answers it.
 */
final class Calls {
    private static final long CLOSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private final Options options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final ClientCore core = new ClientCore();
    private int waiting;
    private volatile @Nullable Connection connection;
    private volatile @Nullable Session session;
    private volatile @Nullable Failure refusal;
    private volatile @Nullable Throwable trouble;
    private volatile Phase phase = Phase.OPEN;

    private enum Phase {
        OPEN,
        /** No new calls; the connection stays until the server answered the goodbye. */
        CLOSING,
        CLOSED
    }

    Calls(Options options) {
        this.options = options;
    }

    Options options() {
        return options;
    }

    ReentrantLock lock() {
        return lock;
    }

    /** Whether calls are taken, so that a lost connection is replaced. */
    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** The newest session; there is one from the first greeting on. */
    Session session() {
        Session known = session;
        if (known == null) {
            throw new IllegalStateException("no session yet");
        }
        return known;
    }

    // For callers

    /** Sends a call and waits for its answer, within its deadline. */
    <R> R run(Call<R> call) {
        admit(call);
        flush();
        return await(call);
    }

    /** Waits until the first session is open. */
    void awaitSession(Deadline deadline) {
        String subject = "connect to " + options.address();
        lock.lock();
        try {
            while (session == null) {
                failEarly(subject);
                long left = deadline.leftNanos(System.nanoTime());
                if (left <= 0) {
                    throw new NetMemException.Disconnected(
                            Outcome.NO_EFFECT,
                            subject + ": " + deadline.passed(System.nanoTime()) + troubleText(),
                            trouble);
                }
                awaitRoom(subject, left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has the core take the call, as soon as there is a connection, a slot and room for its bytes. */
    private void admit(Call<?> call) {
        if (Thread.currentThread().isInterrupted()) {
            throw new NetMemException.Interrupted(
                    Outcome.NO_EFFECT, subject(call) + ": interrupted before it was sent");
        }
        lock.lock();
        try {
            failEarly(subject(call));
            if (call.opcode() == Opcode.UNLOCK) {
                // Ahead of those who wait for a slot: they may be waiting for this very lock.
                core.owe(call, System.nanoTime());
                return;
            }
            while (!core.submit(call, System.nanoTime())) {
                long left = call.deadline().leftNanos(System.nanoTime());
                if (left <= 0) {
                    String why = core.isConnected() ? "; all slots are taken" : "; not connected" + troubleText();
                    throw new NetMemException.DeadlinePassed(
                            Outcome.NO_EFFECT,
                            subject(call) + ": " + call.deadline().passed(System.nanoTime()) + why);
                }
                awaitRoom(subject(call), left);
                failEarly(subject(call));
            }
        } finally {
            lock.unlock();
        }
    }

    /** What need not be waited for: the client is closed, or the server does not want it. */
    private void failEarly(String subject) {
        if (phase != Phase.OPEN) {
            throw Failure.closed(Outcome.NO_EFFECT).toException(subject);
        }
        Failure refused = refusal;
        if (refused != null) {
            throw refused.toException(subject);
        }
    }

    /** Waits for a change, and passes a signal on that came to one who cannot use it. */
    @SuppressWarnings("WaitNotInLoop") // its callers loop
    private void awaitRoom(String subject, long nanos) {
        waiting++;
        try {
            if (room.awaitNanos(nanos) <= 0) {
                room.signal();
            }
        } catch (InterruptedException e) {
            room.signal();
            Thread.currentThread().interrupt();
            throw new NetMemException.Interrupted(Outcome.NO_EFFECT, subject + ": interrupted before it was sent");
        } finally {
            waiting--;
        }
    }

    private void signalAll() {
        if (waiting > 0) {
            room.signalAll();
        }
    }

    private <R> R await(Call<R> call) {
        Object result = call.result();
        while (result == null) {
            long left = call.endNanos() - System.nanoTime();
            boolean interrupted = Thread.currentThread().isInterrupted();
            if (left <= 0 || interrupted) {
                giveUp(call, interrupted);
                // The reader has the answer in hand.
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(call, left);
            }
            result = call.result();
        }
        return taken(call, result);
    }

    /** What succeed or fail left. */
    @SuppressWarnings("unchecked") // succeed takes an R, and no R is a Failure
    private <R> R taken(Call<R> call, Object result) {
        if (result instanceof Failure failure) {
            throw failure.toException(subject(call));
        }
        return (R) result;
    }

    private void giveUp(Call<?> call, boolean interrupted) {
        Outcome outcome;
        boolean connected;
        lock.lock();
        try {
            outcome = core.abandon(call, System.nanoTime());
            connected = core.isConnected();
        } finally {
            lock.unlock();
        }
        if (outcome == null) {
            return;
        }
        flush();
        String why = subject(call) + ": ";
        if (interrupted) {
            throw new NetMemException.Interrupted(outcome, why + "interrupted while it waited for the answer");
        }
        why += call.deadline().passed(System.nanoTime()) + (connected ? "" : "; not connected" + troubleText());
        throw new NetMemException.DeadlinePassed(outcome, why);
    }

    private String subject(Call<?> call) {
        return call.what() + " of " + options.address();
    }

    private String troubleText() {
        Throwable last = trouble;
        return last == null ? "" : " (" + last.getMessage() + ")";
    }

    /** Sends a call that must go out whatever happens, and waits for its end only so long. Never throws; an interrupt ends the wait. */
    void runOwed(Call<?> call) {
        lock.lock();
        try {
            if (phase != Phase.OPEN) {
                return;
            }
            core.owe(call, System.nanoTime());
        } finally {
            lock.unlock();
        }
        awaitOwed(call);
    }

    private void awaitOwed(Call<?> call) {
        flush();
        while (!call.isDone() && connection != null && !Thread.currentThread().isInterrupted()) {
            long left = call.deadline().leftNanos(System.nanoTime());
            if (left <= 0) {
                break;
            }
            LockSupport.parkNanos(call, left);
        }
        lock.lock();
        try {
            core.leave(call);
        } finally {
            lock.unlock();
        }
    }

    /** Sends what has gathered. */
    private void flush() {
        Connection current = connection;
        if (current != null) {
            current.flush();
        }
    }

    /** Refuses new calls, says goodbye, and fails the calls under way. */
    void close() {
        PlainCall bye = goodbye();
        lock.lock();
        try {
            if (phase != Phase.OPEN) {
                return;
            }
            phase = Phase.CLOSING;
            if (core.isConnected()) {
                core.owe(bye, System.nanoTime());
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
        awaitOwed(bye);
        lock.lock();
        try {
            phase = Phase.CLOSED;
            core.failAll(Failure::closed);
        } finally {
            lock.unlock();
        }
    }

    private static PlainCall goodbye() {
        return new PlainCall(new Deadline(System.nanoTime(), CLOSE_NANOS_MAX), new Request.Bye());
    }

    // For the reader

    Request.Hello hello() {
        lock.lock();
        try {
            return core.hello(options.leaseMillis(), options.name(), options.token());
        } finally {
            lock.unlock();
        }
    }

    /** There is a session. */
    void greeted(Reply.Welcome welcome, Connection on) throws MalformedFrameException {
        lock.lock();
        try {
            core.greeted(welcome, on, System.nanoTime());
            if (phase != Phase.OPEN) {
                core.owe(goodbye(), System.nanoTime());
            }
            session = core.session();
            connection = on;
            refusal = null;
            trouble = null;
            signalAll();
        } finally {
            lock.unlock();
        }
        on.flush();
    }

    /** The connection has sent what had gathered; called under the lock. */
    void drained() {
        core.pump(System.nanoTime());
        signalAll();
    }

    /** One reply. A malformed one fails the call that it answers, and ends the connection. */
    void frame(ByteBuffer frame) throws IOException {
        long requestId = FrameHeader.requestId(frame, frame.position());
        Reply reply;
        try {
            reply = ReplyCodec.decode(frame);
        } catch (MalformedFrameException e) {
            String message = String.valueOf(e.getMessage());
            Call<?> call = received(requestId, new Reply.Failed(Status.BAD_FRAME, 0, 0, message));
            if (call != null) {
                call.fail(Failure.unexpected(call.outcomeIfSent(), message));
            }
            throw new IOException("malformed reply: " + message, e);
        }
        Call<?> call = received(requestId, reply);
        Session from = session;
        if (call != null && from != null) {
            call.answered(from, reply);
        }
    }

    private @Nullable Call<?> received(long requestId, Reply reply) {
        lock.lock();
        try {
            Call<?> call = core.received(requestId, reply, System.nanoTime());
            if (waiting > 0) {
                room.signal();
            }
            return call;
        } finally {
            lock.unlock();
        }
    }

    /** What time asks for; false when the connection is to be dropped. */
    boolean tick() {
        boolean good;
        lock.lock();
        try {
            good = core.tick(System.nanoTime());
        } finally {
            lock.unlock();
        }
        flush();
        return good;
    }

    long restNanos() {
        lock.lock();
        try {
            return core.restNanos();
        } finally {
            lock.unlock();
        }
    }

    /** The connection is closed. Where the stream itself went wrong, the calls under way fail for that. */
    void lost(Connection gone, Throwable why) {
        long writtenBytes = gone.writtenBytes();
        lock.lock();
        try {
            trouble = why;
            connection = null;
            if (why instanceof MalformedFrameException) {
                core.failAll(outcome -> Failure.unexpected(outcome, String.valueOf(why.getMessage())));
            }
            core.lost(writtenBytes);
            if (phase != Phase.OPEN) {
                core.failAll(Failure::closed);
            }
        } finally {
            lock.unlock();
        }
    }

    /** No connection, for now. */
    void unreachable(Throwable why) {
        trouble = why;
    }

    /** The server refuses this client: calls fail at once, until it does not. */
    void refused(Reply.Failed failed) {
        trouble = new IOException(failed.status() + ": " + failed.message());
        boolean passing = failed.status() == Status.NOT_READY || (failed.status() == Status.BUSY && session != null);
        if (passing) {
            return;
        }
        lock.lock();
        try {
            refusal = Failure.of(failed);
            signalAll();
        } finally {
            lock.unlock();
        }
    }
}
