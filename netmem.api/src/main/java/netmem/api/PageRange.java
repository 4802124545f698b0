package netmem.api;

/**
 * A range of bytes within a page.
 *
 * @param offset first byte, 0 to page length - 1
 * @param length number of bytes, at least 1
 */
public record PageRange(int offset, int length) {
    /** Refuses negative offsets, empty ranges, and ends beyond 2^31 - 1. */
    public PageRange {
        if (offset < 0) {
            throw new IllegalArgumentException("offset: " + offset + " (expected: >= 0)");
        }
        if (length < 1 || length > Integer.MAX_VALUE - offset) {
            throw new IllegalArgumentException(
                    "length: " + length + " (expected: 1 to " + (Integer.MAX_VALUE - offset) + ") offset=" + offset);
        }
    }

    /**
     * Returns the first byte after the range.
     *
     * @return offset + length
     */
    public int end() {
        return offset + length;
    }
}
