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
        Histograms.recorded(histogram, 1_700_000_000_000L, 2_000_000_000L);
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
    void netMem_inAllDrawings_hasOneColour() throws Exception {
        List<Result> results = new ArrayList<>();
        results.add(latency("Redis (Lettuce)", true, "b.hlog"));
        results.add(latency("NetMem", true, "a.hlog"));
        for (int pages : new int[] {1000, 100_000}) {
            results.add(sized("C floor", pages, 5));
            results.add(sized("Redis", pages, 9));
            results.add(sized("NetMem", pages, 7));
        }
        for (String contestant : List.of("bare socket", "NetMem")) {
            results.add(new Result(
                    "Closed loop", contestant, Map.of("operation", "x"), Map.of("throughput_per_s", 5e5), null, true));
        }
        List<String> drawings = drawings(page(results));

        assertEquals(3, drawings.size(), "percentiles, cost against size, bars");
        for (String drawing : drawings) {
            assertEquals(List.of("s0"), coloursOf("NetMem", drawing), drawing);
        }
    }

    /** The classes of the groups with a dot or bar that says a contestant's name. */
    private static List<String> coloursOf(String contestant, String drawing) {
        return Pattern.compile("<g class=\"([^\"]*)\">(?:(?!<g ).)*?" + contestant + ": ", Pattern.DOTALL)
                .matcher(drawing)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
    }

    @Test
    void curves_ofOneContestant_differInTheirDashes() {
        Colours colours = new Colours();

        assertEquals("s0", colours.curve("NetMem"));
        assertEquals("s1", colours.curve("Redis"));
        assertEquals("s0 d1", colours.curve("NetMem"));
        assertEquals(Colours.bar("somebody else"), Colours.bar("somebody else"));
        assertTrue(Colours.of("somebody else") > Colours.of("C socket"));
    }

    @Test
    void cells_ofATable_sayTheirColumn() throws Exception {
        String page = page(List.of(latency("NetMem", true, "a.hlog")));

        assertTrue(page.contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"));
        assertTrue(page.contains("<td data-of=\"p99, µs\">"), page);
        assertTrue(page.contains("content: attr(data-of)"), "the stylesheet shows it on a narrow screen");
    }

    @Test
    void cellsAndCurves_ofTheSameLatencies_showTheSame() throws Exception {
        Result result = latency("NetMem", true, "a.hlog");
        String page = page(List.of(result));

        for (Figure figure : List.of(Figure.P50_US, Figure.P90_US, Figure.P99_US, Figure.P999_US, Figure.P9999_US)) {
            String shown = Html.number(result.figure(figure).orElseThrow());
            String percent = figure.title().substring(1) + "%";
            assertTrue(page.contains(percent + " took at most " + shown + " µs"), figure + ": " + shown);
            assertTrue(page.contains("<td data-of=\"" + figure.title() + ", µs\">" + shown), figure + ": " + shown);
        }
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

    private String page(Disturbance found) throws IOException {
        Environment where = Environment.here(folder, Map.of()).with(found);
        Path html = folder.resolve("disturbed.html");
        Report.write(html, "title", new ResultFile(where, List.of(sized("NetMem", 1000, 7)), List.of()), folder);
        return Files.readString(html);
    }

    @Test
    void machine_thatWasBusy_isPointedOutAndAQuietOneNot() throws IOException {
        String quiet = page(new Disturbance(2, 0.3, 3.9, 0.01, 0));
        assertFalse(quiet.contains("The machine was") || quiet.contains("Other processes used"), quiet);
        assertTrue(quiet.contains("load average 0.30 before, up to 3.90 during, on 2 processors"), quiet);

        String busy = page(new Disturbance(2, 3.7, 9, 0.4, 0.1));
        assertTrue(busy.contains("busy before the measurement began: load average 3.70 on 2 processors."), busy);
        assertTrue(busy.contains("overloaded during the measurement: load average up to 9.00"), busy);
        assertTrue(busy.contains("Other processes used 40.0 % of all processor time"), busy);
        assertTrue(busy.contains("took 10.0 % of all processor time away (steal)"), busy);
    }

    /** On a narrow screen the cells of a row stand below each other, or the box scrolls; no column is off the screen. */
    @Test
    void tables_onANarrowScreen_stayInTheirBox() throws Exception {
        String page = page(List.of(latency("NetMem", true, "a.hlog"), sized("NetMem", 1000, 7)));
        int tables = page.split("<table", -1).length - 1;
        assertTrue(tables > 0);
        assertEquals(tables, page.split("<div class=\"scroll\" tabindex=\"0\"><table", -1).length - 1, page);
        assertTrue(page.contains("width=device-width"), page);
        assertTrue(page.contains("@media (max-width: 45rem)"), page);
    }
}
