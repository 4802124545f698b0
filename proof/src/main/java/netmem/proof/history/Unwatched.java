package netmem.proof.history;

/**
 * The connection under a watch was lost, or the watch ended: replies are not ordered by it until the next {@link Watched}.
 * A value.
 *
 * @param client number of the client
 * @param page index
 * @param nanos when
 */
public record Unwatched(int client, long page, long nanos) implements Entry {}
