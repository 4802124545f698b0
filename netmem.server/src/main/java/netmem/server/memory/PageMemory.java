package netmem.server.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Pages of bytes, all zero at first, each with the version of its last committed change.
 *
 * <p>Shared: any number of readers on any threads, one writer at a time. Who writes holds the engine's monitor from the
 * first {@link #beginWrite} to the last {@link #endWrite}; readers hold nothing and never stop a writer.
 *
 * <p>All methods throw {@link IndexOutOfBoundsException} for a page or range outside of this memory, and
 * {@link IllegalStateException} after {@link #close}. No method leaves garbage.
 */
public sealed interface PageMemory extends AutoCloseable permits NativePages, HeapPages {
    /** The version of a page that was never written. */
    long VERSION_FIRST = 1;

    /** What {@link #read} returns in place of a version when writers kept it from a stable copy. */
    int CONTENDED = 0;

    /**
     * Native memory without a name. Its table is committed at once, each page by its first write.
     *
     * @throws IllegalArgumentException a count or length out of bounds
     * @throws IOException the host has not that much memory
     */
    static PageMemory anonymous(long pageCount, int pageLength, long incarnationHigh, long incarnationLow)
            throws IOException {
        return AnonymousArena.create(ArenaLayout.of(pageCount, pageLength), incarnationHigh, incarnationLow);
    }

    /**
     * Native memory without a name that the system is asked to hold in huge pages of 2 MiB. A first write takes memory for
     * so many bytes at once, and cannot be refused: where the host has none left, the system ends a process.
     *
     * @throws IllegalArgumentException a count or length out of bounds
     * @throws IOException the system gives no memory, or no huge pages
     */
    static PageMemory huge(long pageCount, int pageLength, long incarnationHigh, long incarnationLow)
            throws IOException {
        return AnonymousArena.huge(ArenaLayout.of(pageCount, pageLength), incarnationHigh, incarnationLow);
    }

    /**
     * Why {@link #huge} would not do here, if it would not: the system's setting, the JVM's, or too little memory.
     *
     * @param share the memory may be that part of what is available: 1 for all, 2 for a half
     */
    static Optional<String> hugeObstacle(long pageCount, int pageLength, int share) {
        return AnonymousArena.hugeObstacle(ArenaLayout.of(pageCount, pageLength), HostMemory.availableBytes() / share);
    }

    /**
     * Native memory that is a file, for other processes of the host to map read-only. An arena file of a server that
     * is gone is replaced by a new file under the same name: who still maps the old one keeps it. The file stays when
     * this memory is closed.
     *
     * @throws IllegalArgumentException a count or length out of bounds
     * @throws IOException the file is not an arena, belongs to a live server, or cannot be made
     */
    static PageMemory file(Path path, long pageCount, int pageLength, long incarnationHigh, long incarnationLow)
            throws IOException {
        return ArenaFile.create(path, ArenaLayout.of(pageCount, pageLength), incarnationHigh, incarnationLow);
    }

    /** The same behaviour on the Java heap, for tests and for tools that cannot see native memory. */
    static PageMemory heap(long pageCount, int pageLength) {
        return new HeapPages(ArenaLayout.of(pageCount, pageLength));
    }

    /**
     * Bytes that so many pages take, tables included.
     *
     * @throws IllegalArgumentException a count or length out of bounds
     */
    static long bytes(long pageCount, int pageLength) {
        return ArenaLayout.of(pageCount, pageLength).totalBytes();
    }

    long pageCount();

    int pageLength();

    /** How many pages were written since the start, as of some moment ago. */
    long pagesWritten();

    /** What kind of memory it is, for people. */
    String place();

    /** Bytes that this memory takes when all pages are touched, tables included. */
    long totalBytes();

    /**
     * Makes the system commit all pages, so that no first write can find that there is no memory. To be called before
     * the first write.
     *
     * @throws IOException there is not that much memory; nothing has changed
     */
    void commitAll() throws IOException;

    /**
     * The last committed version; while a write is under way, the version before it. Never blocks.
     *
     * <p>Outside of the writers' monitor this is a hint: between two {@link #endWrite} of one transaction it may show
     * the old version of a page after another page already showed its new one. To answer "unchanged" use
     * {@link #isCurrent}.
     */
    long version(long page);

    /**
     * Copies bytes [offset, offset + length) of a page to the target at its position and advances it.
     *
     * <p>Waits a bounded time for a write under way: some tens of pauses, then a few yields.
     *
     * @return the version of which all these bytes are, or {@link #CONTENDED} with the target's position unchanged
     *     (bytes behind it may be overwritten); repeat under the writers' monitor, where it always succeeds for a page
     *     that is not begun
     */
    long read(long page, int offset, int length, ByteBuffer target);

    /**
     * Whether the page has exactly this version and no write of it is under way.
     *
     * <p>A snapshot of several pages: {@link #read} each, then ask this for each. When all are current, all pages had
     * these versions together at the instant between the last read and the first question.
     */
    boolean isCurrent(long page, long version);

    /**
     * Opens a page for writing. A transaction begins all its pages before it ends any, so that no reader sees one new
     * page and then an old one.
     *
     * @throws IllegalStateException the page is begun already
     * @throws MemoryExhaustedException the host has no memory for this page's first write; nothing has changed
     */
    void beginWrite(long page);

    /**
     * Puts all remaining bytes of the source at this offset of a page that is begun; consumes the source.
     *
     * @throws IllegalStateException the page is not begun
     */
    void write(long page, int offset, ByteBuffer source);

    /**
     * Publishes the page under a version above its current one, normally the next. Also ends a write that changed
     * nothing.
     *
     * @throws IllegalStateException the page is not begun
     * @throws IllegalArgumentException the version is not above the current one
     */
    void endWrite(long page, long version);

    /**
     * Takes back {@link #beginWrite} of a page of which no byte was written since: it stays at its version.
     *
     * @throws IllegalStateException the page is not begun
     */
    void abandonWrite(long page);

    /** Gives the memory back. Readers that still run get IllegalStateException, no crash. Closing again does nothing. */
    @Override
    void close();
}
