package netmem.client;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import netmem.api.Incarnation;
import netmem.api.Versioned;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The client's cache under interleavings that Lincheck chooses: the fill rule, and the bound on its memory. Each has a control that is wrong on purpose and must be
 * found. {@code -Dnetmem.lincheck.times=N} takes N times as many.
 */
@Timeout(3600)
class PageCacheLincheckTest {
    private static final int TIMES = Integer.getInteger("netmem.lincheck.times", 1);
    private static final Incarnation MEMORY = new Incarnation(1, 2);
    private static final int LENGTH = 64;
    private static final int ENTRY = LENGTH + PageCache.ENTRY_OVERHEAD_BYTES;

    private static Versioned copy(long page, long version) {
        return Versioned.owning(MEMORY, page, version, new byte[LENGTH]);
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(20 * TIMES)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .minimizeFailedScenario(false);
    }

    /** What threads do with the copy of one page. */
    @Param(name = "version", gen = IntGen.class, conf = "1:4")
    public abstract static class Use {
        abstract void keep(int version);

        abstract int kept();

        /** A reply brings a page. */
        @Operation
        public void install(@Param(name = "version") int version) {
            keep(version);
        }

        /** A read asks for its copy. */
        @Operation
        public int lookup() {
            return kept();
        }
    }

    /** The cache as it is. */
    public static final class Actual extends Use {
        private final PageCache cache = PageCache.ofBytes(1 << 20);

        @Override
        void keep(int version) {
            cache.install(copy(1, version));
        }

        @Override
        int kept() {
            Versioned copy = cache.lookup(MEMORY, 1);
            return copy == null ? 0 : (int) copy.version();
        }
    }

    /** A cache that looks and then puts: an older fill may overwrite a newer one that came between. */
    public static final class LooksThenPuts extends Use {
        private final AtomicInteger newest = new AtomicInteger();

        @Override
        void keep(int version) {
            if (newest.get() < version) {
                newest.set(version);
            }
        }

        @Override
        int kept() {
            return newest.get();
        }
    }

    /** The fill rule, for one thread. */
    public static final class FillRule extends Use {
        private int newest;

        @Override
        void keep(int version) {
            newest = Math.max(newest, version);
        }

        @Override
        int kept() {
            return newest;
        }
    }

    /** What must be true of a cache for two copies when nobody uses it any more. */
    @Param(name = "page", gen = IntGen.class, conf = "1:3")
    public abstract static class Room {
        static final long BYTES_MAX = 2 * ENTRY;

        abstract void keep(int page);

        abstract long usedBytes();

        abstract long keptBytes();

        /** A reply brings a page. */
        @Operation
        public void install(@Param(name = "page") int page) {
            keep(page);
        }

        /** The count is that of the copies, and within the bound. */
        @Validate
        public void room() {
            long kept = keptBytes();
            if (usedBytes() != kept || kept > BYTES_MAX) {
                throw new IllegalStateException(
                        "used: " + usedBytes() + " (expected: " + kept + ", at most " + BYTES_MAX + ")");
            }
        }
    }

    /** The cache as it is. */
    public static final class ActualRoom extends Room {
        private final PageCache cache = PageCache.ofBytes(BYTES_MAX);

        @Override
        void keep(int page) {
            cache.install(copy(page, 1));
        }

        @Override
        long usedBytes() {
            return cache.usedBytes();
        }

        @Override
        long keptBytes() {
            return LongStream.rangeClosed(1, 3)
                    .mapToObj(page -> cache.lookup(MEMORY, page))
                    .mapToLong(copy -> copy == null ? 0 : ENTRY)
                    .sum();
        }
    }

    /** A cache that looks at its room before it takes some: two may take the last. */
    public static final class LooksThenTakes extends Room {
        private final Map<Integer, Boolean> pages = new ConcurrentHashMap<>();

        @Override
        void keep(int page) {
            if ((pages.size() + 1L) * ENTRY <= BYTES_MAX) {
                pages.put(page, true);
            }
        }

        @Override
        long usedBytes() {
            return pages.size() * (long) ENTRY;
        }

        @Override
        long keptBytes() {
            return usedBytes();
        }
    }

    @Test
    void fills_racing_neverReplaceANewerCopy() {
        options().sequentialSpecification(FillRule.class).check(Actual.class);
    }

    @Test
    void fills_lookedForAndThenPut_areFound() {
        ModelCheckingOptions options = options().sequentialSpecification(FillRule.class);

        LincheckAssertionError found =
                assertThrows(LincheckAssertionError.class, () -> options.check(LooksThenPuts.class));

        assertTrue(String.valueOf(found.getMessage()).contains("Invalid execution results"), found::toString);
    }

    @Test
    void installs_racingForTheLastRoom_stayInBoundsAndAddUp() {
        options().check(ActualRoom.class);
    }

    @Test
    void room_lookedForAndThenTaken_isFound() {
        LincheckAssertionError found =
                assertThrows(LincheckAssertionError.class, () -> options().check(LooksThenTakes.class));

        assertTrue(String.valueOf(found.getMessage()).contains("Validation function"), found::toString);
    }
}
