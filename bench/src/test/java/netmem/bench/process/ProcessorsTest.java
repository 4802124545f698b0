package netmem.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessorsTest {
    private static void assumeTools() {
        assumeTrue(Processors.absence().isEmpty(), () -> Processors.absence().orElse(""));
    }

    @Test
    void numbers_ofRangesAndSingles_areAll() {
        assertEquals(List.of(0), Processors.numbers("0"));
        assertEquals(List.of(2, 3, 4, 8, 10, 11), Processors.numbers("2-4,8,10-11"));
    }

    @Test
    void placed_onOne_isUndoneByClose() throws IOException {
        assumeTools();
        List<Integer> all = Processors.here().allowed();
        Placed placed = Placed.onOne(List.of());
        try {
            assertEquals(List.of(all.getFirst()), Processors.here().allowed());
        } finally {
            placed.close();
        }
        assertEquals(all, Processors.here().allowed());
    }

    @Test
    void keepAwake_spinsOnEachProcessorAtTheLowestPriority_untilDestroyed() throws Exception {
        assumeTools();
        List<Process> spinners = Processors.here().keepAwake();
        try {
            assertEquals(Processors.here().allowed().size(), spinners.size());
            for (Process spinner : spinners) {
                assertFalse(spinner.waitFor(100, TimeUnit.MILLISECONDS), "ended: " + spinner);
            }
        } finally {
            spinners.forEach(Process::destroy);
        }
        for (Process spinner : spinners) {
            assertTrue(spinner.waitFor(10, TimeUnit.SECONDS), "still there: " + spinner);
        }
    }

    @Test
    void place_onAProcessorThatIsNotThere_isRefused() throws IOException {
        assumeTools();
        long self = ProcessHandle.current().pid();
        IOException failure =
                assertThrows(IOException.class, () -> Processors.here().place(self, List.of(8191)));

        assertTrue(failure.toString().contains("taskset: "), failure.toString());
    }

    /** A thread that ends between being listed and being moved. */
    @Test
    void place_whileThreadsComeAndEnd_movesTheRest() throws Exception {
        assumeTools();
        long self = ProcessHandle.current().pid();
        List<Integer> all = Processors.here().allowed();
        AtomicBoolean over = new AtomicBoolean();
        Thread starter = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                Thread.ofPlatform().start(() -> LockSupport.parkNanos(1_000_000));
                LockSupport.parkNanos(2_000_000);
            }
        });
        try {
            for (int i = 0; i < 100; i++) {
                new Processors(all).place(self, all);
            }
        } finally {
            over.set(true);
            starter.join();
        }
        assertEquals(all, Processors.here().allowed());
    }
}
