package netmem.proof.history;

/**
 * From now on a client is told of a page's changes. A value.
 *
 * @param client number of the client
 * @param page index
 * @param version the page's version when, or after, the watch began: newer ones must be told
 * @param nanos when the watch was known to stand
 */
public record Watched(int client, long page, long version, long nanos) implements Entry {}
