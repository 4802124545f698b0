package netmem.server.lock;

/**
 * Names a lock owner: a handle inside a session. Pure value.
 *
 * @param session the engine's key of the session
 * @param handle chosen by the client
 */
public record Owner(long session, long handle) {}
