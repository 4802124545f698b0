package netmem.bench.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import netmem.bench.result.Figure;
import netmem.bench.result.Histograms;
import org.HdrHistogram.Histogram;

/**
 * What all callers did in one round. Pure value.
 *
 * @param done operations that were answered
 * @param due operations that the rate asked for; as many as were done in a closed loop
 * @param elapsedNanos until the last answer
 * @param latencies of all, with the time in which they were recorded
 * @param lag how late operations were begun
 * @param used by server and client in that time
 */
public record Round(long done, long due, long elapsedNanos, Histogram latencies, Histogram lag, Meter used) {
    /** Below this part of its rate a run has failed. */
    static final double REACHED_MIN = 0.99;

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    /** Adds up callers of a round that began, by the wall clock, at {@code beganMillis} since 1970. */
    static Round of(List<Caller.Count> callers, long beganMillis, Meter used) {
        long done = 0;
        long due = 0;
        long elapsedNanos = 1;
        Histogram latencies = Histograms.empty();
        Histogram lag = Histograms.empty();
        for (Caller.Count caller : callers) {
            done += caller.done();
            due += caller.due();
            elapsedNanos = Math.max(elapsedNanos, caller.elapsedNanos());
            latencies.add(caller.latencies());
            lag.add(caller.lag());
        }
        Histograms.recorded(latencies, beganMillis, elapsedNanos);
        return new Round(done, due, elapsedNanos, latencies, lag, used);
    }

    double throughputPerSecond() {
        return done * NANOS_PER_SECOND / elapsedNanos;
    }

    /** Of the rate; 1 where nothing was due. */
    double reached() {
        return due == 0 ? 1 : (double) done / due;
    }

    boolean rateReached() {
        return reached() >= REACHED_MIN;
    }

    /** All figures but latencies. */
    Map<String, Double> costs() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Figure.THROUGHPUT_PER_S.key(), throughputPerSecond());
        if (done > 0) {
            if (used.serverCpuNanos() >= 0) {
                figures.put(Figure.SERVER_CPU_US_PER_OP.key(), perOperation(used.serverCpuNanos()) / NANOS_PER_MICRO);
            }
            figures.put(Figure.CLIENT_CPU_US_PER_OP.key(), perOperation(used.clientCpuNanos()) / NANOS_PER_MICRO);
            figures.put(Figure.CLIENT_ALLOC_BYTES_PER_OP.key(), perOperation(used.clientAllocatedBytes()));
        }
        return figures;
    }

    private double perOperation(long amount) {
        return (double) amount / done;
    }
}
