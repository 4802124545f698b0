package netmem.bench.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

@Timeout(30)
class ReportTest {
    private static final Pattern SVG = Pattern.compile("<svg .*?</svg>", Pattern.DOTALL);

    @TempDir
    Path folder;

    private String page(List<Result> results, String... skipped) throws IOException {
        ResultFile contents =
                new ResultFile(Environment.here(folder, Map.of("Redis", "7.0")), results, List.of(skipped));
        Path html = folder.resolve("report.html");
        Report.write(html, "A <title>", contents, folder);
        return Files.readString(html);
    }

    private static Result sized(String contestant, int pages, double cpu) {
        Map<String, String> load = new LinkedHashMap<>();
        load.put("operation", "page-read");
        load.put("pages", Integer.toString(pages));
        load.put(Result.AXIS, "pages");
        return new Result("Cost against size", contestant, load, Map.of("server_cpu_us_per_op", cpu), null, true);
    }

    private Result latency(String contestant, boolean reached, String file) throws IOException {
        Histogram histogram = Histograms.empty();
        for (int i = 1; i <= 20_000; i++) {
            Histograms.record(histogram, 30_000 + i * 10L);
        }
        Histograms.write(folder.resolve(file), List.of(histogram));
        Map<String, Double> figures = new LinkedHashMap<>(Histograms.body(histogram));
        figures.putAll(Histograms.tail(histogram));
        return new Result("Open loop", contestant, Map.of("operation", "page-read"), figures, file, reached);
    }

    private static List<String> drawings(String page) throws Exception {
        List<String> drawings =
                SVG.matcher(page).results().map(MatchResult::group).toList();
        for (String drawing : drawings) {
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(drawing)));
            assertFalse(drawing.contains("NaN") || drawing.contains("Infinity"), drawing);
        }
        return drawings;
    }

    @Test
    void report_ofAllKindsOfResults_isOnePageThatLoadsNothing() throws Exception {
        List<Result> results = new ArrayList<>();
        results.add(latency("NetMem", true, "a.hlog"));
        results.add(latency("Redis <Lettuce>", false, "b.hlog"));
        for (int pages : new int[] {1000, 100_000, 16_000_000}) {
            results.add(sized("NetMem", pages, 7));
            results.add(sized("Redis", pages, 9));
        }
        results.add(new Result(
                "Closed loop", "NetMem", Map.of("operation", "x"), Map.of("throughput_per_s", 5e5), null, true));
        String page = page(results, "memcached: not installed");

        assertEquals(3, drawings(page).size(), "percentiles, cost against size, bars");
        assertFalse(page.contains("<script") || page.contains("src=") || page.contains("href="), "loads something");
        assertTrue(page.contains("A &lt;title&gt;") && page.contains("Redis &lt;Lettuce&gt;"));
        assertTrue(page.contains("FAIL: 1 of 9 runs"));
        assertTrue(page.contains("Not measured:</b> memcached: not installed"));
        assertTrue(page.contains("prefers-color-scheme: dark"));
        assertTrue(page.contains("How to read this page"));
        assertTrue(page.contains("99.99% took at most"));
    }

    @Test
    void table_ofASecondContestant_showsItsRatioToTheFirst() throws Exception {
        Result first = new Result("x", "floor", Map.of(), Map.of("p50_us", 20.0), null, true);
        Result second = new Result("x", "NetMem", Map.of(), Map.of("p50_us", 25.0), null, true);

        assertTrue(page(List.of(first, second)).contains(">25<small>× 1.25</small>"));
    }

    @Test
    void table_ofBytesOfMemory_showsMebibytes() throws Exception {
        Result result = new Result(
                "Start",
                "NetMem",
                Map.of(),
                Map.of("ready_ms", 150.0, "server_rss_bytes", 52.5 * (1 << 20)),
                null,
                true);
        String page = page(List.of(result));

        assertTrue(page.contains("server memory<small>MiB</small>"), page);
        assertTrue(page.contains(">52.5<"), page);
        assertTrue(page.contains("ready after<small>ms</small>"), page);
    }

    @Test
    void plot_overManySizes_saysThatItsAxesAreLogarithmic() throws Exception {
        String page = page(List.of(sized("NetMem", 1000, 1), sized("NetMem", 1_000_000, 400)));

        assertTrue(page.contains("pages (logarithmic)"), page);
        assertTrue(page.contains("µs/op (logarithmic)"), page);
    }

    @Test
    void report_whoseHistogramIsMissing_saysWhich() throws Exception {
        Result result = latency("NetMem", true, "a.hlog");
        Files.delete(folder.resolve("a.hlog"));

        assertTrue(assertThrows(IOException.class, () -> page(List.of(result)))
                .toString()
                .contains("a.hlog"));
    }

    @Test
    void report_withoutResults_isStillAPage() throws Exception {
        assertTrue(page(List.of()).endsWith("</html>\n"));
    }

    @Test
    void number_ofAnySize_hasThreeDigits() {
        assertEquals("1.23", Html.number(1.234));
        assertEquals("12.3", Html.number(12.34));
        assertEquals("123", Html.number(123.4));
        assertEquals("1\u202f234\u202f567", Html.number(1_234_567.2));
        assertEquals("0", Html.number(0));
        assertEquals("20k", Html.tick(20_000));
        assertEquals("1.5M", Html.tick(1_500_000));
        assertEquals("0.5", Html.tick(0.5));
    }
}
