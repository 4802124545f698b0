package netmem.bench.result;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table of results in groups of the same load; each figure beside its ratio to the group's first contestant. Pure. */
final class ResultTable {
    private ResultTable() {}

    static String of(Map<String, List<Result>> groups) {
        List<String> figures = Result.figureNames(
                groups.values().stream().flatMap(List::stream).toList());
        boolean named = groups.keySet().stream().anyMatch(name -> !name.isEmpty());
        StringBuilder out = new StringBuilder("<div class=\"scroll\"><table>\n<tr>");
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
        figure.map(Figure::unit)
                .filter(unit -> !unit.isEmpty())
                .ifPresent(
                        unit -> out.append("<small>").append(Html.escaped(unit)).append("</small>"));
        out.append("</th>");
    }

    private static void cell(StringBuilder out, String name, Result result, Result first) {
        Double value = result.figures().get(name);
        if (value == null) {
            out.append("<td class=\"faint\">–</td>");
            return;
        }
        Double low = result.figures().get(name + Result.LOW);
        Double high = result.figures().get(name + Result.HIGH);
        out.append("<td");
        if (low != null && high != null) {
            out.append(" title=\"rounds: ").append(Html.number(low)).append(" to ");
            out.append(Html.number(high)).append('"');
        }
        out.append('>').append(Html.number(value));
        Double base = first.figures().get(name);
        if (!result.equals(first) && base != null && base > 0 && isComparable(name)) {
            out.append("<small>× ").append(Html.number(value / base)).append("</small>");
        }
        out.append("</td>");
    }

    private static boolean isComparable(String name) {
        return !name.equals(Figure.ROUNDS.key()) && !name.equals(Figure.RATE_REACHED.key());
    }
}
