package netmem.api.wire;

import netmem.api.Status;

/** A frame, or a body, breaks a rule of the protocol; carries what the error frame says of it. Immutable, without a stack trace. */
public final class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What to answer. */
    private final Status status;

    /** The value found. */
    private final long actual;

    /** The bound or value that the rule asks for. */
    private final long expected;

    private MalformedFrameException(Status status, String message, long actual, long expected) {
        super(message, null, false, false);
        this.status = status;
        this.actual = actual;
        this.expected = expected;
    }

    /**
     * Describes a broken rule.
     *
     * @param what the field
     * @param actual the value found
     * @param expected the bound
     * @param relation how the value should stand to the bound, such as {@code <=}; empty for equality
     * @return the exception, with status {@link Status#BAD_FRAME}
     */
    public static MalformedFrameException of(String what, long actual, long expected, String relation) {
        return new MalformedFrameException(
                Status.BAD_FRAME, FailureText.of(what, actual, relation, expected), actual, expected);
    }

    /**
     * Describes a value above a limit.
     *
     * @param what the field
     * @param actual the value found
     * @param limit the largest value allowed
     * @return the exception, with status {@link Status#TOO_LARGE}
     */
    public static MalformedFrameException tooLarge(String what, long actual, long limit) {
        return new MalformedFrameException(Status.TOO_LARGE, FailureText.of(what, actual, "<=", limit), actual, limit);
    }

    /**
     * Describes an operation code or a version that is not known.
     *
     * @param status {@link Status#UNKNOWN_OPERATION} or {@link Status#UNSUPPORTED_VERSION}
     * @param what the field
     * @param actual the value found
     * @param expected the nearest value that is known
     * @return the exception
     */
    public static MalformedFrameException unknown(Status status, String what, long actual, long expected) {
        return new MalformedFrameException(
                status, what + ": " + FailureText.number(actual) + " (expected: a known one)", actual, expected);
    }

    /**
     * Returns the status to answer with.
     *
     * @return never OK
     */
    public Status status() {
        return status;
    }

    /**
     * Returns the offending value.
     *
     * @return as read
     */
    public long actual() {
        return actual;
    }

    /**
     * Returns the bound.
     *
     * @return the bound or value that was expected
     */
    public long expected() {
        return expected;
    }
}
