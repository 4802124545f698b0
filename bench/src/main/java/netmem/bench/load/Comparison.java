package netmem.bench.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import netmem.bench.result.Figure;
import netmem.bench.result.Histograms;
import netmem.bench.result.Result;
import org.HdrHistogram.Histogram;

/**
 * Contestants under one load in turn: each warms up, then round after round all of them, in another order each time, so
 * that what disturbs the machine disturbs all alike. Confined to one thread.
 */
public final class Comparison {
    private final String experiment;
    private final Target target;
    private final Load load;
    private final Timing timing;
    private final Progress progress;

    /**
     * Plans a comparison.
     *
     * @param experiment what results call it
     * @param target pages and their length; host and port are each contestant's own
     */
    public Comparison(String experiment, Target target, Load load, Timing timing, Progress progress) {
        this.experiment = experiment;
        this.target = target;
        this.load = load;
        this.timing = timing;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @param contestants those that cannot be driven so are left out
     * @param folder where histograms go
     * @return medians, and latencies of all rounds together; one for each contestant, in their order
     */
    public List<Result> run(List<? extends Contestant> contestants, Path folder)
            throws IOException, InterruptedException {
        List<Runner> runners = new ArrayList<>();
        try {
            for (Contestant contestant : contestants) {
                if (contestant.plays(load)) {
                    runners.add(contestant.ready(load, target.pages()));
                }
            }
            return results(runners, folder);
        } finally {
            runners.forEach(Runner::close);
        }
    }

    private List<Result> results(List<Runner> runners, Path folder) throws IOException, InterruptedException {
        for (Runner runner : runners) {
            progress.begins(what(runner) + ", warm-up", timing.warmUp());
            if (!timing.warmUp().isZero()) {
                runner.run(timing.warmUp());
            }
        }
        Map<Runner, List<Round>> rounds = new HashMap<>();
        for (int i = 0; i < timing.rounds(); i++) {
            for (int j = 0; j < runners.size(); j++) {
                Runner runner = runners.get((i + j) % runners.size());
                progress.begins(what(runner) + ", round " + (i + 1) + " of " + timing.rounds(), timing.round());
                rounds.computeIfAbsent(runner, _ -> new ArrayList<>()).add(runner.run(timing.round()));
            }
        }
        List<Result> results = new ArrayList<>();
        for (Runner runner : runners) {
            results.add(result(runner, rounds.getOrDefault(runner, List.of()), folder));
        }
        return results;
    }

    private String what(Runner runner) {
        return experiment + ": " + runner.name() + ", " + load.mix();
    }

    private Result result(Runner runner, List<Round> rounds, Path folder) throws IOException {
        Histogram all = Histograms.empty();
        List<Result> each = new ArrayList<>();
        for (Round round : rounds) {
            all.add(round.latencies());
            each.add(result(runner, figures(round), round.rateReached()));
        }
        Result median = Result.median(each);
        Map<String, Double> figures = new LinkedHashMap<>(median.figures());
        if (load.ratePerSecond().isEmpty()) {
            return result(runner, figures, true);
        }
        figures.putAll(Histograms.body(all)); // all rounds together, as the curves are; each round gave the range
        figures.putAll(Histograms.tail(all));
        Path file = folder.resolve(fileName(runner));
        Histograms.write(file, rounds.stream().map(Round::latencies).toList());
        return result(runner, figures, median.rateReached())
                .withHlog(file.getFileName().toString());
    }

    private Result result(Runner runner, Map<String, Double> figures, boolean rateReached) {
        return new Result(experiment, runner.name(), load.described(target), figures, null, rateReached);
    }

    private Map<String, Double> figures(Round round) {
        Map<String, Double> figures = round.costs();
        OptionalDouble rate = load.ratePerSecond();
        if (rate.isPresent()) {
            figures.put(Figure.RATE_REACHED.key(), round.reached());
            figures.putAll(Histograms.body(round.latencies()));
            figures.put(Figure.BEGUN_LATE_P99_US.key(), Histograms.micros(round.lag(), 99));
        } else if (load.callers() == 1) {
            figures.put(Figure.CALL_P50_US.key(), Histograms.micros(round.latencies(), 50));
        }
        return figures;
    }

    private String fileName(Runner runner) {
        String words = experiment + " " + runner.name() + " "
                + String.join(" ", load.described(target).values());
        return words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "") + ".hlog";
    }
}
