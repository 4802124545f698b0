package netmem.bench.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import netmem.bench.load.Load;
import netmem.bench.result.Figure;
import netmem.bench.result.Result;

/** Results as lines for a terminal: the load, who, and the figures that matter, with the ratio to the first of the same load. Pure. */
final class TextTable {
    private static final List<Figure> COLUMNS = List.of(
            Figure.P50_US,
            Figure.P99_US,
            Figure.P999_US,
            Figure.P9999_US,
            Figure.MAX_US,
            Figure.CALL_P50_US,
            Figure.THROUGHPUT_PER_S,
            Figure.SERVER_CPU_US_PER_OP);
    private static final int GAP = 2;
    private static final int LEFT = 0b101;

    private TextTable() {}

    /** One table for each experiment. */
    static String of(List<Result> results) {
        StringBuilder out = new StringBuilder();
        Map<String, List<Result>> experiments = new LinkedHashMap<>();
        results.forEach(result -> experiments
                .computeIfAbsent(result.experiment(), _ -> new ArrayList<>())
                .add(result));
        experiments.forEach(
                (name, members) -> out.append('\n').append(name).append('\n').append(table(members)));
        return out.toString();
    }

    private static String table(List<Result> results) {
        List<Figure> columns = COLUMNS.stream()
                .filter(figure -> results.stream()
                        .anyMatch(result -> result.figure(figure).isPresent()))
                .toList();
        Figure compared = columns.contains(Figure.P50_US)
                ? Figure.P50_US
                : columns.contains(Figure.CALL_P50_US) ? Figure.CALL_P50_US : Figure.THROUGHPUT_PER_S;
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("operation", "callers", "contestant"));
        columns.forEach(figure -> heading.add(figure.title() + " " + figure.unit()));
        heading.add("× " + compared.title());
        rows.add(heading);
        Map<Map<String, String>, Result> firsts = new LinkedHashMap<>();
        for (Result result : results) {
            Result first = firsts.computeIfAbsent(result.load(), _ -> result);
            rows.add(row(result, columns, ratio(result, first)));
        }
        return aligned(rows, LEFT);
    }

    private static List<String> row(Result result, List<Figure> columns, String ratio) {
        List<String> row = new ArrayList<>();
        row.add(result.load().getOrDefault("operation", ""));
        row.add(result.load().getOrDefault("callers", ""));
        String processors = result.load().get(Load.PROCESSORS);
        row.add(result.contestant() + (processors == null ? "" : ", processors: " + processors));
        for (Figure figure : columns) {
            OptionalDouble value = result.figure(figure);
            row.add(value.isPresent() ? number(value.getAsDouble()) : "-");
        }
        row.add(result.rateReached() ? ratio : "FAIL: rate not reached");
        return row;
    }

    /** To the first of the same load, by the best figure that both have. */
    private static String ratio(Result result, Result first) {
        for (Figure figure : List.of(Figure.P50_US, Figure.CALL_P50_US, Figure.THROUGHPUT_PER_S)) {
            double base = first.figure(figure).orElse(0);
            OptionalDouble value = result.figure(figure);
            if (base > 0 && value.isPresent()) {
                return String.format(Locale.ROOT, "%.2f", value.getAsDouble() / base);
            }
        }
        return "";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : value >= 100 ? "%.0f" : "%.1f", value);
    }

    /** Lines of rows; a bit of {@code left} is set for a column that begins at the left. */
    static String aligned(List<List<String>> rows, int left) {
        int[] widths = new int[rows.getFirst().size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                String blanks = " ".repeat(widths[i] - row.get(i).length());
                boolean atLeft = (left >> i & 1) != 0;
                out.append(atLeft ? row.get(i) + blanks : blanks + row.get(i)).append(" ".repeat(GAP));
            }
            out.setLength(out.toString().stripTrailing().length());
            out.append('\n');
        }
        return out.toString();
    }
}
