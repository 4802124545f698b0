package netmem.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import netmem.bench.cliff.BusyProcess;
import netmem.bench.cliff.Contender;
import netmem.bench.load.Progress;
import netmem.bench.load.Timing;
import netmem.bench.result.Environment;
import netmem.bench.result.Figure;
import netmem.bench.result.Histograms;
import netmem.bench.result.MachineWatch;
import netmem.bench.result.Result;
import netmem.client.NetMem;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Changes of pages that others change all the time. Filled by picocli. */
@Command(
        name = "contention",
        description = "update and transact beside writers of other words of the same pages, next to plain loops.",
        mixinStandardHelpOptions = true)
final class Contention implements Callable<Integer> {
    private static final String EXPERIMENT = "Contention";
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Timing BRIEF = Amount.timing(0, 0.2, 1);

    @Mixin
    final Place place = new Place();

    @Mixin
    final Amount amount = new Amount();

    @Option(
            names = "--writers",
            split = ",",
            paramLabel = "N",
            description = "how many change the pages meanwhile, each as fast as it is answered (default: 1,4,16)")
    List<Integer> writers = List.of(1, 4, 16);

    @Option(names = "--short", description = "show in seconds that it works; figures mean nothing")
    boolean brief;

    @Spec
    @Nullable
    CommandSpec spec;

    /** What a contender did in all of its rounds. Confined to one thread. */
    private static final class Done {
        private final Histogram latencies = Histograms.empty();
        private long nanos;
        private long failures;

        void round(Contender contender, NetMem client, long roundNanos) {
            long start = System.nanoTime();
            long now = start;
            while (now - start < roundNanos) {
                long before = now;
                failures += contender.add(client, DEADLINE) ? 0 : 1;
                now = System.nanoTime();
                Histograms.record(latencies, now - before);
            }
            nanos += now - start;
        }

        Map<String, Double> figures() {
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put(
                    Figure.THROUGHPUT_PER_S.key(), (latencies.getTotalCount() - failures) * NANOS_PER_SECOND / nanos);
            figures.putAll(Histograms.body(latencies));
            figures.put(Figure.MAX_US.key(), Histograms.micros(latencies, 100));
            figures.put("failures", (double) failures);
            return figures;
        }
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = Commands.line(spec).getOut();
        PrintWriter err = Commands.line(spec).getErr();
        Path folder = place.folder();
        Files.createDirectories(folder);
        Environment environment = Commands.environment();
        Timing timing = brief ? BRIEF : amount.timing();
        Duration planned = timing.total().multipliedBy((long) writers.size() * Contender.values().length);
        try (MachineWatch watch = MachineWatch.start(err);
                Lab lab = new Lab(place, List.of(Who.NETMEM));
                Progress progress = new Progress(err, planned)) {
            List<Result> results = new ArrayList<>();
            for (int count : writers) {
                results.addAll(measure(count, lab, timing, progress));
            }
            Path _ = Commands.write(
                    folder, "NetMem: contention", environment, watch, lab.versions(), results, List.of());
            out.println(table(results));
        }
        out.println("results: " + folder);
        out.flush();
        return 0;
    }

    private List<Result> measure(int count, Lab lab, Timing timing, Progress progress)
            throws IOException, InterruptedException {
        Map<Contender, Done> done = new EnumMap<>(Contender.class);
        String address = lab.netMem().address();
        try (NetMem client = place.access().builder(address).deadline(DEADLINE).connect();
                BusyProcess busy = BusyProcess.startWriters(count, address, place.authFile)) {
            busy.on();
            for (int round = -1; round < timing.rounds(); round++) {
                for (Contender contender : Contender.values()) {
                    Duration length = round < 0 ? timing.warmUp() : timing.round();
                    progress.begins(count + " writers: " + contender.words(), length);
                    Done to = round < 0 ? new Done() : done.computeIfAbsent(contender, _ -> new Done());
                    to.round(contender, client, length.toNanos());
                }
            }
            busy.off();
        }
        List<Result> results = new ArrayList<>();
        done.forEach((contender, what) -> {
            Map<String, String> load = new LinkedHashMap<>();
            load.put("writers", Integer.toString(count));
            load.put("pages", Integer.toString(contender.pages()));
            results.add(new Result(EXPERIMENT, contender.words(), load, what.figures(), null, true));
        });
        return results;
    }

    private static String table(List<Result> results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("writers", "way", "changes/s", "p50 µs", "p99 µs", "max µs", "failures"));
        for (Result result : results) {
            rows.add(List.of(
                    result.load().getOrDefault("writers", ""),
                    result.contestant(),
                    number(result, Figure.THROUGHPUT_PER_S.key()),
                    number(result, Figure.P50_US.key()),
                    number(result, Figure.P99_US.key()),
                    number(result, Figure.MAX_US.key()),
                    number(result, "failures")));
        }
        return TextTable.aligned(rows, 0b10);
    }

    private static String number(Result result, String figure) {
        return String.format(Locale.ROOT, "%.0f", result.figures().getOrDefault(figure, 0.0));
    }
}
