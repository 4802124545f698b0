package netmem.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import netmem.bench.load.Comparison;
import netmem.bench.load.Contestant;
import netmem.bench.load.Load;
import netmem.bench.load.Progress;
import netmem.bench.load.Timing;
import netmem.bench.process.Placed;
import netmem.bench.result.Environment;
import netmem.bench.result.MachineWatch;
import netmem.bench.result.Result;

/** A measurement from its plan to its files: comparisons one after the other, then table, results and report. Confined to one thread. */
final class Session {
    /** What results of an open loop are called. */
    static final String OPEN = "Open loop";

    /** What results of a closed loop are called. */
    static final String CLOSED = "Closed loop";

    /** One comparison: who, under which load. */
    private record Step(Load load, Set<Who> who, Timing timing) {}

    private final Place place;
    private final List<Who> who;
    private final List<Step> steps = new ArrayList<>();

    Session(Place place, List<Who> who) {
        this.place = place;
        this.who = who;
    }

    /** Plans a comparison of some of those who take part. */
    Session plan(Load load, Set<Who> some, Timing timing) {
        steps.add(new Step(load, some, timing));
        return this;
    }

    /** Plans a comparison of all. */
    Session plan(Load load, Timing timing) {
        return plan(load, Set.copyOf(who), timing);
    }

    /** Measures, prints and writes. */
    int run(String title, PrintWriter out, PrintWriter err) throws IOException, InterruptedException {
        Path folder = place.folder();
        Files.createDirectories(folder);
        Environment environment = Commands.environment();
        try (MachineWatch watch = MachineWatch.start(err);
                Lab lab = new Lab(place, who);
                Progress progress = new Progress(err, planned(lab))) {
            lab.skipped().forEach(reason -> err.println("not measured: " + reason));
            err.flush();
            List<Result> results = new ArrayList<>();
            for (Step step : steps) {
                String experiment = step.load.ratePerSecond().isPresent() ? OPEN : CLOSED;
                Load load = lab.placeable(step.load);
                Placed placed = lab.place(load.placement());
                try {
                    results.addAll(new Comparison(experiment, lab.target(), load, step.timing, progress)
                            .run(takingPart(lab, step), folder));
                } finally {
                    placed.close();
                }
            }
            Path report = Commands.write(folder, title, environment, watch, lab.versions(), results, lab.skipped());
            out.println(TextTable.of(results));
            out.println("results and histograms: " + folder);
            out.println("report: " + report.toAbsolutePath().toUri());
            out.flush();
            return 0;
        }
    }

    private static List<Contestant> takingPart(Lab lab, Step step) {
        return lab.contestants().stream()
                .filter(contestant -> step.who.stream().anyMatch(one -> one.plays(contestant.name())))
                .filter(contestant -> contestant.plays(step.load))
                .toList();
    }

    private Duration planned(Lab lab) {
        Duration sum = Duration.ZERO;
        for (Step step : steps) {
            sum = sum.plus(
                    step.timing.total().multipliedBy(takingPart(lab, step).size()));
        }
        return sum;
    }
}
