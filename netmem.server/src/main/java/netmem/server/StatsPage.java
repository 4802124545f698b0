package netmem.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import netmem.server.latency.LatencyTable;
import netmem.server.latency.OperationLatency;

/** Shows to people what STATS sent: counters first, then a table of latencies. Pure. */
final class StatsPage {
    private static final int VALUE_COLUMN = 32;

    private StatsPage() {}

    static List<String> lines(Map<String, Long> values) {
        List<OperationLatency> operations = OperationLatency.among(values);
        List<String> lines = new ArrayList<>();
        values.forEach((name, value) -> {
            if (operations.stream().noneMatch(row -> row.hasName(name))) {
                lines.add(name + " ".repeat(Math.max(1, VALUE_COLUMN - name.length())) + value);
            }
        });
        lines.add("");
        lines.addAll(LatencyTable.lines(operations));
        return lines;
    }
}
