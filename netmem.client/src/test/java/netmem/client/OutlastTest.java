package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import netmem.api.Incarnation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A passing shortage of memory loses nothing that a watch is to be told. */
@Timeout(30)
class OutlastTest {
    @Test
    void task_thatFindsNoMemoryTwice_isDoneTheThirdTime() {
        AtomicInteger tries = new AtomicInteger();
        Shortage.outlast(() -> {
            if (tries.incrementAndGet() < 3) {
                throw new OutOfMemoryError("planted");
            }
        });
        assertEquals(3, tries.get());
    }

    @Test
    void task_thatFailsOtherwise_isNotDoneAgain() {
        AtomicInteger tries = new AtomicInteger();
        Runnable failing = () -> {
            tries.incrementAndGet();
            throw new IllegalStateException("planted");
        };
        assertThrows(IllegalStateException.class, () -> Shortage.outlast(failing));
        assertEquals(1, tries.get());
    }

    /** What was taken in part is taken whole the next time, and each page is told. */
    @Test
    void versionsHandedOn_memoryGoneInTheMiddle_areAllToldAfterwards() throws InterruptedException {
        BlockingQueue<Long> told = new LinkedBlockingQueue<>();
        Options options = new Options(
                Address.parse("netmem://localhost"), 1, 1, "", "", 0, PageCache.ofBytes(0), 1, 1, 1, null, false);
        Watches watches = new Watches(new Exchange(options));
        RemoteWatch watch = new RemoteWatch(
                watches, new RemoteWatch.Run(0, 8), (page, _) -> told.add(page), new long[] {1, 1, 1, 1, 1, 1, 1, 1});
        watch.start();
        AtomicInteger tries = new AtomicInteger();
        Map<Long, Long> versions = new AbstractMap<>() {
            @Override
            public Set<Entry<Long, Long>> entrySet() {
                return tries.incrementAndGet() == 1
                        ? Set.of(Map.entry(3L, 2L), failing())
                        : Map.of(3L, 2L, 5L, 2L).entrySet();
            }
        };
        Shortage.outlast(() -> watch.changed(new Incarnation(1, 2), versions));
        Long one = told.poll(20, TimeUnit.SECONDS);
        Long other = told.poll(20, TimeUnit.SECONDS);
        assertTrue(Set.of(3L, 5L).equals(Set.of(one, other)), "told: " + one + ", " + other);
        assertEquals(2, tries.get());
        watch.end();
    }

    private static Map.Entry<Long, Long> failing() {
        return new AbstractMap.SimpleEntry<>(5L, 2L) {
            @Override
            public Long getValue() {
                throw new OutOfMemoryError("planted");
            }
        };
    }
}
