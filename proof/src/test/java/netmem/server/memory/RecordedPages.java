package netmem.server.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/** Pages on the heap that tell of each version when it is there. Confined to one thread. */
public final class RecordedPages {
    /** Is told. */
    public interface Recorder {
        /** A page has a new version, with these bytes. */
        void committed(long page, long version, byte[] bytes);
    }

    private RecordedPages() {}

    /** Free pages. */
    public static PageMemory of(int pageCount, int pageLength, Recorder recorder) {
        Words words = new Words(pageCount);
        HeapPages pages = new HeapPages(ArenaLayout.of(pageCount, pageLength), words);
        words.committed = page -> {
            byte[] bytes = new byte[pageLength];
            recorder.committed(page, pages.read(page, 0, pageLength, ByteBuffer.wrap(bytes)), bytes);
        };
        return pages;
    }

    private static final class Words extends VersionWords {
        private final AtomicLongArray words;
        private java.util.function.LongConsumer committed = _ -> {};

        Words(int pageCount) {
            words = new AtomicLongArray(pageCount);
        }

        @Override
        long loadAcquire(long page) {
            return words.get((int) page);
        }

        @Override
        long loadOpaque(long page) {
            return words.get((int) page);
        }

        @Override
        void storeOpaque(long page, long word) {
            words.set((int) page, word);
        }

        @Override
        void storeRelease(long page, long word) {
            words.set((int) page, word);
            committed.accept(page);
        }
    }
}
