package netmem.proof.history;

/**
 * A lock that a client believed to hold. A value.
 *
 * @param client number of the client
 * @param page index
 * @param mode exclusive or shared
 * @param token of the grant
 * @param grantedNanos when the client took the grant
 * @param heldUntilNanos when it began to give the lock back, or declared it lost by its own clock
 */
public record Grant(int client, long page, Mode mode, long token, long grantedNanos, long heldUntilNanos)
        implements Entry {
    /** How a page is locked. A value. */
    public enum Mode {
        EXCLUSIVE,
        SHARED
    }
}
