package netmem.server.latency;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows latencies to people, in microseconds. Pure. */
public final class LatencyTable {
    private static final String ROW = "%-16s%12s%11s%11s%11s%11s%11s%11s";

    private LatencyTable() {}

    /**
     * Lays rows out in columns.
     *
     * @param rows one an operation
     * @return a heading and one line a row, or a line that says that there is nothing
     */
    public static List<String> lines(List<OperationLatency> rows) {
        if (rows.isEmpty()) {
            return List.of("no operation was served");
        }
        List<String> lines = new ArrayList<>();
        lines.add(ROW.formatted("operation", "count", "p50 us", "p90 us", "p99 us", "p99.9 us", "p99.99 us", "max us"));
        for (OperationLatency row : rows) {
            lines.add(ROW.formatted(
                    row.operation(),
                    row.count(),
                    micros(row.p50Nanos()),
                    micros(row.p90Nanos()),
                    micros(row.p99Nanos()),
                    micros(row.p999Nanos()),
                    micros(row.p9999Nanos()),
                    micros(row.maxNanos())));
        }
        return lines;
    }

    private static String micros(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1000.0);
    }
}
