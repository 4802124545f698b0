package netmem.server.memory;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;

/**
 * The memory an arena lives in, and what is held as long as it lives. Shared: one segment for life, closed once.
 */
final class ArenaBacking implements AutoCloseable {
    /** For memory that nothing goes with. */
    static final Closeable NOTHING = () -> {};

    private static final byte[] ZEROS = new byte[64 << 10];

    private final String name;
    private final Arena arena;
    private final MemorySegment segment;
    private final Closeable held;

    private final Commit commit;

    private ArenaBacking(String name, Arena arena, MemorySegment segment, Closeable held, Commit commit) {
        this.name = name;
        this.arena = arena;
        this.segment = segment;
        this.held = held;
        this.commit = commit;
    }

    /** How the system is made to give memory for a range that holds nothing but zeros yet. Only the writer does it. */
    private interface Commit {
        void range(long offset, long lengthBytes) throws IOException;
    }

    /**
     * Maps the first bytes of a file, which grows to them, and commits header and record table, which are read and
     * written all the time; pages are committed one by one. Closes what is held last.
     */
    static ArenaBacking mapped(String name, RandomAccessFile file, ArenaLayout layout, Closeable held)
            throws IOException {
        Arena arena = open();
        try {
            MemorySegment segment =
                    file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, layout.totalBytes(), arena);
            ArenaBacking backing = new ArenaBacking(
                    name, arena, segment, held, (offset, lengthBytes) -> writeZeros(file, offset, lengthBytes));
            backing.commitTable(layout);
            return backing;
        } catch (IOException | RuntimeException | Error failed) {
            arena.close();
            throw failed;
        }
    }

    /** Memory from the system's allocator: zero-filled at once, so slow to start and resident from the start. */
    static ArenaBacking allocated(long lengthBytes) {
        Arena arena = open();
        try {
            MemorySegment segment = arena.allocate(lengthBytes, ArenaLayout.DATA_ALIGNMENT);
            return new ArenaBacking("allocated memory", arena, segment, NOTHING, (_, _) -> {});
        } catch (RuntimeException | Error failed) {
            arena.close();
            throw failed;
        }
    }

    /** Memory of the process in huge pages, whose header and record table are committed; a store commits the rest. */
    static ArenaBacking huge(ArenaLayout layout) throws IOException {
        Arena arena = open();
        try {
            MemorySegment segment = HugePages.allocate(layout.totalBytes(), arena);
            ArenaBacking backing = new ArenaBacking(
                    "memory of the process in huge pages",
                    arena,
                    segment,
                    NOTHING,
                    (offset, lengthBytes) ->
                            segment.asSlice(offset, lengthBytes).fill((byte) 0));
            backing.commitTable(layout);
            return backing;
        } catch (IOException | RuntimeException | Error failed) {
            arena.close();
            throw failed;
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // the backing keeps the arena and closes it
    private static Arena open() {
        return Arena.ofShared();
    }

    MemorySegment segment() {
        return segment;
    }

    private void commitTable(ArenaLayout layout) throws IOException {
        try {
            commit(0, layout.dataOffset());
        } catch (IOException noRoom) {
            throw new IOException(
                    "arena: no room for the " + layout.dataOffset() + " bytes of its table on " + name
                            + " (expected: that much, and more for pages): " + noRoom.getMessage(),
                    noRoom);
        }
    }

    /**
     * Makes the system commit a range that holds nothing but zeros yet. A store to a hole of a file that has no room left
     * would be lost, with an error at some later instruction; this fails here and changes nothing.
     */
    void commit(long offset, long lengthBytes) throws IOException {
        commit.range(offset, lengthBytes);
    }

    /** Not by a channel: an interrupted thread would close that. */
    private static void writeZeros(RandomAccessFile file, long offset, long lengthBytes) throws IOException {
        file.seek(offset);
        for (long done = 0; done < lengthBytes; done += ZEROS.length) {
            file.write(ZEROS, 0, (int) Math.min(ZEROS.length, lengthBytes - done));
        }
    }

    /** Unmaps first, then lets others have the file. */
    @Override
    public synchronized void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        arena.close();
        try {
            held.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(name + ": cannot be closed", failed);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
