package netmem.api.wire;

/**
 * A client's identity at the server: 128 random bits, chosen by the server. Whoever knows it can resume the session, so it is
 * never logged. Pure value.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record SessionId(long high, long low) {
    /** Asks for a new session. */
    public static final SessionId NONE = new SessionId(0, 0);

    /**
     * Tells whether this names a session.
     *
     * @return false for {@link #NONE}
     */
    public boolean isPresent() {
        return (high | low) != 0;
    }

    /** Returns the first 16 bits only: enough to tell sessions apart in a log, too little to resume one. */
    @Override
    public String toString() {
        return "%04x...".formatted(high >>> 48);
    }
}
