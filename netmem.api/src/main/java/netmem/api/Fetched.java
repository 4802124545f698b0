package netmem.api;

/**
 * What an atomic operation on a word brought.
 *
 * @param old the word before it
 * @param version the page's version after it
 */
public record Fetched(long old, long version) {}
