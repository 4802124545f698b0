package netmem.bench.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Latency against percentile. The x-axis gives each further nine the same room, so that the slowest of 10 000 operations
 * is seen as well as the middle one; both axes are logarithmic. Pure.
 */
final class PercentilePlot {
    private static final double[] PERCENTILES = {0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999};
    private static final int STEPS_PER_HALVING = 5;
    private static final double NANOS_PER_MICRO = 1e3;

    private PercentilePlot() {}

    /** Draws the histograms of a group by the names of their contestants. */
    static String of(String caption, Map<String, Histogram> histograms) {
        double countMax = 10;
        double smallest = Double.MAX_VALUE;
        double largest = 0;
        for (Histogram histogram : histograms.values()) {
            countMax = Math.max(countMax, (double) histogram.getTotalCount());
            smallest = Math.min(smallest, histogram.getMinNonZeroValue() / NANOS_PER_MICRO);
            largest = Math.max(largest, histogram.getMaxValue() / NANOS_PER_MICRO);
        }
        Plot plot = new Plot(
                new Scale(1, countMax, Plot.LEFT, Plot.RIGHT, true),
                Scale.logarithmic(smallest, largest, Plot.BOTTOM, Plot.TOP));
        for (double percentile : PERCENTILES) {
            if (oneIn(percentile) <= countMax) {
                plot.tickX(oneIn(percentile), shown(percentile));
            }
        }
        plot.axes("percentile: so many operations took at most (each nine the same room)", "latency, µs (logarithmic)");
        histograms.forEach((name, histogram) -> plot.curve(new Plot.Curve(name, name, points(histogram))));
        return plot.figure(caption);
    }

    /** 99.9 is one in 1000. */
    private static double oneIn(double percentile) {
        return 100 / (100 - percentile);
    }

    private static String shown(double percentile) {
        return String.format(
                Locale.ROOT, "%s%%", percentile == Math.rint(percentile) ? (Object) (int) percentile : percentile);
    }

    private static List<Plot.Point> points(Histogram histogram) {
        List<Plot.Point> points = new ArrayList<>();
        for (HistogramIterationValue step : histogram.percentiles(STEPS_PER_HALVING)) {
            double x = Math.min(
                    oneIn(Math.min(step.getPercentileLevelIteratedTo(), 99.99999)), (double) histogram.getTotalCount());
            points.add(new Plot.Point(x, step.getValueIteratedTo() / NANOS_PER_MICRO, "", false));
        }
        for (double percentile : PERCENTILES) {
            if (percentile > 0 && oneIn(percentile) <= histogram.getTotalCount()) {
                double micros = Histograms.micros(histogram, percentile);
                String said = shown(percentile) + " took at most " + Html.number(micros) + " µs";
                points.add(new Plot.Point(oneIn(percentile), micros, said, true));
            }
        }
        points.sort(Comparator.comparingDouble(Plot.Point::x));
        return points;
    }
}
