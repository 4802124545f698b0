package netmem.proof.history;

/**
 * Something that a client found wrong by itself, like a torn page. A value.
 *
 * @param client number of the client
 * @param nanos when
 * @param text what
 */
public record Complaint(int client, long nanos, String text) implements Entry {}
