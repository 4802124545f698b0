package netmem.proof.history;

/**
 * A client was told of a page's version by its watch. A value.
 *
 * @param client number of the client
 * @param page index
 * @param version told
 * @param nanos when
 */
public record Notified(int client, long page, long version, long nanos) implements Entry {}
