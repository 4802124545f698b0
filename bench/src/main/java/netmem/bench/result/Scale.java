package netmem.bench.result;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a plot: where a value lies between two ends of the drawing. Pure value.
 *
 * @param low the value at the beginning
 * @param high the value at the end, above low
 * @param from the place of low
 * @param to the place of high
 * @param logarithmic equal ratios lie equally far apart; low is above 0 then
 */
record Scale(double low, double high, double from, double to, boolean logarithmic) {
    private static final double[] STEPS = {1, 2, 5};
    private static final double TICKS_LINEAR = 5;
    private static final int TICKS_MAX = 8;

    /** From 0 to a little above the largest value. */
    static Scale linear(double largest, double from, double to) {
        return new Scale(0, largest <= 0 ? 1 : largest * 1.08, from, to, false);
    }

    /** From a little below the smallest value to a little above the largest; values at or below 0 count as a thousandth. */
    static Scale logarithmic(double smallest, double largest, double from, double to) {
        double low = Math.max(smallest, 1e-3);
        double high = Math.max(largest, low * 1.5);
        return new Scale(low / 1.15, high * 1.15, from, to, true);
    }

    double place(double value) {
        double part = logarithmic
                ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
                : (value - low) / (high - low);
        return from + part * (to - from);
    }

    /** Round values between the ends. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (logarithmic) {
            for (double decade = Math.pow(10, Math.floor(Math.log10(low))); decade <= high; decade *= 10) {
                for (double step : STEPS) {
                    add(ticks, step * decade);
                }
            }
            if (ticks.size() > TICKS_MAX) {
                ticks.removeIf(tick -> Math.abs(Math.log10(tick) - Math.rint(Math.log10(tick))) > 1e-6);
            }
        } else {
            double step = roundStep((high - low) / TICKS_LINEAR);
            for (double tick = low; tick <= high; tick += step) {
                add(ticks, tick);
            }
        }
        return ticks;
    }

    private void add(List<Double> ticks, double tick) {
        if (tick >= low && tick <= high) {
            ticks.add(tick);
        }
    }

    private static double roundStep(double step) {
        double decade = Math.pow(10, Math.floor(Math.log10(step)));
        double leading = step / decade;
        return decade * (leading > 5 ? 10 : leading > 2 ? 5 : leading > 1 ? 2 : 1);
    }
}
