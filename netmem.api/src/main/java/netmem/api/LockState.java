package netmem.api;

/**
 * Who holds a page and how many wait, at one instant.
 *
 * @param page index
 * @param mode how it is held
 * @param holders number of holders
 * @param waiters number of requests that wait for the page: locks, and changes of pages that somebody holds
 * @param token of the oldest holder, 0 when free
 * @param ageMillis since its grant
 * @param holderName name of its client, as {@code NetMemBuilder.name} gave it; empty when free
 */
public record LockState(long page, Mode mode, int holders, int waiters, long token, long ageMillis, String holderName) {
    /** How a page is held. */
    public enum Mode {
        /** By nobody. */
        FREE,
        /** By one owner alone. */
        EXCLUSIVE,
        /** By any number of owners beside one another. */
        SHARED
    }
}
