package netmem.server.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import netmem.api.wire.Opcode;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LatenciesTest {
    private final Latencies latencies = new Latencies();

    @Test
    void summary_nothingRecorded_empty() {
        latencies.recorder();
        assertEquals(Map.of(), latencies.summary());
    }

    @Test
    void summary_twoLoops_addsThemInOrderOfCodes() {
        latencies.recorder().record(Opcode.READ_MANY.code(), 3000);
        Recorder second = latencies.recorder();
        second.record(Opcode.READ.code(), 1000);
        second.record(Opcode.READ_MANY.code(), 1000);

        Map<String, Long> summary = latencies.summary();

        assertEquals(
                List.of("read-count", "read-p50-nanos", "read-p90-nanos", "read-p99-nanos", "read-p999-nanos"),
                summary.keySet().stream().limit(5).toList());
        assertEquals(1, summary.get("read-count"));
        assertEquals(2, summary.get("read-many-count"));
        assertEquals(1000, summary.getOrDefault("read-many-p50-nanos", 0L), 1);
        assertEquals(3000, summary.getOrDefault("read-many-max-nanos", 0L), 3);
    }

    @Test
    void summary_askedTwice_keepsTotals() {
        Recorder recorder = latencies.recorder();
        recorder.record(Opcode.WRITE.code(), 10);
        latencies.summary();
        recorder.record(Opcode.WRITE.code(), 10);
        assertEquals(2, latencies.summary().get("write-count"));
    }

    @Test
    void record_outOfRange_countsAtTheEnds() {
        Recorder recorder = latencies.recorder();
        recorder.record(Opcode.LOCK.code(), -5);
        recorder.record(Opcode.LOCK.code(), TimeUnit.DAYS.toNanos(1));
        OperationLatency row = latencies.table().getFirst();
        assertEquals(0, row.p50Nanos());
        assertTrue(row.maxNanos() >= Latencies.NANOS_MAX, row.toString());
    }

    @Test
    void record_codeWithoutOperation_isNamedByItsNumber() {
        latencies.recorder().record(63, 10);
        assertEquals(1, latencies.summary().get("operation-63-count"));
    }

    @Test
    void takeInterval_totalsAskedBetween_stillHasAll() {
        Recorder recorder = latencies.recorder();
        recorder.record(Opcode.READ.code(), 10);
        latencies.keepIntervals();
        recorder.record(Opcode.READ.code(), 20);
        latencies.summary();
        recorder.record(Opcode.READ.code(), 30);

        List<Histogram> first = latencies.takeInterval();
        List<Histogram> second = latencies.takeInterval();

        assertEquals(2, first.getFirst().getTotalCount());
        assertEquals("read", first.getFirst().getTag());
        assertEquals(List.of(), second);
        assertEquals(3, latencies.summary().get("read-count"));
    }

    @Test
    void summary_whileLoopsRecord_losesNothing() throws InterruptedException {
        int perThread = 200_000;
        List<Thread> loops = List.of(loop(perThread), loop(perThread));
        long last = 0;
        while (loops.stream().anyMatch(Thread::isAlive)) {
            long count = latencies.summary().getOrDefault("read-count", 0L);
            assertTrue(count >= last, "count: " + count + " (expected: >= " + last + ")");
            last = count;
        }
        for (Thread loop : loops) {
            loop.join();
        }
        assertEquals(2L * perThread, latencies.summary().get("read-count"));
    }

    private Thread loop(int operations) {
        Recorder recorder = latencies.recorder();
        return Thread.ofPlatform().start(() -> {
            for (int i = 0; i < operations; i++) {
                recorder.record(Opcode.READ.code(), i);
            }
        });
    }
}
