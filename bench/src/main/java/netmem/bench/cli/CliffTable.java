package netmem.bench.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import netmem.bench.result.Figure;
import netmem.bench.result.Result;

/** What {@link Cliffs} prints: for each load the 99th percentiles of reads and of writes, calm and beside it. Confined to one thread. */
final class CliffTable {
    /** Below it a ratio tells only that the processors had other work. */
    private static final double BUSY_US = 3000;

    private final List<List<String>> rows = new ArrayList<>();

    CliffTable() {
        rows.add(List.of(
                "beside",
                "read p99 µs",
                "beside it",
                "ratio",
                "write p99 µs",
                "beside it",
                "ratio",
                "longest hold µs"));
    }

    /** Adds a load with its results: reads calm and loaded, writes calm and loaded. */
    void add(String load, List<Result> results, long longestHoldMicros) {
        List<String> row = new ArrayList<>(List.of(load));
        for (int i = 0; i + 1 < results.size(); i += 2) {
            double calm = results.get(i).figure(Figure.P99_US).orElse(0);
            double loaded = results.get(i + 1).figure(Figure.P99_US).orElse(0);
            row.addAll(List.of(micros(calm), micros(loaded), ratio(calm, loaded)));
        }
        row.add(Long.toString(longestHoldMicros));
        rows.add(row);
    }

    static String ratio(double calm, double loaded) {
        String ratio = String.format(Locale.ROOT, "%.1f ×", loaded / Math.max(1, calm));
        return loaded < BUSY_US ? ratio + " busy" : ratio;
    }

    private static String micros(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    @Override
    public String toString() {
        return TextTable.aligned(rows, 1)
                + "p99 from the intended send time. busy: below 3 ms, where a ratio says only that the processors had"
                + " other work.";
    }
}
