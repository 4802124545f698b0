package netmem.api;

/** The answer to a compare-and-set of a word: exactly one of done, or refused with the word as it is now. */
public sealed interface WordResult {
    /**
     * The word had the expected value and was replaced.
     *
     * @param version the page's new version
     */
    record Set(long version) implements WordResult {}

    /**
     * The word had another value; nothing was changed.
     *
     * @param version the page's version when the server refused
     * @param actual the word at that version
     */
    record Differs(long version, long actual) implements WordResult {}
}
