package netmem.bench.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A figure against a size: one curve for each contestant and load that differ in nothing but their place on the x-axis. Pure. */
final class SizePlot {
    private static final double SPREAD_FOR_LOGARITHMIC = 16;

    private static final double KIBI = 1 << 10;
    private static final double MEBI = 1 << 20;

    private SizePlot() {}

    /** Draws a figure of results of one operation that all have a place on the axis. */
    static String of(String figureKey, String operation, List<Result> results) {
        String axis = results.getFirst().load().getOrDefault(Result.AXIS, "size");
        String title = Figure.ofKey(figureKey)
                .map(figure -> figure.title() + (figure.unit().isEmpty() ? "" : ", " + figure.unit()))
                .orElse(figureKey);
        Map<String, List<Result>> curves = new LinkedHashMap<>();
        results.forEach(result -> curves.computeIfAbsent(name(result, results), _ -> new ArrayList<>())
                .add(result));
        TreeSet<Double> sizes = new TreeSet<>();
        double largest = 0;
        double smallest = Double.MAX_VALUE;
        for (Result result : results) {
            sizes.add(size(result));
            largest = Math.max(largest, value(result, figureKey));
            smallest = Math.min(smallest, value(result, figureKey));
        }
        double ends = sizes.last() / Math.max(sizes.first(), 1e-3);
        Scale x = ends > SPREAD_FOR_LOGARITHMIC
                ? Scale.logarithmic(sizes.first(), sizes.last(), Plot.LEFT, Plot.RIGHT)
                : Scale.linear(sizes.last(), Plot.LEFT, Plot.RIGHT);
        Scale y = smallest > 0 && largest / smallest > SPREAD_FOR_LOGARITHMIC
                ? Scale.logarithmic(smallest, largest, Plot.BOTTOM, Plot.TOP)
                : Scale.linear(largest, Plot.BOTTOM, Plot.TOP);
        Plot plot = new Plot(x, y);
        sizes.forEach(size -> plot.tickX(size, label(axis, size)));
        plot.axes(axis + kind(x), title + kind(y));
        curves.forEach((name, members) -> plot.curve(
                new Plot.Curve(members.getFirst().contestant(), name, points(members, figureKey, axis, title))));
        return plot.figure((operation.isEmpty() ? "" : operation + ": ") + title + " against " + axis);
    }

    /** Lengths are powers of two. */
    private static String label(String axis, double size) {
        if (!axis.endsWith("length")) {
            return Html.tick(size);
        }
        if (size >= MEBI) {
            return Html.tick(size / MEBI) + " MiB";
        }
        return size >= KIBI ? Html.tick(size / KIBI) + " KiB" : Html.tick(size) + " B";
    }

    private static String kind(Scale scale) {
        return scale.logarithmic() ? " (logarithmic)" : "";
    }

    private static String name(Result result, List<Result> results) {
        String load = LoadWords.differing(
                result.loadWithoutAxis(),
                results.stream().map(Result::loadWithoutAxis).toList());
        return load.isEmpty() ? result.contestant() : result.contestant() + ", " + load;
    }

    private static List<Plot.Point> points(List<Result> members, String figureKey, String axis, String title) {
        return members.stream()
                .sorted(Comparator.comparingDouble(SizePlot::size))
                .map(result -> new Plot.Point(
                        size(result),
                        value(result, figureKey),
                        Html.number(value(result, figureKey)) + " (" + title + ") at " + Html.number(size(result)) + " "
                                + axis,
                        true))
                .toList();
    }

    private static double size(Result result) {
        return result.axisValue().orElse(0);
    }

    private static double value(Result result, String figureKey) {
        return result.figures().getOrDefault(figureKey, 0.0);
    }
}
