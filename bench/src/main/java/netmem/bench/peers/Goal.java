package netmem.bench.peers;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A goal and what was reached of it. Pure value.
 *
 * @param id P1 to P11
 * @param what is compared, with what
 * @param bound that the ratio or figure shall not pass
 * @param atMost whether the bound is an upper one
 * @param unit of figures that are no ratios; empty otherwise
 * @param reached empty where it could not be measured
 */
record Goal(String id, String what, double bound, boolean atMost, String unit, OptionalDouble reached) {
    static Goal atMost(String id, String what, double bound, OptionalDouble reached) {
        return new Goal(id, what, bound, true, "×", reached);
    }

    static Goal atLeast(String id, String what, double bound, OptionalDouble reached) {
        return new Goal(id, what, bound, false, "×", reached);
    }

    boolean met() {
        if (reached.isEmpty()) {
            return false;
        }
        return atMost ? reached.getAsDouble() <= bound : reached.getAsDouble() >= bound;
    }

    String boundText() {
        return (atMost ? "≤ " : "≥ ") + number(bound) + " " + unit;
    }

    String reachedText() {
        return reached.isPresent() ? number(reached.getAsDouble()) + " " + unit : "-";
    }

    String verdict() {
        if (reached.isEmpty()) {
            return "not measured";
        }
        return met() ? "reached" : "**missed**";
    }

    static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 || size == 0 ? "%.1f" : "%.2f", value);
    }
}
