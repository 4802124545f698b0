package netmem.server.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import netmem.api.Status;
import netmem.api.wire.FailureText;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.server.memory.MemoryExhaustedException;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;

/** Changes and copies of pages under the engine's monitor, and the checks before them. Confined to the monitor. */
final class PageChange {
    static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);

    private PageChange() {}

    /** Says what is wrong with the page or the ranges; null when all is well. */
    static Reply.@Nullable Failed refusal(PageMemory pages, long page, Ranges ranges) {
        if (page < 0 || page >= pages.pageCount()) {
            return new Reply.Failed(
                    Status.NO_SUCH_PAGE, page, pages.pageCount(), FailureText.of("page", page, "<", pages.pageCount()));
        }
        int bad = ranges.firstOutside(pages.pageLength());
        return bad < 0 ? null : badRange(pages, page, ranges.offset(bad), ranges.length(bad));
    }

    /** Whether there is such a page and the range, which may be empty, lies in it. */
    static boolean isWithin(PageMemory pages, long page, int offset, int length) {
        return page >= 0
                && page < pages.pageCount()
                && offset >= 0
                && length >= 0
                && offset <= pages.pageLength() - length;
    }

    static Reply.Failed badRange(PageMemory pages, long page, int offset, int length) {
        return new Reply.Failed(
                Status.BAD_RANGE,
                Integer.toUnsignedLong(offset) + Integer.toUnsignedLong(length),
                pages.pageLength(),
                "range: " + Integer.toUnsignedString(offset) + " + " + Integer.toUnsignedString(length)
                        + " (expected: at least 1 byte, ending at or before " + pages.pageLength() + ") page=" + page);
    }

    /** Says what is wrong with a word's page or place; null when all is well. */
    static Reply.@Nullable Failed refusal(PageMemory pages, long page, int wordOffset) {
        Reply.Failed wrong = refusal(pages, page, Ranges.of(wordOffset, Long.BYTES));
        return wrong != null || wordOffset % Long.BYTES == 0
                ? wrong
                : new Reply.Failed(
                        Status.BAD_RANGE,
                        wordOffset,
                        wordOffset & -Long.BYTES,
                        "offset: " + wordOffset + " (expected: a multiple of " + Long.BYTES + ") page=" + page);
    }

    /** The host has no memory for a page's first write; nothing has changed. */
    static Reply.Failed exhausted(MemoryExhaustedException e) {
        return new Reply.Failed(Status.BUSY, 0, 0, String.valueOf(e.getMessage()));
    }

    /** Puts the ranges' bytes into the page at one instant and publishes it under this version. Consumes the data. */
    static void apply(PageMemory pages, long page, Ranges ranges, ByteBuffer data, long version) {
        int end = data.limit();
        pages.beginWrite(page);
        for (int i = 0; i < ranges.count(); i++) {
            data.limit(data.position() + ranges.length(i));
            pages.write(page, ranges.offset(i), data);
            data.limit(end);
        }
        pages.endWrite(page, version);
    }

    /** The same for one range. */
    static void apply(PageMemory pages, long page, int offset, ByteBuffer data, long version) {
        pages.beginWrite(page);
        pages.write(page, offset, data);
        pages.endWrite(page, version);
    }

    /** Copies ranges of a page, of one version, since nobody writes while the monitor is held. */
    static ByteBuffer copy(PageMemory pages, long page, Ranges ranges) {
        ByteBuffer copy = ByteBuffer.allocate((int) ranges.totalBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < ranges.count(); i++) {
            pages.read(page, ranges.offset(i), ranges.length(i), copy);
        }
        return copy.flip();
    }

    static ByteBuffer whole(PageMemory pages, long page) {
        return copy(pages, page, Ranges.of(0, pages.pageLength()));
    }

    static ByteBuffer copyOf(ByteBuffer data) {
        ByteBuffer copy = ByteBuffer.allocate(data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(data.duplicate());
        return copy.flip();
    }
}
