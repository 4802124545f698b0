package netmem.api;

/** The answer to a compare-and-update: exactly one of done, or refused with the page as it is now. */
public sealed interface UpdateResult {
    /**
     * The page had the expected version and was changed.
     *
     * @param version the page's new version
     */
    record Updated(long version) implements UpdateResult {}

    /**
     * The page had another version; nothing was changed.
     *
     * @param current the page as it was when the server refused, so that a retry needs no further read
     */
    record Stale(Versioned current) implements UpdateResult {}
}
