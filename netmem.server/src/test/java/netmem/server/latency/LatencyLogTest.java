package netmem.server.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import netmem.api.wire.Opcode;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class LatencyLogTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000));

    @TempDir
    private Path folder = Path.of("unset");

    private Path file = Path.of("unset");
    private final Latencies latencies = new Latencies();
    private final Recorder recorder = latencies.recorder();

    @BeforeEach
    void nameFile() {
        file = folder.resolve("x.hlog");
    }

    private List<Histogram> read() throws IOException {
        List<Histogram> intervals = new ArrayList<>();
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            while (reader.hasNext()) {
                intervals.add((Histogram) reader.nextIntervalHistogram());
            }
        }
        return intervals;
    }

    @Test
    void close_beforeTheFirstInterval_writesWhatWasRecorded() throws IOException {
        recorder.record(Opcode.READ.code(), 1000);
        try (LatencyLog _ = LatencyLog.open(latencies, file, Duration.ofHours(1), CLOCK)) {
            recorder.record(Opcode.READ.code(), 2000);
            recorder.record(Opcode.LOCK.code(), 3000);
        }
        List<Histogram> intervals = read();
        assertEquals(
                List.of("read", "lock"),
                intervals.stream().map(Histogram::getTag).toList());
        assertEquals(
                1, intervals.getFirst().getTotalCount(), "what was recorded before the log was opened is not its own");
        assertTrue(intervals.getFirst().getMaxValue() >= 2000, "the highest value that counts as this one");
        assertEquals(2, latencies.summary().get("read-count"));
    }

    @Test
    void open_existingLog_appends() throws IOException {
        for (int run = 0; run < 2; run++) {
            try (LatencyLog _ = LatencyLog.open(latencies, file, Duration.ofHours(1), CLOCK)) {
                recorder.record(Opcode.READ.code(), 2000);
            }
        }
        assertEquals(2, read().size());
    }

    @Test
    void run_manyIntervals_addUpToAll() throws IOException {
        int count = 0;
        try (LatencyLog _ = LatencyLog.open(latencies, file, Duration.ofMillis(1), CLOCK)) {
            while (Files.readAllLines(file).size() < 10) {
                recorder.record(Opcode.WRITE.code(), 2000);
                count++;
            }
        }
        Map<String, Long> sums = new HashMap<>();
        read().forEach(interval -> sums.merge(interval.getTag(), interval.getTotalCount(), Long::sum));
        assertEquals(Map.of("write", (long) count), sums);
    }

    @Test
    void open_noSuchFolder_isRefused() {
        Path nowhere = folder.resolve("none/x.hlog");
        assertThrows(IOException.class, () -> LatencyLog.open(latencies, nowhere, Duration.ofSeconds(1), CLOCK));
    }

    @Test
    void open_fullDevice_isRefused() {
        IOException failure = assertThrows(
                IOException.class,
                () -> LatencyLog.open(latencies, Path.of("/dev/full"), Duration.ofSeconds(1), CLOCK));
        assertTrue(String.valueOf(failure.getMessage()).contains("/dev/full"), failure.toString());
    }
}
