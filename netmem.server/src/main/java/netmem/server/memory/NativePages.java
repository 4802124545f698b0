package netmem.server.memory;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Pages in one native segment laid out by {@link ArenaLayout}, which lives as long as this memory. Shared: see
 * {@link PageMemory} and the note in {@link VersionWords}.
 */
final class NativePages implements PageMemory {
    private final ArenaBacking backing;
    private final ArenaLayout layout;
    private final VersionWords words;
    private final PageBytes bytes;

    NativePages(ArenaBacking backing, ArenaLayout layout) {
        this(backing, layout, new VersionWords.InArena(backing.segment()));
    }

    /** For tests that weaken the words. */
    NativePages(ArenaBacking backing, ArenaLayout layout, VersionWords words) {
        this.backing = backing;
        this.bytes = new PageBytes(backing.segment(), layout);
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
    public long pagesWritten() {
        return words.written();
    }

    @Override
    public String place() {
        return backing.toString();
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
                copyOut(word, page, offset, length, target, position);
                if (words.validate(page, word)) {
                    target.position(position + length);
                    return VersionWords.versionOf(word);
                }
            }
            StableReads.pause(tries);
        }
        return CONTENDED;
    }

    private void copyOut(long word, long page, int offset, int length, ByteBuffer target, int position) {
        if (VersionWords.isUntouchedWord(word)) {
            PageBytes.zeroOut(length, target, position);
        } else {
            bytes.copyOut(page, offset, length, target, position);
        }
    }

    @Override
    public void beginWrite(long page) {
        if (words.isUntouched(layout.checkPage(page))) {
            commit(page);
        }
        words.beginWrite(page);
    }

    /** Once a page, so that no later store of a writer can fail. */
    private void commit(long page) {
        try {
            backing.commit(layout.pageOffset(page), layout.pageLength());
        } catch (IOException noRoom) {
            throw new MemoryExhaustedException("memory for page: none left on " + backing + " page=" + page, noRoom);
        }
    }

    @Override
    public void commitAll() throws IOException {
        backing.commit(layout.dataOffset(), layout.totalBytes() - layout.dataOffset());
    }

    @Override
    public void write(long page, int offset, ByteBuffer source) {
        layout.checkPage(page);
        layout.checkRange(page, offset, source.remaining());
        words.checkBegun(page);
        bytes.copyIn(page, offset, source);
        source.position(source.limit());
    }

    @Override
    public void endWrite(long page, long version) {
        words.endWrite(layout.checkPage(page), version);
    }

    @Override
    public void abandonWrite(long page) {
        words.abandonWrite(layout.checkPage(page));
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
