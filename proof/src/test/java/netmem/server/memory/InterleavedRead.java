package netmem.server.memory;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiFunction;

/**
 * A read between whose look at the version word and whose copy the page is written: it must show all of one version. Found
 * by name, as the simulation is. Confined to one thread.
 */
public final class InterleavedRead implements BiFunction<Long, Boolean, Map<String, Object>> {
    private static final int PAGE_BYTES = 64;

    /** Found by name. */
    public InterleavedRead() {}

    /** Words that let a write in after the first look. */
    private static final class Words extends VersionWords {
        private final AtomicLongArray words = new AtomicLongArray(1);
        private Runnable write = () -> {};

        @Override
        long loadAcquire(long page) {
            long word = words.get(0);
            Runnable once = write;
            write = () -> {};
            once.run();
            return word;
        }

        @Override
        long loadOpaque(long page) {
            return words.get(0);
        }

        @Override
        void storeOpaque(long page, long word) {
            words.set(0, word);
        }

        @Override
        void storeRelease(long page, long word) {
            words.set(0, word);
        }
    }

    @Override
    public Map<String, Object> apply(Long seed, Boolean traced) {
        Words words = new Words();
        HeapPages pages = new HeapPages(ArenaLayout.of(1, PAGE_BYTES), words);
        write(pages, 2);
        words.write = () -> write(pages, 3);
        ByteBuffer copy = ByteBuffer.allocate(PAGE_BYTES);
        long version = pages.read(0, 0, PAGE_BYTES, copy);
        boolean torn = copy.get(0) != version || copy.get(PAGE_BYTES - 1) != version;
        return Map.of("violations", torn ? List.of("torn: bytes of v" + copy.get(0) + " as v" + version) : List.of());
    }

    private static void write(HeapPages pages, int version) {
        byte[] bytes = new byte[PAGE_BYTES];
        java.util.Arrays.fill(bytes, (byte) version);
        pages.beginWrite(0);
        pages.write(0, 0, ByteBuffer.wrap(bytes));
        pages.endWrite(0, version);
    }
}
