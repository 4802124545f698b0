package netmem.server.memory;

import java.nio.ByteBuffer;

/**
 * Pages in arrays of the Java heap, the twin of {@link NativePages} for tests: same rules, same sequence lock, bytes
 * copied one by one so that a checker of interleavings can stop between any two. Shared.
 */
final class HeapPages implements PageMemory {
    private final ArenaLayout layout;
    private final VersionWords words;
    private final byte[][] pages;
    private volatile boolean closed;

    HeapPages(ArenaLayout layout) {
        this(layout, new VersionWords.OnHeap(pageCountOnHeap(layout)));
    }

    /** For tests that weaken the words. */
    HeapPages(ArenaLayout layout, VersionWords words) {
        this.layout = layout;
        this.words = words;
        this.pages = new byte[pageCountOnHeap(layout)][layout.pageLength()];
    }

    private static int pageCountOnHeap(ArenaLayout layout) {
        if (layout.pageCount() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "page count: " + layout.pageCount() + " (expected: <= " + Integer.MAX_VALUE + " on the heap)");
        }
        return (int) layout.pageCount();
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
    public long pagesWritten() {
        return words.written();
    }

    @Override
    public String place() {
        return "the heap";
    }

    @Override
    public long totalBytes() {
        return layout.totalBytes();
    }

    @Override
    public long version(long page) {
        return words.committed(checkOpen(page));
    }

    @Override
    public boolean isCurrent(long page, long version) {
        return words.isCurrent(checkOpen(page), version);
    }

    @Override
    public long read(long page, int offset, int length, ByteBuffer target) {
        layout.checkPage(page);
        layout.checkRange(page, offset, length);
        int position = StableReads.checkRoom(target, length);
        for (int tries = 0; tries < StableReads.TRIES_MAX; tries++) {
            long word = words.beginRead(checkOpen(page));
            if (VersionWords.isStable(word)) {
                copyOut(pages[(int) page], offset, length, target, position);
                if (words.validate(page, word)) {
                    target.position(position + length);
                    return VersionWords.versionOf(word);
                }
            }
            StableReads.pause(tries);
        }
        return CONTENDED;
    }

    private static void copyOut(byte[] bytes, int offset, int length, ByteBuffer target, int position) {
        for (int i = 0; i < length; i++) {
            target.put(position + i, bytes[offset + i]);
        }
    }

    /** It is there from the start. */
    @Override
    public void commitAll() {}

    @Override
    public void beginWrite(long page) {
        words.beginWrite(checkOpen(page));
    }

    @Override
    public void write(long page, int offset, ByteBuffer source) {
        layout.checkPage(page);
        layout.checkRange(page, offset, source.remaining());
        words.checkBegun(checkOpen(page));
        byte[] bytes = pages[(int) page];
        for (int i = offset; source.hasRemaining(); i++) {
            bytes[i] = source.get();
        }
    }

    @Override
    public void endWrite(long page, long version) {
        words.endWrite(checkOpen(page), version);
    }

    @Override
    public void abandonWrite(long page) {
        words.abandonWrite(checkOpen(page));
    }

    private long checkOpen(long page) {
        if (closed) {
            throw new IllegalStateException("Already closed");
        }
        return layout.checkPage(page);
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return layout + ", on the heap";
    }
}
