package netmem.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import netmem.bench.cliff.Beside;
import netmem.bench.cliff.BusyProcess;
import netmem.bench.cliff.Cliff;
import netmem.bench.load.Comparison;
import netmem.bench.load.Load;
import netmem.bench.load.Mix;
import netmem.bench.load.NetMemContestant;
import netmem.bench.load.Operation;
import netmem.bench.load.Progress;
import netmem.bench.load.Target;
import netmem.bench.load.Timing;
import netmem.bench.result.Environment;
import netmem.bench.result.MachineWatch;
import netmem.bench.result.Result;
import netmem.client.NetMem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a reader and a writer suffer beside loads that give the server much to do at once. Filled by picocli. */
@Command(
        name = "cliffs",
        description = "Latency of a reader and of a writer beside loads on other pages that give the server much to do"
                + " at once, against calm rounds between.",
        mixinStandardHelpOptions = true)
final class Cliffs implements Callable<Integer> {
    private static final List<Operation> OPERATIONS = List.of(Operation.PAGE_READ, Operation.SMALL_WRITE);
    private static final Timing BRIEF = Amount.timing(0, 0.2, 1);

    @Mixin
    final Place place = new Place();

    @Mixin
    final Amount amount = new Amount();

    @Option(names = "--rate", paramLabel = "N", description = "of reads, and of writes (default: ${DEFAULT-VALUE})")
    double rate = 1000;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "LOAD",
            description = "some of the loads: ${COMPLETION-CANDIDATES} (default: all)")
    List<Cliff> cliffs = List.of(Cliff.values());

    @Option(names = "--short", description = "show in less than a minute that it works; figures mean nothing")
    boolean brief;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        place.pages = Math.max(place.pages, Cliff.PAGES);
        PrintWriter err = Commands.line(spec).getErr();
        PrintWriter out = Commands.line(spec).getOut();
        Path folder = place.folder();
        Files.createDirectories(folder);
        Environment environment = Commands.environment();
        CliffTable table = new CliffTable();
        Map<String, String> versions = new LinkedHashMap<>();
        List<Result> results = new ArrayList<>();
        try (MachineWatch watch = MachineWatch.start(err);
                Progress progress = new Progress(err, planned())) {
            for (Cliff cliff : cliffs) {
                try (Lab lab = new Lab(place, List.of(Who.NETMEM))) {
                    List<Result> measured = measure(cliff, lab, progress, folder);
                    table.add(cliff.words(), measured, longestHoldMicros(lab));
                    results.addAll(measured);
                    versions.putAll(lab.versions());
                }
            }
            Path _ =
                    Commands.write(folder, "NetMem beside much work", environment, watch, versions, results, List.of());
        }
        out.println(table);
        out.println("results and histograms: " + folder);
        out.flush();
        return 0;
    }

    private Timing timing() {
        return brief ? BRIEF : amount.timing();
    }

    private Duration planned() {
        return timing().total().multipliedBy(2L * OPERATIONS.size() * cliffs.size());
    }

    /** Calm and loaded rounds in turn: of reads, then of writes. */
    private List<Result> measure(Cliff cliff, Lab lab, Progress progress, Path folder)
            throws IOException, InterruptedException {
        NetMemContestant calm = lab.netMem().watching(Cliff.FIRST_PAGE, cliff.watchesOfTheMeasured());
        Target target = lab.target();
        Target measured = new Target(target.host(), target.port(), Cliff.FIRST_PAGE, target.pageLengthBytes());
        List<Result> results = new ArrayList<>();
        try (BusyProcess busy = BusyProcess.start(cliff, calm.address(), place.authFile)) {
            for (Operation operation : OPERATIONS) {
                Load load = Load.open(Mix.of(operation), 1, 1, rate);
                results.addAll(new Comparison(cliff.words(), measured, load, timing(), progress)
                        .run(List.of(calm, new Beside(calm, busy)), folder));
            }
        }
        return results;
    }

    /** Since the server's start, by its own account. */
    private long longestHoldMicros(Lab lab) {
        try (NetMem client = place.access().builder(lab.netMem().address()).connect()) {
            return client.stats().getOrDefault("monitor-longest-micros", 0L);
        }
    }
}
