package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import netmem.api.Incarnation;
import netmem.api.Versioned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PageCacheTest {
    private static final Incarnation MEMORY = new Incarnation(1, 2);
    private static final int LENGTH = 64;
    private static final int ENTRY = LENGTH + PageCache.ENTRY_OVERHEAD_BYTES;

    private static Versioned page(long page, long version) {
        return Versioned.owning(MEMORY, page, version, new byte[LENGTH]);
    }

    @Test
    void install_olderOrSameVersion_isIgnored() {
        PageCache cache = PageCache.ofBytes(1 << 20);
        Versioned newer = page(1, 5);
        cache.install(newer);
        cache.install(page(1, 4));
        cache.install(page(1, 5));
        assertSame(newer, cache.lookup(MEMORY, 1));
        assertEquals(ENTRY, cache.usedBytes());
    }

    @Test
    void install_versionsCompareAsUnsigned() {
        PageCache cache = PageCache.ofBytes(1 << 20);
        cache.install(page(1, Long.MAX_VALUE));
        Versioned newer = page(1, Long.MIN_VALUE);
        cache.install(newer);
        cache.install(page(1, 1));
        assertSame(newer, cache.lookup(MEMORY, 1));
    }

    @Test
    void lookup_otherIncarnation_findsNothing() {
        PageCache cache = PageCache.ofBytes(1 << 20);
        cache.install(page(1, 5));
        assertNull(cache.lookup(new Incarnation(1, 3), 1));
        cache.install(Versioned.owning(new Incarnation(1, 3), 1, 1, new byte[LENGTH]));
        assertEquals(5, version(cache, 1));
    }

    @Test
    void install_full_dropsWhatWasNotUsed() {
        PageCache cache = PageCache.ofBytes(10 * ENTRY);
        for (int page = 0; page < 10; page++) {
            cache.install(page(page, 1));
        }
        cache.lookup(MEMORY, 3);
        cache.install(page(100, 1));
        assertEquals(10 * ENTRY, cache.usedBytes());
        assertEquals(1, version(cache, 3), "used, so kept");
    }

    @Test
    void install_allUsed_makesRoomNevertheless() {
        PageCache cache = PageCache.ofBytes(10 * ENTRY);
        for (int page = 0; page < 1000; page++) {
            cache.install(page(page, 1));
            cache.lookup(MEMORY, page);
            assertTrue(cache.usedBytes() <= 10 * ENTRY, () -> "used: " + cache.usedBytes());
        }
    }

    @Test
    void install_nothingFits_keepsNothing() {
        PageCache cache = PageCache.ofBytes(ENTRY - 1);
        cache.install(page(1, 1));
        assertNull(cache.lookup(MEMORY, 1));
        assertEquals(0, cache.usedBytes());
    }

    @Test
    void clear_dropsAll() {
        PageCache cache = PageCache.ofBytes(1 << 20);
        cache.install(page(1, 1));
        cache.clear();
        assertNull(cache.lookup(MEMORY, 1));
        assertEquals(0, cache.usedBytes());
    }

    @Test
    void install_byManyThreads_staysInBoundsAndAddsUp() throws Exception {
        long seed = new Random().nextLong();
        PageCache cache = PageCache.ofBytes(20 * ENTRY);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random random = new Random(seed + i);
                futures.add(threads.submit(() -> installRandomly(cache, random)));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError("seed " + seed, e);
        }
        assertTrue(cache.usedBytes() <= 20 * ENTRY, () -> "used: " + cache.usedBytes() + " seed " + seed);
        cache.clear();
        assertEquals(0, cache.usedBytes(), "seed " + seed);
    }

    private static void installRandomly(PageCache cache, Random random) {
        for (int i = 0; i < 20_000; i++) {
            long page = random.nextInt(40);
            cache.lookup(MEMORY, page);
            cache.install(page(page, 1 + random.nextInt(1000)));
        }
    }

    @Test
    void install_racing_endsAtTheNewest() throws Exception {
        PageCache cache = PageCache.ofBytes(1 << 20);
        int versions = 10_000;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int first = i;
                futures.add(threads.submit(() -> {
                    long seen = 0;
                    for (int version = 1 + first; version <= versions; version += 4) {
                        cache.install(page(1, version));
                        long now = version(cache, 1);
                        assertTrue(now >= Math.max(seen, version), "went back to " + now);
                        seen = now;
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
        assertEquals(versions, version(cache, 1));
    }

    private static long version(PageCache cache, long page) {
        Versioned copy = cache.lookup(MEMORY, page);
        return copy == null ? 0 : copy.version();
    }
}
