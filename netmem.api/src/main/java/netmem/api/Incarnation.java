package netmem.api;

/**
 * Names one life of a server's memory: a random 128-bit id, new each time that memory is created empty or restored.
 * Versions, tokens and sessions mean something only within one incarnation. Pure value.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record Incarnation(long high, long low) {
    /** The id that no server has: "none seen yet". */
    public static final Incarnation NONE = new Incarnation(0, 0);

    /**
     * Tells whether this is a real incarnation.
     *
     * @return false for {@link #NONE}
     */
    public boolean isKnown() {
        return (high | low) != 0;
    }

    /** Returns 32 hexadecimal digits. */
    @Override
    public String toString() {
        return "%016x%016x".formatted(high, low);
    }
}
