package netmem.server.memory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The bytes of all pages of an arena, to copy from and to buffers of any kind. Shared: holds no position; what is copied
 * while it changes is for {@link VersionWords} to judge.
 *
 * <p>A buffer spans at most 2 GiB, so there is a view for each GiB of pages, which also reaches over the page that
 * begins in its last bytes. Views are made once: a copy then needs no object, whatever the compiler makes of it.
 */
final class PageBytes {
    private static final int VIEW_SHIFT = 30;
    private static final long VIEW_LENGTH = 1L << VIEW_SHIFT;
    private static final long VIEW_REACH = VIEW_LENGTH + ArenaLayout.PAGE_LENGTH_MAX;

    private static final ByteBuffer ZEROS = ByteBuffer.allocate(4096);

    private final int pageLength;
    private final ByteBuffer[] views;

    PageBytes(MemorySegment arena, ArenaLayout layout) {
        this.pageLength = layout.pageLength();
        MemorySegment pages = arena.asSlice(layout.dataOffset());
        int viewCount = Math.toIntExact((pages.byteSize() + VIEW_LENGTH - 1) >>> VIEW_SHIFT);
        this.views = new ByteBuffer[viewCount];
        for (int i = 0; i < viewCount; i++) {
            long from = (long) i << VIEW_SHIFT;
            views[i] = pages.asSlice(from, Math.min(VIEW_REACH, pages.byteSize() - from))
                    .asByteBuffer();
        }
    }

    /** Copies a checked range to a checked place of the target. */
    void copyOut(long page, int offset, int length, ByteBuffer target, int position) {
        long from = page * pageLength + offset;
        target.put(position, view(from), indexInView(from), length);
    }

    /**
     * Copies zeros, for a page that was never written. To read such a page would commit memory for it, and a reader who
     * looks through a large arena would fill the host.
     */
    static void zeroOut(int length, ByteBuffer target, int position) {
        for (int done = 0; done < length; done += ZEROS.capacity()) {
            target.put(position + done, ZEROS, 0, Math.min(ZEROS.capacity(), length - done));
        }
    }

    /** Copies all remaining bytes of the source to a checked range, and leaves the source's position. */
    void copyIn(long page, int offset, ByteBuffer source) {
        long to = page * pageLength + offset;
        view(to).put(indexInView(to), source, source.position(), source.remaining());
    }

    private ByteBuffer view(long at) {
        return views[(int) (at >>> VIEW_SHIFT)];
    }

    private static int indexInView(long at) {
        return (int) (at & (VIEW_LENGTH - 1));
    }
}
