package netmem.api;

import java.util.Optional;

/**
 * The answer of the server to one request, as a code on the wire. Codes are never reused; {@code docs/protocol/status-codes.md}
 * has one entry for each. Pure.
 */
public enum Status {
    /** Done. */
    OK(0, Outcome.NO_EFFECT),
    /** The caller's copy is current; no bytes are sent. */
    NOT_MODIFIED(1, Outcome.NO_EFFECT),
    /** The page's version is not the one that the request asked for; nothing was changed. */
    CONDITION_FAILED(2, Outcome.NO_EFFECT),
    /** Another handle holds the page, and the request did not want to wait. */
    LOCKED(3, Outcome.NO_EFFECT),
    /** The wait limit of the request passed before its turn came; it will not be granted later. */
    TIMEOUT(4, Outcome.NO_EFFECT),
    /** The lock token of the request is not the page's current one: the lock was lost; nothing was changed. */
    FENCED(5, Outcome.NO_EFFECT),
    /** Waiting for this lock would close a cycle. */
    DEADLOCK(6, Outcome.NO_EFFECT),
    /** The request was waiting and was cancelled by its own session. */
    CANCELLED(7, Outcome.NO_EFFECT),
    /** This handle holds the page already. */
    ALREADY_LOCKED(8, Outcome.NO_EFFECT),

    /** A limit on the number of things (waiters, locks, sessions, connections) is reached; try again later. */
    BUSY(16, Outcome.NO_EFFECT),
    /** The request, or the reply that it asks for, is larger than the server's limit. */
    TOO_LARGE(17, Outcome.NO_EFFECT),
    /** The page index is not below the number of pages. */
    NO_SUCH_PAGE(18, Outcome.NO_EFFECT),
    /** A byte range does not lie within the page. */
    BAD_RANGE(19, Outcome.NO_EFFECT),
    /** The frame breaks a rule of the protocol. */
    BAD_FRAME(20, Outcome.NO_EFFECT),
    /** This server does not know the operation code. */
    UNKNOWN_OPERATION(21, Outcome.NO_EFFECT),
    /** Client and server share no version of the protocol. */
    UNSUPPORTED_VERSION(22, Outcome.NO_EFFECT),
    /** The request id is older than the newest of its slot. */
    STALE_REQUEST(23, Outcome.UNKNOWN),

    /** The greeting did not carry the credentials that this server asks for. */
    DENIED(32, Outcome.NO_EFFECT),
    /** The session's lease was over, or the server never knew it: its locks are gone. */
    SESSION_EXPIRED(33, Outcome.NO_EFFECT),
    /** The server's memory is not the one that the client knew. */
    INCARNATION_CHANGED(34, Outcome.NO_EFFECT),
    /** The server is starting or stopping. */
    NOT_READY(35, Outcome.NO_EFFECT),
    /** Another node leads (reserved for replicated servers). */
    NOT_LEADER(36, Outcome.NO_EFFECT),
    /** Another group of nodes has this page (reserved for replicated servers). */
    WRONG_GROUP(37, Outcome.NO_EFFECT),

    /** The server failed at its own fault; its log says how. */
    INTERNAL(48, Outcome.UNKNOWN);

    private static final Status[] BY_CODE = new Status[64];

    static {
        for (Status status : values()) {
            BY_CODE[status.code] = status;
        }
    }

    private final int code;
    private final Outcome outcome;

    Status(int code, Outcome outcome) {
        this.code = code;
        this.outcome = outcome;
    }

    /**
     * Returns the code on the wire.
     *
     * @return 0 to 63
     */
    public int code() {
        return code;
    }

    /**
     * Says what a request that ended with this status, and is not {@link #OK}, has done.
     *
     * @return the outcome; for {@link #OK} it has no meaning
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * Finds a status by its code.
     *
     * @param code as read from a frame
     * @return empty for a code that this version does not know
     */
    public static Optional<Status> ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? Optional.ofNullable(BY_CODE[code]) : Optional.empty();
    }
}
