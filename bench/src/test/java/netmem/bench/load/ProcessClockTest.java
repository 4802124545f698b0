package netmem.bench.load;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessClockTest {
    @Test
    void nanos_acrossAThreadThatEnds_countWhatItUsed() throws InterruptedException {
        long before = ProcessClock.nanos();
        Thread busy = new Thread(() -> {
            long end = System.nanoTime() + 30_000_000;
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
        });
        busy.start();
        busy.join();
        long used = ProcessClock.nanos() - before;

        assertTrue(used > 1_000_000, "used: " + used + " ns (expected: most of 30 ms)");
        assertTrue(used < 60_000_000_000L, "used: " + used + " ns");
    }
}
