package netmem.server.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * What one operation took, since the server started. Pure value.
 *
 * @param operation name as in the protocol, such as {@code read-many}
 * @param count how often it ran
 * @param p50Nanos half took at most this
 * @param p90Nanos 90 % took at most this
 * @param p99Nanos 99 % took at most this
 * @param p999Nanos 99.9 % took at most this
 * @param p9999Nanos 99.99 % took at most this
 * @param maxNanos all took at most this
 */
public record OperationLatency(
        String operation,
        long count,
        long p50Nanos,
        long p90Nanos,
        long p99Nanos,
        long p999Nanos,
        long p9999Nanos,
        long maxNanos) {
    private static final String COUNT = "-count";
    private static final String P50 = "-p50-nanos";
    private static final String P90 = "-p90-nanos";
    private static final String P99 = "-p99-nanos";
    private static final String P999 = "-p999-nanos";
    private static final String P9999 = "-p9999-nanos";
    private static final String MAX = "-max-nanos";
    private static final Set<String> COLUMNS = Set.of(COUNT, P50, P90, P99, P999, P9999, MAX);

    static OperationLatency of(String operation, Histogram histogram) {
        return new OperationLatency(
                operation,
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getValueAtPercentile(99.99),
                histogram.getMaxValue());
    }

    /**
     * Finds the operations among the values that STATS sent.
     *
     * @param values by name
     * @return one row an operation, in their order
     */
    public static List<OperationLatency> among(Map<String, Long> values) {
        List<OperationLatency> rows = new ArrayList<>();
        for (String name : values.keySet()) {
            if (name.endsWith(P50)) {
                rows.add(named(name.substring(0, name.length() - P50.length()), values));
            }
        }
        return rows;
    }

    private static OperationLatency named(String operation, Map<String, Long> values) {
        return new OperationLatency(
                operation,
                values.getOrDefault(operation + COUNT, 0L),
                values.getOrDefault(operation + P50, 0L),
                values.getOrDefault(operation + P90, 0L),
                values.getOrDefault(operation + P99, 0L),
                values.getOrDefault(operation + P999, 0L),
                values.getOrDefault(operation + P9999, 0L),
                values.getOrDefault(operation + MAX, 0L));
    }

    /**
     * Tells whether a name among the values of STATS belongs to this row.
     *
     * @param name such as {@code read-p50-nanos}
     * @return false for other rows and for counters
     */
    public boolean hasName(String name) {
        return name.startsWith(operation + "-") && COLUMNS.contains(name.substring(operation.length()));
    }

    /** Adds this row under the names that {@link #among} reads. */
    void putInto(Map<String, Long> values) {
        values.put(operation + COUNT, count);
        values.put(operation + P50, p50Nanos);
        values.put(operation + P90, p90Nanos);
        values.put(operation + P99, p99Nanos);
        values.put(operation + P999, p999Nanos);
        values.put(operation + P9999, p9999Nanos);
        values.put(operation + MAX, maxNanos);
    }
}
