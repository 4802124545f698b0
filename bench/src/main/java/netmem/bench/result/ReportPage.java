package netmem.bench.result;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Lays out one report. Confined to one thread. */
final class ReportPage {
    private static final List<Figure> BARS = List.of(Figure.THROUGHPUT_PER_S, Figure.SERVER_CPU_US_PER_OP);
    private static final List<Figure> CURVES =
            List.of(Figure.SERVER_CPU_US_PER_OP, Figure.THROUGHPUT_PER_S, Figure.P50_US, Figure.P99_US);
    private static final String HOW_TO_READ = """
            <p><b>Contestants take turns</b>, round after round, so that a disturbance of the machine meets all of them. A figure is the
            median of its rounds. The latencies p50 to the maximum are of all rounds together, in the tables as in the curves; only call p50
            and begun late are medians. Rest the pointer on a figure to see its smallest and largest round. The small <b>× number</b> below a figure is its ratio to the first contestant under the same load.</p>
            <p><b>Open loop</b>: operations are due at fixed instants, as they are when users do not wait for each other, and latency counts from the
            instant at which the operation was due, not from when it could be sent. So a server or a client that stops for a moment is
            charged for all that came due meanwhile. <b>p99</b> is the latency that 99 of 100 operations did not exceed. <b>FAIL</b> marks a run that did
            not reach 99 % of its rate: its latencies are those of a growing queue, and say nothing else.</p>
            <p><b>Closed loop</b>: so many callers each begin an operation when their last one is answered. That gives throughput, never latency.
            <b>Call p50</b> is of a single caller: what a call takes when nobody else is there. <b>Processors one</b>: caller and server share one,
            so that neither idle states nor wake-ups of another processor are in it; <b>two, kept awake</b>: each has its own, kept from sleeping.</p>
            <p><b>Server CPU</b> is the processor time, user and system, that the server used for an operation: the steadiest figure on a machine with
            other work. <b>Client CPU</b> and <b>client garbage</b> are of the whole measuring process, the rig's own part included. <b>Bare socket</b> sends
            frames of the same length through a blocking socket to a server that does nothing: no client of this machine can be faster. <b>C socket</b> sends the bytes of a
            validated read to NetMem's server by a blocking socket in C: what NetMem's client takes beyond it is the client's own.
            <b>C floor</b> is a server in C that checks nothing. Both axes of the curves of latency are logarithmic, as are others that say so.</p>
            """;

    private final String title;
    private final ResultFile contents;
    private final Path folder;
    private final StringBuilder out = new StringBuilder();

    ReportPage(String title, ResultFile contents, Path folder) {
        this.title = title;
        this.contents = contents;
        this.folder = folder;
    }

    String html() throws IOException {
        out.append("<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\n");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(Html.escaped(title));
        out.append("</title>\n<style>\n").append(style()).append("</style></head>\n<body>\n<h1>");
        out.append(Html.escaped(title)).append("</h1>\n");
        summary();
        Map<String, List<Result>> experiments = new LinkedHashMap<>();
        for (Result result : contents.results()) {
            experiments
                    .computeIfAbsent(result.experiment(), _ -> new ArrayList<>())
                    .add(result);
        }
        for (Map.Entry<String, List<Result>> experiment : experiments.entrySet()) {
            section(experiment.getKey(), experiment.getValue());
        }
        out.append("<h2>How to read this page</h2>\n").append(HOW_TO_READ);
        environment();
        return out.append("</body></html>\n").toString();
    }

