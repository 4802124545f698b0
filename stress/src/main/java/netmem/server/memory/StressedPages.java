package netmem.server.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Native pages for the states of a stress test, each of which takes pages of its own, in turn. All bytes of a page are
 * the low byte of its version - 1. Shared by one writing and one reading thread.
 */
final class StressedPages {
    /** More than states that jcstress keeps at a time, by far. */
    private static final int PAGES = 1 << 16;

    private static final int PAGE_LENGTH = 512;
    private static final byte[][] CONTENTS = contents();

    private final PageMemory memory;
    private final AtomicInteger taken = new AtomicInteger();

    /** Only the reading thread uses it. */
    private final ByteBuffer copy = ByteBuffer.allocate(PAGE_LENGTH);

    private StressedPages(PageMemory memory) {
        this.memory = memory;
    }

    /** Pages as the server has them. */
    static StressedPages actual() {
        ArenaLayout layout = ArenaLayout.of(PAGES, PAGE_LENGTH);
        return new StressedPages(new NativePages(ArenaBacking.allocated(layout.totalBytes()), layout));
    }

    /** Pages whose readers believe any copy: without the second look at the version word. */
    static StressedPages weakened() {
        ArenaLayout layout = ArenaLayout.of(PAGES, PAGE_LENGTH);
        ArenaBacking backing = ArenaBacking.allocated(layout.totalBytes());
        return new StressedPages(new NativePages(backing, layout, new VersionWords.InArena(backing.segment()) {
            @Override
            boolean validate(long page, long word) {
                return true;
            }
        }));
    }

    private static byte[][] contents() {
        byte[][] contents = new byte[256][PAGE_LENGTH];
        for (int i = 0; i < contents.length; i++) {
            Arrays.fill(contents[i], (byte) i);
        }
        return contents;
    }

    PageMemory memory() {
        return memory;
    }

    /** The first of two pages for a state. */
    int takePages() {
        return (taken.getAndAdd(2) & Integer.MAX_VALUE) % PAGES;
    }

    /** Puts the bytes of a version, in two ranges, in a page that is begun. */
    void fill(long page, long version) {
        byte[] content = CONTENTS[(int) (version - PageMemory.VERSION_FIRST) & 0xff];
        memory.write(page, PAGE_LENGTH / 2, ByteBuffer.wrap(content, PAGE_LENGTH / 2, PAGE_LENGTH / 2));
        memory.write(page, 0, ByteBuffer.wrap(content, 0, PAGE_LENGTH / 2));
    }

    /** Copies a whole page and returns its version, or CONTENDED. */
    long read(long page) {
        return memory.read(page, 0, PAGE_LENGTH, copy.clear());
    }

    /** Whether the last copy is of that version in all its bytes. */
    boolean isWhole(long version) {
        return Arrays.equals(copy.array(), CONTENTS[(int) (version - PageMemory.VERSION_FIRST) & 0xff]);
    }
}
