package netmem.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import netmem.server.config.UseOfLimits;
import netmem.server.latency.LatencyTable;
import netmem.server.latency.OperationLatency;

/** Shows to people what STATS sent: counters first, each with its limit, then a table of latencies. Pure. */
final class StatsPage {
    private static final int VALUE_COLUMN = 32;

    private StatsPage() {}

    static List<String> lines(Map<String, Long> values) {
        List<OperationLatency> operations = OperationLatency.among(values);
        List<String> lines = new ArrayList<>();
        values.forEach((name, value) -> {
            boolean shownElsewhere = operations.stream().anyMatch(row -> row.hasName(name))
                    || (UseOfLimits.LIMITS.containsValue(name) && !name.equals("pages"));
            if (!shownElsewhere) {
                lines.add(name + " ".repeat(Math.max(1, VALUE_COLUMN - name.length())) + value + limit(name, values));
            }
        });
        lines.add("");
        lines.addAll(LatencyTable.lines(operations));
        return lines;
    }

    private static String limit(String use, Map<String, Long> values) {
        Long limit = values.get(UseOfLimits.LIMITS.getOrDefault(use, ""));
        return limit == null ? "" : " of " + limit;
    }
}
