package netmem.bench.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ResultFileTest {
    @TempDir
    Path folder;

    private static Result round(double throughput, boolean reached) {
        return new Result(
                "open loop",
                "NetMem",
                Map.of("operation", "read"),
                Map.of("throughput_per_s", throughput),
                null,
                reached);
    }

    @Test
    void resultFile_writtenAndRead_isTheSame() throws IOException {
        Environment here = Environment.here(folder, Map.of("Redis", "7.0"));
        ResultFile written = new ResultFile(
                here, List.of(round(1.5, true).withHlog("a.hlog"), round(2, false)), List.of("memcached: absent"));
        written.write(folder.resolve("sub/results.json"));

        assertEquals(written, ResultFile.read(folder.resolve("sub/results.json")));
    }

    @Test
    void read_anotherFile_isRefusedByName() throws IOException {
        for (String text : List.of("", "[]", "{}", "{\"results\": [{}]}", "no json")) {
            Path file = Files.writeString(folder.resolve("other.json"), text);
            IOException refusal = assertThrows(IOException.class, () -> ResultFile.read(file), text);
            assertTrue(refusal.toString().contains("other.json"), refusal.toString());
        }
    }

    @Test
    void here_thisMachine_namesJdkCoresAndDate() {
        Environment here = Environment.here(folder, Map.of());

        assertTrue(here.jdk().contains(Runtime.version().toString()), here.jdk());
        assertEquals(Runtime.getRuntime().availableProcessors(), here.cores());
        assertTrue(here.date().endsWith("Z"), here.date());
        assertEquals("unknown", here.commit(), "a folder outside of any work tree");
    }

    @Test
    void median_ofRounds_keepsExtremesAndNumber() {
        Result median = Result.median(List.of(round(30, true), round(10, true), round(20, false)));

        assertEquals(20, median.figures().get("throughput_per_s"));
        assertEquals(10, median.figures().get("throughput_per_s.low"));
        assertEquals(30, median.figures().get("throughput_per_s.high"));
        assertEquals(3, median.figures().get("rounds"));
        assertTrue(median.rateReached(), "two of three");
        assertFalse(Result.median(List.of(round(1, true), round(2, false))).rateReached(), "one of two");
        assertEquals(
                15,
                Result.median(List.of(round(10, true), round(20, true)))
                        .figures()
                        .get("throughput_per_s"));
    }

    @Test
    void result_figureThatIsNoNumber_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> round(Double.NaN, true));
    }

    @Test
    void histogram_withoutItsTime_isRefused() {
        Path file = folder.resolve("x.hlog");

        assertThrows(IllegalArgumentException.class, () -> Histograms.write(file, List.of(Histograms.empty())));
    }

    @Test
    void histograms_writtenAndRead_addUp() throws IOException {
        Histogram first = Histograms.empty();
        Histogram second = Histograms.empty();
        for (int i = 1; i <= 5000; i++) {
            Histograms.record(first, i * 1000L);
            Histograms.record(second, (5000 + i) * 1000L);
        }
        Path file = folder.resolve("x.hlog");
        Histograms.recorded(first, 1_700_000_000_000L, 2_000_000_000L);
        Histograms.recorded(second, 1_700_000_005_000L, 100);
        Histograms.write(file, List.of(first, second));

        Histogram sum = Histograms.read(file);
        assertEquals(10_000, sum.getTotalCount());
        Map<String, Double> figures = new java.util.HashMap<>(Histograms.body(sum));
        figures.putAll(Histograms.tail(sum));
        assertEquals(5000, figures.getOrDefault("p50_us", 0.0), 5);
        assertEquals(9999, figures.getOrDefault("p9999_us", 0.0), 10);
        assertEquals(10_000, figures.getOrDefault("max_us", 0.0), 10);
        assertThrows(IOException.class, () -> Histograms.read(folder.resolve("absent.hlog")));
    }
}
