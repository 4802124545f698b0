package netmem.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A call on NetMem that did not succeed. Each failure says by {@link #outcome()} whether the operation may have happened.
 * Answers that a program works with (a stale version, a lock that somebody else holds) are results, not exceptions, wherever
 * a method can return them.
 */
public abstract sealed class NetMemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What the server answered, or would have answered. */
    private final Status status;

    /** What is known of the effect. */
    private final Outcome outcome;

    /** What comes to be known later; null when nothing can. */
    private final transient @Nullable CompletionStage<Outcome> later;

    private NetMemException(Status status, Outcome outcome, String message, @Nullable Throwable cause) {
        this(status, outcome, message, cause, null);
    }

    private NetMemException(
            Status status,
            Outcome outcome,
            String message,
            @Nullable Throwable cause,
            @Nullable CompletionStage<Outcome> later) {
        super(message + " [" + status + ", " + outcome + "]", cause);
        this.status = status;
        this.outcome = outcome;
        this.later = later;
    }

    /**
     * Returns the code of the failure.
     *
     * @return never {@link Status#OK}
     */
    public final Status status() {
        return status;
    }

    /**
     * Says whether the operation may have happened.
     *
     * @return {@link Outcome#NO_EFFECT} when it is certain that it did not and will not
     */
    public final Outcome outcome() {
        return outcome;
    }

    /**
     * Tells what came of the call in the end. Where a caller gave up (its deadline passed, or it was interrupted) with an
     * unknown outcome, the client goes on waiting for the server's answer, over lost connections too.
     *
     * @return completes, on a thread where it may block, with {@link Outcome#APPLIED} or {@link Outcome#NO_EFFECT} when the
     *     answer comes, or with {@link Outcome#UNKNOWN} when the session is lost or the client closed before; for all other
     *     failures it is complete with {@link #outcome()}. A lock that was granted too late is given back: NO_EFFECT
     */
    public final CompletionStage<Outcome> settled() {
        return later == null ? CompletableFuture.completedStage(outcome) : later;
    }

    /** The server refused the request; {@link #status()} says why. Repeat it only for {@link Status#BUSY} or {@link Status#NOT_READY}. */
    public static final class Refused extends NetMemException {
        private static final long serialVersionUID = 1L;

        /**
         * Creates the failure.
         *
         * @param status why; its own outcome holds
         * @param message with actual and expected values
         */
        public Refused(Status status, String message) {
            super(status, status.outcome(), message, null);
        }
    }

    /** The lock was lost before the call: its token is no longer the page's. Nothing was changed; lock again and look at the page. */
    public static final class LockLost extends NetMemException {
        private static final long serialVersionUID = 1L;

        /**
         * Creates the failure.
         *
         * @param message which lock, and how it was lost
         */
        public LockLost(String message) {
            super(Status.FENCED, Outcome.NO_EFFECT, message, null);
        }
    }

    /** This owner and others would wait for each other's locks for ever; its wait was ended. Give locks back, and try again. */
    public static final class Deadlocked extends NetMemException {
        private static final long serialVersionUID = 1L;

        /**
         * Creates the failure.
         *
         * @param message which lock
         */
        public Deadlocked(String message) {
            super(Status.DEADLOCK, Outcome.NO_EFFECT, message, null);
        }
    }

    /** The caller's deadline passed before the answer came. */
    public static final class DeadlinePassed extends NetMemException {
        private static final long serialVersionUID = 1L;

        /**
         * Creates the failure.
         *
         * @param outcome {@link Outcome#NO_EFFECT} for reads and for requests that were never sent
         * @param message operation, page, server and elapsed time
         */
        public DeadlinePassed(Outcome outcome, String message) {
            super(Status.TIMEOUT, outcome, message, null);
        }

        /**
         * Creates the failure of a call whose answer may still come.
         *
         * @param outcome what is known now
         * @param message operation, page, server and elapsed time
         * @param later what {@link #settled()} returns
         */
        public DeadlinePassed(Outcome outcome, String message, CompletionStage<Outcome> later) {
            super(Status.TIMEOUT, outcome, message, null, later);
        }
    }

    /** The calling thread was interrupted before the answer came; its interrupt flag is still set. */
    public static final class Interrupted extends NetMemException {
        private static final long serialVersionUID = 1L;

        /**
         * Creates the failure.
         *
         * @param outcome as for a deadline that passed
         * @param message operation, page and server
         */
        public Interrupted(Outcome outcome, String message) {
            super(Status.CANCELLED, outcome, message, null);
        }

        /**
         * Creates the failure of a call whose answer may still come.
         *
         * @param outcome what is known now
         * @param message operation, page and server
         * @param later what {@link #settled()} returns
         */
        public Interrupted(Outcome outcome, String message, CompletionStage<Outcome> later) {
            super(Status.CANCELLED, outcome, message, null, later);
        }
    }

    /** The client is closed, or there is no connection and the call was not to wait for one. */
    public static final class Disconnected extends NetMemException {
        private static final long serialVersionUID = 1L;

        /**
         * Creates the failure.
         *
         * @param outcome what is known of the call
         * @param message which server, since when
         * @param cause the error of the socket, where there was one
         */
        @SuppressWarnings("exports") // programs compile without the module of these annotations: ModulesTest
        public Disconnected(Outcome outcome, String message, @Nullable Throwable cause) {
            super(Status.NOT_READY, outcome, message, cause);
        }
    }

    /**
     * The client's session at the server is over; its locks are gone. Where the memory is the same ({@link
     * Status#SESSION_EXPIRED}), the client goes on with a new session. Where it was lost too ({@link
     * Status#INCARNATION_CHANGED}), each call fails until the program says that it knows, and the message names the ways.
     */
    public static final class SessionLost extends NetMemException {
        private static final long serialVersionUID = 1L;

        /**
         * Creates the failure.
         *
         * @param status {@link Status#SESSION_EXPIRED}, or {@link Status#INCARNATION_CHANGED} where the server's memory was lost too
         * @param outcome what is known of the call
         * @param message which session or incarnation
         */
        public SessionLost(Status status, Outcome outcome, String message) {
            super(status, outcome, message, null);
        }
    }

    /**
     * The heap of this program had no room for what the call brings. Other calls of the client are not affected; make room,
     * or ask for less at once, and try again.
     */
    public static final class HeapExhausted extends NetMemException {
        private static final long serialVersionUID = 1L;

        /**
         * Makes one.
         *
         * @param outcome whether the operation can have happened
         * @param message for people
         * @param cause what the virtual machine threw
         */
        public HeapExhausted(Outcome outcome, String message, Throwable cause) {
            super(Status.BUSY, outcome, message, cause);
        }
    }

    /** Server and client do not understand each other: no common version, or a frame that breaks a rule. */
    public static final class ProtocolBroken extends NetMemException {
        private static final long serialVersionUID = 1L;

        /**
         * Creates the failure.
         *
         * @param status {@link Status#BAD_FRAME} or {@link Status#UNSUPPORTED_VERSION}
         * @param outcome what is known of the call
         * @param message the rule, with actual and expected values
         */
        public ProtocolBroken(Status status, Outcome outcome, String message) {
            super(status, outcome, message, null);
        }
    }
}
