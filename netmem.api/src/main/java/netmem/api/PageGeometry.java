package netmem.api;

/**
 * How many pages a server holds and how long each is. Pure.
 *
 * @param pages number of pages, at least 1
 * @param pageLengthBytes length of every page in bytes: a multiple of 64 from 64 to 1 MiB
 */
public record PageGeometry(long pages, int pageLengthBytes) {
    /** Checks both bounds; {@link IllegalArgumentException} names the offending value. */
    public PageGeometry {
        if (pages < 1) {
            throw new IllegalArgumentException("pages: " + pages + " (expected: >= 1)");
        }
        if (pageLengthBytes < 64 || pageLengthBytes > 1 << 20 || pageLengthBytes % 64 != 0) {
            throw new IllegalArgumentException(
                    "pageLengthBytes: " + pageLengthBytes + " (expected: a multiple of 64 from 64 to 1048576)");
        }
    }
}
