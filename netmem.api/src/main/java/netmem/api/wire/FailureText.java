package netmem.api.wire;

/**
 * The one place that prints numbers of the protocol for people. All of them are unsigned on the wire, and so they are
 * here. Pure.
 */
public final class FailureText {
    private FailureText() {}

    /**
     * Prints a number of the wire.
     *
     * @param value any 64 bits
     * @return them as an unsigned number, 0 to 2^64 - 1
     */
    public static String number(long value) {
        return Long.toUnsignedString(value);
    }

    /**
     * Says what was found and what should have been there.
     *
     * @param what the field
     * @param actual the value found, unsigned
     * @param relation how the value should stand to the bound, such as {@code <=}; empty for equality
     * @param expected the bound, unsigned
     * @return {@code what: actual (expected: relation bound)}
     */
    public static String of(String what, long actual, String relation, long expected) {
        String bound = (relation.isEmpty() ? "" : relation + " ") + number(expected);
        return what + ": " + number(actual) + " (expected: " + bound + ")";
    }
}
