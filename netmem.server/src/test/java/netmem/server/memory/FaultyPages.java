package netmem.server.memory;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Pages on the heap of which one access to a version word throws, before or after it was done; between two of them
 * lie all steps of reading and writing a page. Confined to one thread while it is armed.
 */
public final class FaultyPages {
    private final AtomicLongArray words;
    private final PageMemory memory;
    private int left;
    private boolean after;
    private @Nullable Supplier<? extends Throwable> fault;

    /** Throws nothing yet. */
    public FaultyPages(int pageCount, int pageLength) {
        words = new AtomicLongArray(pageCount);
        memory = new HeapPages(ArenaLayout.of(pageCount, pageLength), new Words());
    }

    /** The pages. */
    public PageMemory memory() {
        return memory;
    }

    /** Has the n-th access from now on throw, from 1, and then none. */
    public void failAt(int access, boolean whenDone, Supplier<? extends Throwable> thrown) {
        left = access;
        after = whenDone;
        fault = thrown;
    }

    /** Throws nothing any more; whether it has thrown. */
    public boolean calmDown() {
        boolean thrown = fault == null;
        fault = null;
        return thrown;
    }

    /** Whether this access throws now. */
    private boolean isTurn(boolean done) {
        return fault != null && done == after && --left == 0;
    }

    @SuppressWarnings("unchecked")
    private <T extends Throwable> void step(boolean done) throws T {
        Supplier<? extends Throwable> thrown = fault;
        if (isTurn(done) && thrown != null) {
            fault = null;
            throw (T) thrown.get();
        }
    }

    private final class Words extends VersionWords {
        @Override
        long loadAcquire(long page) {
            FaultyPages.this.<RuntimeException>step(false);
            long word = words.getAcquire((int) page); // pairs with storeRelease: as in the arena
            FaultyPages.this.<RuntimeException>step(true);
            return word;
        }

        @Override
        long loadOpaque(long page) {
            FaultyPages.this.<RuntimeException>step(false);
            long word = words.getOpaque((int) page); // pairs with storeOpaque: as in the arena
            FaultyPages.this.<RuntimeException>step(true);
            return word;
        }

        @Override
        void storeOpaque(long page, long word) {
            FaultyPages.this.<RuntimeException>step(false);
            words.setOpaque((int) page, word); // pairs with loadAcquire: as in the arena
            FaultyPages.this.<RuntimeException>step(true);
        }

        @Override
        void storeRelease(long page, long word) {
            FaultyPages.this.<RuntimeException>step(false);
            words.setRelease((int) page, word); // pairs with loadAcquire: as in the arena
            FaultyPages.this.<RuntimeException>step(true);
        }
    }
}
