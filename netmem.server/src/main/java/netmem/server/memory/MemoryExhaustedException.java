package netmem.server.memory;

/**
 * The host has no memory left for a page that is written for the first time. Nothing has changed; pages written before
 * go on as ever. Pure.
 */
public final class MemoryExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MemoryExhaustedException(String message, Throwable cause) {
        super(message, cause);
    }
}
