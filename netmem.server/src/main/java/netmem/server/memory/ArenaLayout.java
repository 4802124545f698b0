package netmem.server.memory;

/**
 * Where everything is in an arena: header, record table, pages. Pure.
 *
 * <pre>
 * 0            4096 = table             table + 64 x pages          data = aligned to 4096
 * +------------+--------+--------+-----+--------------------------+--------+--------+-----
 * | header     | record | record | ... | up to 4095 bytes unused  | page 0 | page 1 | ...
 * +------------+--------+--------+-----+--------------------------+--------+--------+-----
 *
 * header, all in the byte order of the host            record of a page, 64 bytes
 *   0  magic            8                                0  version word   8
 *   8  layout version   4                                8  lock word      8  (reserved, 0)
 *  12  record length    4  (64)                         16  unused        48  (0)
 *  16  incarnation     16  (high half first)
 *  32  page count       8
 *  40  table offset     8                               version word: even = stable, odd = being written;
 *  48  data offset      8                               version = word / 2 + 1, so 0 is version 1, stable
 *  56  total length     8
 *  64  page length      4
 *  68  unused        4028  (0)
 * </pre>
 *
 * The format for other processes is {@code docs/arena-layout.md}; a change of it is a new layout version.
 */
final class ArenaLayout {
    /** The bytes "NetMem", a control-Z and a line feed, as a little-endian host reads them. */
    static final long MAGIC = 0x0A1A6D654D74654EL;

    static final int LAYOUT_VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int LAYOUT_VERSION_OFFSET = 8;
    static final int RECORD_LENGTH_OFFSET = 12;
    static final int INCARNATION_HIGH_OFFSET = 16;
    static final int INCARNATION_LOW_OFFSET = 24;
    static final int PAGE_COUNT_OFFSET = 32;
    static final int TABLE_OFFSET_OFFSET = 40;
    static final int DATA_OFFSET_OFFSET = 48;
    static final int TOTAL_BYTES_OFFSET = 56;
    static final int PAGE_LENGTH_OFFSET = 64;

    static final int HEADER_LENGTH = 4096;
    static final int TABLE_OFFSET = HEADER_LENGTH;
    static final int RECORD_LENGTH = 64;
    static final int DATA_ALIGNMENT = 4096;

    static final int PAGE_LENGTH_UNIT = 64;
    static final int PAGE_LENGTH_MIN = 64;
    static final int PAGE_LENGTH_MAX = 1 << 20;

    private final long pageCount;
    private final int pageLength;
    private final long dataOffset;

    private ArenaLayout(long pageCount, int pageLength) {
        this.pageCount = pageCount;
        this.pageLength = pageLength;
        this.dataOffset = alignUp(TABLE_OFFSET + pageCount * RECORD_LENGTH);
    }

    /** The layout for that many pages. IllegalArgumentException names the value and its bound. */
    static ArenaLayout of(long pageCount, int pageLength) {
        if (pageLength < PAGE_LENGTH_MIN || pageLength > PAGE_LENGTH_MAX || pageLength % PAGE_LENGTH_UNIT != 0) {
            throw new IllegalArgumentException("page length: " + pageLength + " (expected: a multiple of "
                    + PAGE_LENGTH_UNIT + " from " + PAGE_LENGTH_MIN + " to " + PAGE_LENGTH_MAX + ")");
        }
        long pageCountMax = pageCountMax(pageLength);
        if (pageCount < 1 || pageCount > pageCountMax) {
            throw new IllegalArgumentException(
                    "page count: " + pageCount + " (expected: 1 to " + pageCountMax + ") page length=" + pageLength);
        }
        return new ArenaLayout(pageCount, pageLength);
    }

    /** The largest count whose offsets all fit a long. What the host can hold is far less. */
    private static long pageCountMax(int pageLength) {
        return (Long.MAX_VALUE - TABLE_OFFSET - DATA_ALIGNMENT) / (RECORD_LENGTH + pageLength);
    }

    private static long alignUp(long offset) {
        return (offset + DATA_ALIGNMENT - 1) & -DATA_ALIGNMENT;
    }

    long pageCount() {
        return pageCount;
    }

    int pageLength() {
        return pageLength;
    }

    long dataOffset() {
        return dataOffset;
    }

    long totalBytes() {
        return dataOffset + pageCount * pageLength;
    }

    /** Where a page's version word is. The page is not checked. */
    static long versionOffset(long page) {
        return TABLE_OFFSET + page * RECORD_LENGTH;
    }

    /** Where a page's bytes begin. The page is not checked. */
    long pageOffset(long page) {
        return dataOffset + page * pageLength;
    }

    /** The page itself, when there is such a page. */
    long checkPage(long page) {
        if (page < 0 || page >= pageCount) {
            throw new IndexOutOfBoundsException("page: " + page + " (expected: 0 to " + (pageCount - 1) + ")");
        }
        return page;
    }

    /** Returns when [offset, offset + length) lies inside a page. */
    void checkRange(long page, int offset, int length) {
        if (offset < 0 || length < 0 || offset > pageLength - length) {
            throw new IndexOutOfBoundsException("range: offset " + offset + " length " + length + " (expected: inside "
                    + pageLength + " bytes) page=" + page);
        }
    }

    @Override
    public String toString() {
        return pageCount + " pages of " + pageLength + " bytes, " + totalBytes() + " bytes in all";
    }
}