    private static String style() throws IOException {
        try (InputStream file = ReportPage.class.getResourceAsStream("report.css")) {
            if (file == null) {
                throw new IOException("report.css: not beside " + ReportPage.class.getName());
            }
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    private void summary() {
        Environment where = contents.environment();
        out.append("<p class=\"faint\">").append(Html.escaped(where.date())).append(" · ");
        out.append(Html.escaped(where.cpu())).append(", ").append(where.cores()).append(" cores · commit ");
        out.append(Html.escaped(where.commit()))
                .append(where.dirty() ? " with changes" : "")
                .append("</p>\n");
        long failed = contents.results().stream()
                .filter(result -> !result.rateReached())
                .count();
        if (failed > 0) {
            out.append("<p class=\"fail\">FAIL: ")
                    .append(failed)
                    .append(" of ")
                    .append(contents.results().size());
            out.append(" runs did not reach their rate; their latencies are those of a queue.</p>\n");
        }
        for (String warning : where.warnings()) {
            out.append("<p class=\"fail\">").append(Html.escaped(warning));
            out.append(
                    " Latency and throughput say little; look at server CPU, or measure again on a quiet machine.</p>\n");
        }
        for (String missing : contents.skipped()) {
            out.append("<p><b>Not measured:</b> ").append(Html.escaped(missing)).append("</p>\n");
        }
    }

    private void section(String experiment, List<Result> results) throws IOException {
        out.append("<h2>").append(Html.escaped(experiment)).append("</h2>\n");
        List<Map<String, String>> loads = results.stream().map(Result::load).toList();
        Map<String, String> common = LoadWords.common(loads);
        if (!common.isEmpty()) {
            out.append("<p class=\"faint\">All with ")
                    .append(Html.escaped(LoadWords.sentence(common)))
                    .append(".</p>\n");
        }
        Map<String, List<Result>> groups = new LinkedHashMap<>();
        for (Result result : results) {
            groups.computeIfAbsent(LoadWords.differing(result.load(), loads), _ -> new ArrayList<>())
                    .add(result);
        }
        out.append(ResultTable.of(groups)).append("<div class=\"plots\">\n");
        plots(groups, results);
        out.append("</div>\n");
    }

    private void plots(Map<String, List<Result>> groups, List<Result> results) throws IOException {
        List<Result> sized = results.stream()
                .filter(result -> result.axisValue().isPresent())
                .toList();
        boolean latencies = false;
        for (Map.Entry<String, List<Result>> group : groups.entrySet()) {
            Map<String, Histogram> histograms = new LinkedHashMap<>();
            for (Result result : group.getValue()) {
                String file = result.hlog();
                if (file != null) {
                    histograms.put(result.contestant(), Histograms.read(folder.resolve(file)));
                }
            }
            histograms.values().removeIf(histogram -> histogram.getTotalCount() == 0);
            if (!histograms.isEmpty()) {
                latencies = true;
                out.append(PercentilePlot.of("Latency: " + group.getKey(), histograms));
            }
        }
        if (!sized.isEmpty()) {
            sizePlots(sized);
        } else if (!latencies) {
            bars(groups, results);
        }
    }

    private void sizePlots(List<Result> sized) {
        for (Figure figure : CURVES) {
            List<Result> having = sized.stream()
                    .filter(result -> result.figure(figure).isPresent())
                    .toList();
            Map<String, List<Result>> byOperation = new LinkedHashMap<>();
            having.forEach(result -> byOperation
                    .computeIfAbsent(result.load().getOrDefault("operation", ""), _ -> new ArrayList<>())
                    .add(result));
            byOperation.forEach((operation, some) -> out.append(SizePlot.of(figure.key(), operation, some)));
        }
    }

    private void bars(Map<String, List<Result>> groups, List<Result> results) {
        for (Figure figure : BARS) {
            if (results.stream().allMatch(result -> result.figure(figure).isPresent())) {
                out.append(BarChart.of(figure, groups));
            }
        }
    }

    private void environment() {
        Environment where = contents.environment();
        out.append("<h2>Where it was measured</h2>\n<dl>");
        entry("date", where.date());
        entry("NetMem", where.commit() + (where.dirty() ? ", with changes that are not in it" : ""));
        entry("processor", where.cpu() + ", " + where.cores() + " cores for the JVM");
        entry("memory", Html.number(where.memoryBytes() / (double) (1 << 20)) + " MiB");
        entry("kernel", where.kernel());
        entry("JDK", where.jdk());
        entry("flags", String.join(" ", where.flags()));
        entry("load average at the start", where.loadAverage());
        Disturbance disturbance = where.disturbance();
        if (disturbance != null) {
            entry("what else the machine did", disturbance.words());
        }
        where.versions().forEach(this::entry);
        out.append("</dl>\n");
    }

    private void entry(String name, String value) {
        out.append("<dt>")
                .append(Html.escaped(name))
                .append("</dt><dd>")
                .append(Html.escaped(value))
                .append("</dd>\n");
    }
}
