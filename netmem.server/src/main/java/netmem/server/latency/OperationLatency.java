package netmem.server.latency;

import java.util.Map;
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

    void putInto(Map<String, Long> values) {
        values.put(operation + "-count", count);
        values.put(operation + "-p50-nanos", p50Nanos);
        values.put(operation + "-p90-nanos", p90Nanos);
        values.put(operation + "-p99-nanos", p99Nanos);
        values.put(operation + "-p999-nanos", p999Nanos);
        values.put(operation + "-p9999-nanos", p9999Nanos);
        values.put(operation + "-max-nanos", maxNanos);
    }
}
