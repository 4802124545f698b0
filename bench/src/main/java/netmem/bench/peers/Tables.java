package netmem.bench.peers;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import netmem.bench.result.Environment;
import netmem.bench.result.MachineWatch;
import netmem.bench.result.Report;
import netmem.bench.result.Result;
import netmem.bench.result.ResultFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that measures everything beside everybody and writes docs/benchmarks.md. Confined to one thread. */
@Command(
        name = "tables",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures servers, client libraries, size, garbage and start beside Redis, memcached and a C floor,"
                        + " and writes results.json, report.html and the page of docs/benchmarks.md.")
public final class Tables implements Callable<Integer> {
    @Option(names = "--root", paramLabel = "FOLDER", description = "work tree of NetMem (default: ${DEFAULT-VALUE})")
    private Path root = Path.of(System.getProperty("netmem.root", "."));

    @Option(
            names = "--launcher",
            paramLabel = "FILE",
            description = "bin/netmem-server of the image to measure (default: the image that was built)")
    private @Nullable Path launcher;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "where results go (default: bench/target/tables in the work tree)")
    private @Nullable Path folder;

    @Option(
            names = "--page",
            paramLabel = "FILE",
            description = "the page to write (default: benchmarks.md beside the results)")
    private @Nullable Path page;

    @Option(names = "--short", description = "show in less than 20 seconds that it works; figures mean nothing")
    private boolean brief;

    @Option(names = "--long", description = "longer and more rounds, three quarters of an hour")
    private boolean thorough;

    @Option(names = "--only", split = ",", paramLabel = "PART", description = "${COMPLETION-CANDIDATES} (default: all)")
    private List<Part> parts = List.of(Part.values());

    @Spec
    private @Nullable CommandSpec spec;

    /** What can be measured by itself. */
    enum Part {
        SERVERS,
        SIZE,
        GARBAGE,
        START,
        CLIENTS
    }

    /** Runs the command alone. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Tables())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("spec: not set (expected: run by picocli)");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter progress = spec.commandLine().getErr();
        Path results = folder == null ? root.resolve("bench/target/tables") : folder;
        Path image = launcher == null ? root.resolve("jlink/target/netmem/bin/netmem-server") : launcher;
        Files.createDirectories(results);
        Environment environment = Environment.here(root, Map.of());
        long start = System.nanoTime();
        MachineWatch watch = MachineWatch.start(progress);
        Field field = new Field(root, image, what -> say(progress, at(start) + "    " + what));
        field.skipped().forEach(what -> say(progress, "not measured: " + what));
        List<Result> measured = new ArrayList<>();
        for (Part part : parts) {
            Experiment experiment = experiment(part, image, results);
            say(progress, at(start) + experiment.title());
            measured.addAll(experiment.run(effort(), field));
        }
        ResultFile file = new ResultFile(
                environment.withVersions(field.versions()).with(watch.found()), measured, field.skipped());
        watch.close();
        file.write(results.resolve("results.json"));
        Path written = page == null ? results.resolve("benchmarks.md") : page;
        Files.writeString(written, BenchmarksPage.of(file, command()));
        Report.write(results.resolve("report.html"), "NetMem beside others", file, results);
        say(progress, at(start) + "done");
        List<Goal> goals = Goals.of(measured);
        goals.stream()
                .filter(goal -> goal.reached().isPresent())
                .forEach(goal -> out.printf(
                        "%-4s %-9s %10s %10s  %s%n",
                        goal.id(),
                        goal.met() ? "reached" : "missed",
                        goal.boundText(),
                        goal.reachedText(),
                        goal.what()));
        say(out, "results: " + results);
        say(out, "page: " + written);
        return 0;
    }

    private static void say(PrintWriter to, String line) {
        to.println(line);
        to.flush();
    }

    /** How long it has taken so far, for the beginning of a line. */
    private static String at(long start) {
        return String.format(Locale.ROOT, "%4.0f s  ", (System.nanoTime() - start) / 1e9);
    }

    private Effort effort() {
        if (brief) {
            return Effort.brief();
        }
        return thorough ? Effort.thorough() : Effort.usual();
    }

    private String command() {
        return "bench/netmem-bench tables" + (brief ? " --short" : thorough ? " --long" : "");
    }

    private static Experiment experiment(Part part, Path image, Path results) {
        return switch (part) {
            case SERVERS -> new ServerExperiment();
            case SIZE -> new SizeExperiment();
            case GARBAGE -> new GarbageExperiment();
            case START -> new StartExperiment();
            case CLIENTS -> new ClientExperiment(image, results.resolve("clients"));
        };
    }
}
