package netmem.bench.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What else the machine did, before and during a measurement. Pure value; a number below 0 is one that nobody could tell.
 *
 * @param processors of the machine
 * @param loadBefore load average of the last minute when it began
 * @param loadDuring the highest load average of a minute while it went on; the bench's own threads are in it
 * @param othersPart of all processor time, used by processes that the bench did not start; 0 to 1
 * @param stealPart of all processor time, taken by the host of this virtual machine; 0 to 1
 */
public record Disturbance(int processors, double loadBefore, double loadDuring, double othersPart, double stealPart) {
    /** The load of a machine that does nothing else, for each processor. */
    private static final double LOAD_MAX = 0.5;

    /** Bench and servers have a few threads for each processor that want to run; beyond that it is somebody else's. */
    private static final double LOAD_DURING_MAX = 4;

    private static final double OTHERS_MAX = 0.1;
    private static final double STEAL_MAX = 0.02;
    private static final double PERCENT = 100;

    /** What is known before it begins. */
    static Disturbance before(int processors, double load) {
        return new Disturbance(processors, load, -1, -1, -1);
    }

    /** The worse of two measurements that are shown together. */
    Disturbance and(Disturbance other) {
        return new Disturbance(
                processors,
                Math.max(loadBefore, other.loadBefore),
                Math.max(loadDuring, other.loadDuring),
                Math.max(othersPart, other.othersPart),
                Math.max(stealPart, other.stealPart));
    }

    /** Why the machine was too busy for a measurement, a sentence each; empty when it was quiet. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (loadBefore > processors * LOAD_MAX) {
            warnings.add("The machine was busy before the measurement began: load average " + shown(loadBefore) + " on "
                    + processors + " processors.");
        }
        if (loadDuring > processors * LOAD_DURING_MAX) {
            warnings.add("The machine was overloaded during the measurement: load average up to " + shown(loadDuring)
                    + " on " + processors + " processors.");
        }
        if (othersPart > OTHERS_MAX) {
            warnings.add(
                    "Other processes used " + percent(othersPart) + " of all processor time during the measurement.");
        }
        if (stealPart > STEAL_MAX) {
            warnings.add("The host took " + percent(stealPart) + " of all processor time away (steal).");
        }
        return warnings;
    }

    /** All of it, for the table of where it was measured. */
    String words() {
        return "load average " + shown(loadBefore) + " before, up to " + shown(loadDuring) + " during, on " + processors
                + " processors; processor time of other processes " + percent(othersPart) + ", steal "
                + percent(stealPart);
    }

    private static String shown(double value) {
        return value < 0 ? "unknown" : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String percent(double part) {
        return part < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f %%", part * PERCENT);
    }
}
