package netmem.server.latency;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import netmem.api.wire.Opcode;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long the operations of one server took, since it started. Shared; its {@link Recorder}s are not.
 *
 * <p>Each event loop records into its own recorder without waiting for anybody. Whoever asks takes what each recorder has gathered
 * since the last question and adds it to the totals, under this object's monitor.
 */
public final class Latencies {
    /** Longest time told apart: above it all count as this. */
    static final long NANOS_MAX = 60_000_000_000L;

    /** Significant decimal digits of a recorded value. */
    static final int DIGITS = 3;

    /** Operations are told apart by their code, 0 to this - 1. */
    static final int KINDS = Opcode.REPLY;

    private final List<Recorder> recorders = new CopyOnWriteArrayList<>();
    private final Intervals totals = new Intervals();
    private @Nullable Intervals sinceLogged;

    /** Creates an empty collection. */
    public Latencies() {}

    /**
     * Makes a recorder for one event loop; it stays part of this collection.
     *
     * @return a recorder for one thread
     */
    public Recorder recorder() {
        Recorder recorder = new Recorder();
        recorders.add(recorder);
        return recorder;
    }

    /**
     * Returns what operations took since the server started, for those that ran.
     *
     * @return one row an operation, in the order of their codes
     */
    public synchronized List<OperationLatency> table() {
        collect();
        List<OperationLatency> rows = new ArrayList<>();
        totals.forEach((kind, histogram) -> rows.add(OperationLatency.of(name(kind), histogram)));
        return rows;
    }

    /**
     * Returns the same as names and numbers, as STATS sends them: {@code read-count}, {@code read-p50-nanos} and so on.
     *
     * @return a new map, in the order of the operations' codes
     */
    public Map<String, Long> summary() {
        Map<String, Long> values = new LinkedHashMap<>();
        table().forEach(row -> row.putInto(values));
        return values;
    }

    /** Starts to keep apart, beside the totals, what {@link #takeInterval} hands out. */
    synchronized void keepIntervals() {
        collect();
        sinceLogged = new Intervals();
    }

    /** Returns what was recorded since the last call, tagged with the names of the operations, and starts anew. */
    synchronized List<Histogram> takeInterval() {
        List<Histogram> tagged = new ArrayList<>();
        if (sinceLogged == null) {
            return tagged;
        }
        collect();
        sinceLogged.forEach((kind, histogram) -> {
            histogram.setTag(name(kind));
            tagged.add(histogram);
        });
        sinceLogged = new Intervals();
        return tagged;
    }

    private void collect() {
        for (Recorder recorder : recorders) {
            for (int kind = 0; kind < KINDS; kind++) {
                Histogram interval = recorder.takeInterval(kind);
                if (interval != null && interval.getTotalCount() > 0) {
                    totals.add(kind, interval);
                    if (sinceLogged != null) {
                        sinceLogged.add(kind, interval);
                    }
                }
            }
        }
    }

    private static String name(int kind) {
        Opcode opcode = Opcode.ofCode(kind);
        return opcode == null
                ? "operation-" + kind
                : opcode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
