package netmem.bench.load;

/**
 * A server to be driven and the pages used of it. Pure value.
 *
 * @param host name or address
 * @param port TCP port
 * @param pages how many of them, from page 0
 * @param pageLengthBytes a multiple of 64
 */
public record Target(String host, int port, int pages, int pageLengthBytes) {
    /** Refuses what no server has. */
    public Target {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
        if (pages < 2) {
            throw new IllegalArgumentException("pages: " + pages + " (expected: >= 2)");
        }
        if (pageLengthBytes < Operation.SMALL_BYTES || pageLengthBytes % Operation.SMALL_BYTES != 0) {
            throw new IllegalArgumentException("page length: " + pageLengthBytes + " (expected: a multiple of 64)");
        }
    }

    /** The second page of a transaction that begins with this one. */
    long partner(long page) {
        return page + 1 == pages ? 0 : page + 1;
    }
}
