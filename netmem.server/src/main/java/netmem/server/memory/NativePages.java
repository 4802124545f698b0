package netmem.server.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * Pages in one native segment laid out by {@link ArenaLayout}, which lives as long as this memory. Shared: see
 * {@link PageMemory} and the note in {@link VersionWords}.
 */
final class NativePages implements PageMemory {
    private final ArenaBacking backing;
    private final MemorySegment segment;
    private final ArenaLayout layout;
    private final VersionWords words;

    NativePages(ArenaBacking backing, ArenaLayout layout) {
        this(backing, layout, new VersionWords.InArena(backing.segment()));
    }

    /** For tests that weaken the words. */
    NativePages(ArenaBacking backing, ArenaLayout layout, VersionWords words) {
        this.backing = backing;
        this.segment = backing.segment();
        this.layout = layout;
        this.words = words;
    }

    @Override
    public long pageCount() {
        return layout.pageCount();
    }

    @Override
    public int pageLength() {
        return layout.pageLength();
    }

    @Override
    public long totalBytes() {
        return layout.totalBytes();
    }

    @Override
    public long version(long page) {
        return words.committed(layout.checkPage(page));
    }

    @Override
    public boolean isCurrent(long page, long version) {
        return words.isCurrent(layout.checkPage(page), version);
    }

    @Override
    public long read(long page, int offset, int length, ByteBuffer target) {
        layout.checkPage(page);
        layout.checkRange(page, offset, length);
        int position = StableReads.checkRoom(target, length);
        for (int tries = 0; tries < StableReads.TRIES_MAX; tries++) {
            long word = words.beginRead(page);
            if (VersionWords.isStable(word)) {
                copyOut(layout.pageOffset(page) + offset, length, target, position);
                if (words.validate(page, word)) {
                    target.position(position + length);
                    return VersionWords.versionOf(word);
                }
            }
            StableReads.pause(tries);
        }
        return CONTENDED;
    }

    /* Two ways, both measured free of garbage: the array form has no buffer object at all, and the view of the other
     * is removed by escape analysis. */
    private void copyOut(long from, int length, ByteBuffer target, int position) {
        if (target.hasArray()) {
            MemorySegment.copy(
                    segment, ValueLayout.JAVA_BYTE, from, target.array(), target.arrayOffset() + position, length);
        } else {
            target.put(position, segment.asSlice(from, length).asByteBuffer(), 0, length);
        }
    }

    @Override
    public void beginWrite(long page) {
        words.beginWrite(layout.checkPage(page));
    }

    @Override
    public void write(long page, int offset, ByteBuffer source) {
        layout.checkPage(page);
        layout.checkRange(page, offset, source.remaining());
        words.checkBegun(page);
        copyIn(source, layout.pageOffset(page) + offset);
        source.position(source.limit());
    }

    private void copyIn(ByteBuffer source, long to) {
        int length = source.remaining();
        if (source.hasArray()) {
            int from = source.arrayOffset() + source.position();
            MemorySegment.copy(source.array(), from, segment, ValueLayout.JAVA_BYTE, to, length);
        } else {
            segment.asSlice(to, length).asByteBuffer().put(0, source, source.position(), length);
        }
    }

    @Override
    public void endWrite(long page, long version) {
        words.endWrite(layout.checkPage(page), version);
    }

    @Override
    public void close() {
        backing.close();
    }

    @Override
    public String toString() {
        return layout + ", " + backing;
    }
}
