package netmem.server.latency;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One histogram for each kind of operation that occurred. Confined to the monitor of its {@link Latencies}. */
final class Intervals {
    /** Takes one kind's histogram. */
    interface Visitor {
        void visit(int kind, Histogram histogram);
    }

    private final @Nullable Histogram[] byKind = new @Nullable Histogram[Latencies.KINDS];

    void add(int kind, Histogram interval) {
        Histogram sum = byKind[kind];
        if (sum == null) {
            sum = new Histogram(1, Latencies.NANOS_MAX, Latencies.DIGITS);
            byKind[kind] = sum;
        }
        sum.add(interval);
    }

    void forEach(Visitor visitor) {
        for (int kind = 0; kind < byKind.length; kind++) {
            Histogram histogram = byKind[kind];
            if (histogram != null) {
                visitor.visit(kind, histogram);
            }
        }
    }
}
