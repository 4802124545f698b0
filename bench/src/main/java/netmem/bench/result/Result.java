package netmem.bench.result;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one contestant reached in one experiment under one load: of a single round, or of several: medians, and latencies
 * of an open loop of all rounds together, as its histogram has them. Pure value.
 *
 * @param experiment what was asked, such as {@code open loop}; results of one experiment are shown together
 * @param contestant who did the work, such as {@code NetMem} or {@code Redis (Lettuce)}
 * @param load how it was driven, by name, in the order to show: operation, connections, page-length and so on. The name
 *     {@link #AXIS} says which other entry is the x-axis of a plot
 * @param figures by the keys of {@link Figure}, or others, which are shown as they stand; finite. Medians have beside each
 *     figure its smallest and largest round, under the key with {@link #LOW} and {@link #HIGH} behind
 * @param hlog the histogram's file, relative to the result file; null where latency was not measured
 * @param rateReached false when an open-loop run fell behind its rate: its latencies are then those of a queue
 */
public record Result(
        String experiment,
        String contestant,
        Map<String, String> load,
        Map<String, Double> figures,
        @Nullable String hlog,
        boolean rateReached) {
    /** In {@link #load()}: names the entry that varies along the x-axis of a plot, such as {@code pages}. */
    public static final String AXIS = "axis";

    /** Behind the key of a figure: its smallest round. */
    public static final String LOW = ".low";

    /** Behind the key of a figure: its largest round. */
    public static final String HIGH = ".high";

    /** Keeps the order of load and figures; refuses figures that are no numbers. */
    public Result {
        load = Collections.unmodifiableMap(new LinkedHashMap<>(load));
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
        figures.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: a finite number)");
            }
        });
    }

    /** Returns a figure, where it was measured. */
    public OptionalDouble figure(Figure figure) {
        Double value = figures.get(figure.key());
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** Returns the same with the file of its histogram. */
    public Result withHlog(String file) {
        return new Result(experiment, contestant, load, figures, file, rateReached);
    }

    /**
     * Sums up rounds of the same experiment, contestant and load: medians of each figure that all rounds have, with the
     * extremes beside them. The rate counts as reached when it was reached in more than half of the rounds.
     */
    public static Result median(List<Result> rounds) {
        Result first = rounds.getFirst();
        Map<String, Double> medians = new LinkedHashMap<>();
        Map<String, Double> extremes = new LinkedHashMap<>();
        for (String name : first.figures.keySet()) {
            if (!rounds.stream().allMatch(round -> round.figures.containsKey(name))) {
                continue;
            }
            double[] sorted = rounds.stream()
                    .mapToDouble(round -> round.figures.getOrDefault(name, 0.0))
                    .sorted()
                    .toArray();
            medians.put(name, median(sorted));
            extremes.put(name + LOW, sorted[0]);
            extremes.put(name + HIGH, sorted[sorted.length - 1]);
        }
        medians.put(Figure.ROUNDS.key(), (double) rounds.size());
        medians.putAll(extremes);
        long reached = rounds.stream().filter(Result::rateReached).count();
        return new Result(
                first.experiment, first.contestant, first.load, medians, first.hlog, reached * 2 > rounds.size());
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The load without its value on the x-axis: results that agree in it belong on one line. */
    Map<String, String> loadWithoutAxis() {
        Map<String, String> rest = new LinkedHashMap<>(load);
        String axis = rest.get(AXIS);
        if (axis != null) {
            rest.remove(axis);
        }
        return rest;
    }

    /** Where it stands on the x-axis; empty without one, or when the value there is no number. */
    OptionalDouble axisValue() {
        String axis = load.get(AXIS);
        String value = axis == null ? null : load.get(axis);
        if (value == null) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Double.parseDouble(value));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** The names of all figures of these results, extremes left out: known ones in the order of {@link Figure}, then the others. */
    static List<String> figureNames(List<Result> results) {
        TreeSet<String> present = new TreeSet<>();
        results.forEach(result -> present.addAll(result.figures.keySet()));
        present.removeIf(name -> name.endsWith(LOW) || name.endsWith(HIGH));
        List<String> names = new ArrayList<>();
        for (Figure figure : Figure.values()) {
            if (present.remove(figure.key())) {
                names.add(figure.key());
            }
        }
        names.addAll(present);
        return names;
    }
}
