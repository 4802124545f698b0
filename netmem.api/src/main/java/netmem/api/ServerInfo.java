package netmem.api;

import java.util.Map;

/**
 * What a server says of itself.
 *
 * @param version the server's release
 * @param incarnation of its memory
 * @param pageCount number of pages, at least 1
 * @param pageLengthBytes length of each page, a multiple of 64
 * @param limits the server's limits by name, in the order of its table of limits; units are the last word of a name
 */
public record ServerInfo(
        String version, Incarnation incarnation, long pageCount, int pageLengthBytes, Map<String, Long> limits) {
    /** Keeps the limits read-only, in their order. */
    public ServerInfo {
        limits = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(limits));
    }
}
