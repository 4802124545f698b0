package netmem.server.memory;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Writes the header of a fresh arena and knows one when it sees it. Pure. */
final class ArenaHeader {
    private ArenaHeader() {}

    /** Before anybody else can see the memory. */
    static void write(MemorySegment arena, ArenaLayout layout, long incarnationHigh, long incarnationLow) {
        arena.set(ValueLayout.JAVA_INT, ArenaLayout.LAYOUT_VERSION_OFFSET, ArenaLayout.LAYOUT_VERSION);
        arena.set(ValueLayout.JAVA_INT, ArenaLayout.RECORD_LENGTH_OFFSET, ArenaLayout.RECORD_LENGTH);
        arena.set(ValueLayout.JAVA_LONG, ArenaLayout.INCARNATION_HIGH_OFFSET, incarnationHigh);
        arena.set(ValueLayout.JAVA_LONG, ArenaLayout.INCARNATION_LOW_OFFSET, incarnationLow);
        arena.set(ValueLayout.JAVA_LONG, ArenaLayout.PAGE_COUNT_OFFSET, layout.pageCount());
        arena.set(ValueLayout.JAVA_LONG, ArenaLayout.TABLE_OFFSET_OFFSET, ArenaLayout.TABLE_OFFSET);
        arena.set(ValueLayout.JAVA_LONG, ArenaLayout.DATA_OFFSET_OFFSET, layout.dataOffset());
        arena.set(ValueLayout.JAVA_LONG, ArenaLayout.TOTAL_BYTES_OFFSET, layout.totalBytes());
        arena.set(ValueLayout.JAVA_INT, ArenaLayout.PAGE_LENGTH_OFFSET, layout.pageLength());
        arena.set(ValueLayout.JAVA_LONG, ArenaLayout.MAGIC_OFFSET, ArenaLayout.MAGIC);
    }

    /** Whether a file begins as an arena does, of whatever layout version. */
    static boolean isArena(FileChannel file) throws IOException {
        ByteBuffer magic = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        while (magic.hasRemaining()) {
            if (file.read(magic, ArenaLayout.MAGIC_OFFSET + magic.position()) < 0) {
                return false;
            }
        }
        return magic.getLong(0) == ArenaLayout.MAGIC;
    }
}
