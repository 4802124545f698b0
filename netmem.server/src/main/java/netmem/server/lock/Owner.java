package netmem.server.lock;

/**
 * Names a lock owner: a handle inside a session. Pure value.
 *
 * @param session the engine's key of the session
 * @param handle chosen by the client
 */
public record Owner(long session, long handle) {
    /** The owner of requests that take a page only for an instant: it never holds anything. */
    public static final Owner NOBODY = new Owner(0, 0);
}
