package netmem.server.lock;

/**
 * What somebody wants of a page. Pure value.
 *
 * @param page index
 * @param mode how
 */
public record Claim(long page, Mode mode) {
    /** How a page is held. */
    public enum Mode {
        /** Alone. */
        EXCLUSIVE,
        /** Beside other shared holders. */
        SHARED
    }
}
