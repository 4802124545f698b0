package netmem.bench.result;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A table of results in groups of the same load; each figure beside its ratio to the group's first contestant. Pure. */
final class ResultTable {
    private static final Set<String> NOT_COMPARED =
            Set.of(Figure.ROUNDS.key(), Figure.RATE_REACHED.key(), Figure.GENERATOR_BUSY.key());
    private static final double MEBI = 1 << 20;

    private ResultTable() {}

    static String of(Map<String, List<Result>> groups) {
        List<String> figures = Result.figureNames(
                groups.values().stream().flatMap(List::stream).toList());
        boolean named = groups.keySet().stream().anyMatch(name -> !name.isEmpty());
        StringBuilder out = new StringBuilder("<div class=\"scroll\" tabindex=\"0\"><table>\n<tr class=\"heads\">");
        if (named) {
            out.append("<th class=\"word\">load</th>");
        }
        out.append("<th class=\"word\">contestant</th>");
        figures.forEach(name -> heading(out, name));
        out.append("</tr>\n");
        groups.forEach((name, results) -> {
            for (Result result : results) {
                boolean first = result.equals(results.getFirst());
                out.append(first ? "<tr class=\"first\">" : "<tr>");
                if (named && first) {
                    out.append("<td class=\"word\" rowspan=\"")
                            .append(results.size())
                            .append("\">");
                    out.append(Html.escaped(name)).append("</td>");
                }
                out.append("<th scope=\"row\">").append(Html.escaped(result.contestant()));
                out.append(result.rateReached() ? "" : " <span class=\"fail\">FAIL</span>")
                        .append("</th>");
                figures.forEach(figure -> cell(out, figure, result, results.getFirst()));
                out.append("</tr>\n");
            }
        });
        return out.append("</table></div>\n").toString();
    }

    private static void heading(StringBuilder out, String name) {
        Optional<Figure> figure = Figure.ofKey(name);
        out.append("<th>").append(Html.escaped(figure.map(Figure::title).orElse(name)));
        unit(name)
                .ifPresent(
                        unit -> out.append("<small>").append(Html.escaped(unit)).append("</small>"));
        out.append("</th>");
    }

    /** Says of a cell which column it belongs to: on a narrow screen the cells of a row stand below each other. */
    private static String of(String name) {
        String title = Figure.ofKey(name).map(Figure::title).orElse(name);
        return " data-of=\""
                + Html.escaped(title + unit(name).map(unit -> ", " + unit).orElse("")) + "\"";
    }

    private static Optional<String> unit(String name) {
        return Figure.ofKey(name)
                .map(known -> inBytes(name) ? "MiB" : known.unit())
                .filter(unit -> !unit.isEmpty());
    }

    private static void cell(StringBuilder out, String name, Result result, Result first) {
        Double value = result.figures().get(name);
        if (value == null) {
            out.append("<td class=\"faint\"").append(of(name)).append(">–</td>");
            return;
        }
        Double low = result.figures().get(name + Result.LOW);
        Double high = result.figures().get(name + Result.HIGH);
        out.append("<td").append(of(name));
        if (low != null && high != null) {
            out.append(" title=\"rounds: ").append(shown(name, low)).append(" to ");
            out.append(shown(name, high)).append('"');
        }
        out.append('>').append(shown(name, value));
        Double base = first.figures().get(name);
        if (!result.equals(first) && base != null && base > 0 && isComparable(name)) {
            out.append("<small>× ").append(Html.number(value / base)).append("</small>");
        }
        out.append("</td>");
    }

    /** Bytes of memory and files are many: MiB. */
    private static String shown(String name, double value) {
        return inBytes(name) ? Html.number(value / MEBI) : Html.number(value);
    }

    private static boolean inBytes(String name) {
        return Figure.ofKey(name).filter(figure -> figure.unit().equals("B")).isPresent();
    }

    private static boolean isComparable(String name) {
        return !NOT_COMPARED.contains(name);
    }
}
