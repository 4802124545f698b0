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
                "range: " + FailureText.number(Integer.toUnsignedLong(offset)) + " + "
                        + FailureText.number(Integer.toUnsignedLong(length))
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

    /**
     * Puts the ranges' bytes into the page at one instant, publishes it under this version, and notes the change.
     * Consumes the data.
     *
     * @throws RuntimeException for a fault, or an Error; the page is as it was or, where its first byte may have been
     *     written, changed whole. Only where that fails again it stays begun, and nobody can read or write it any more
     */
    static void apply(PageMemory pages, Changes changes, long page, Ranges ranges, ByteBuffer data, long version) {
        int start = data.position();
        int end = data.limit();
        begin(pages, page);
        try {
            changes.add(page);
            put(pages, page, ranges, data);
            pages.endWrite(page, version);
        } catch (RuntimeException | Error fault) {
            if (isBegun(pages, page)) {
                put(pages, page, ranges, data.limit(end).position(start));
                pages.endWrite(page, version);
            }
            throw fault;
        }
    }

    private static void put(PageMemory pages, long page, Ranges ranges, ByteBuffer data) {
        int end = data.limit();
        for (int i = 0; i < ranges.count(); i++) {
            data.limit(data.position() + ranges.length(i));
            pages.write(page, ranges.offset(i), data);
            data.limit(end);
        }
    }

    /** The same for one range of a page of which nobody is to be told. */
    static void apply(PageMemory pages, long page, int offset, ByteBuffer data, long version) {
        int start = data.position();
        begin(pages, page);
        try {
            pages.write(page, offset, data);
            pages.endWrite(page, version);
        } catch (RuntimeException | Error fault) {
            if (isBegun(pages, page)) {
                pages.write(page, offset, data.position(start));
                pages.endWrite(page, version);
            }
            throw fault;
        }
    }

    /** Begins a page, or leaves it as it was. */
    static void begin(PageMemory pages, long page) {
        try {
            pages.beginWrite(page);
        } catch (IllegalStateException | MemoryExhaustedException notBegun) {
            throw notBegun;
        } catch (RuntimeException | Error fault) {
            if (isBegun(pages, page)) {
                pages.abandonWrite(page);
            }
            throw fault;
        }
    }

    /** Whether a write of the page is under way. */
    static boolean isBegun(PageMemory pages, long page) {
        return !pages.isCurrent(page, pages.version(page));
    }

    /** Copies ranges of a page, of one version, since nobody writes while the monitor is held. */
    static ByteBuffer copy(PageMemory pages, long page, Ranges ranges) {
        ByteBuffer copy = ByteBuffer.allocate((int) ranges.totalBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < ranges.count(); i++) {
            if (pages.read(page, ranges.offset(i), ranges.length(i), copy) == PageMemory.CONTENDED) {
                throw new IllegalStateException("page " + page + " has a write that could not be ended");
            }
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
