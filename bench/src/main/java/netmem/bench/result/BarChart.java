package netmem.bench.result;

import java.util.List;
import java.util.Map;

/** Bars of one figure, in groups that lie under the same load, with the range of the rounds. Pure. */
final class BarChart {
    private static final double WIDTH = 520;
    private static final double LEFT = 150;
    private static final double RIGHT = WIDTH - 90;
    private static final double BAR = 18;
    private static final double STEP = 24;
    private static final double HEADING = 24;

    private BarChart() {}

    /** Draws the groups by their names; every result has the figure. */
    static String of(Figure figure, Map<String, List<Result>> groups) {
        double largest = 0;
        for (List<Result> group : groups.values()) {
            for (Result result : group) {
                largest = Math.max(largest, high(result, figure));
            }
        }
        Scale scale = new Scale(0, largest <= 0 ? 1 : largest, LEFT, RIGHT, false);
        StringBuilder out = new StringBuilder();
        double y = 0;
        for (Map.Entry<String, List<Result>> group : groups.entrySet()) {
            if (!group.getKey().isEmpty()) {
                text(out, 0, y + HEADING - 8, "name", group.getKey());
                y += HEADING;
            }
            for (Result result : group.getValue()) {
                bar(out, scale, y, result, figure);
                y += STEP;
            }
        }
        String caption = figure.title() + ", " + figure.unit()
                + (figure.lessIsBetter() ? " (less is better)" : " (more is better)");
        return "<figure><figcaption>" + Html.escaped(caption) + "</figcaption>\n<svg viewBox=\"0 0 " + WIDTH + " " + y
                + "\" width=\"" + WIDTH + "\" role=\"img\" aria-label=\"" + Html.escaped(caption) + "\">\n" + out
                + "</svg></figure>\n";
    }

    private static void bar(StringBuilder out, Scale scale, double y, Result result, Figure figure) {
        double value = result.figure(figure).orElse(0);
        double low = scale.place(result.figures().getOrDefault(figure.key() + Result.LOW, value));
        double high = scale.place(high(result, figure));
        double middle = y + BAR / 2;
        text(out, 8, middle + 4, "", result.contestant());
        out.append("<g class=\"")
                .append(Colours.bar(result.contestant()))
                .append("\"><rect class=\"bar\" x=\"")
                .append(LEFT);
        out.append("\" y=\"").append(y).append("\" height=\"").append(BAR).append("\" width=\"");
        out.append(Html.coordinate(scale.place(value) - LEFT)).append("\"><title>");
        out.append(Html.escaped(result.contestant() + ": " + Html.number(value)))
                .append("</title></rect></g>");
        out.append("<line class=\"range\" x1=\"").append(Html.coordinate(low)).append("\" x2=\"");
        out.append(Html.coordinate(high))
                .append("\" y1=\"")
                .append(middle)
                .append("\" y2=\"")
                .append(middle)
                .append("\"/>");
        text(out, Math.max(high, scale.place(value)) + 6, middle + 4, "name", Html.number(value));
    }

    private static double high(Result result, Figure figure) {
        return result.figures()
                .getOrDefault(figure.key() + Result.HIGH, result.figure(figure).orElse(0));
    }

    private static void text(StringBuilder out, double x, double y, String style, String words) {
        out.append("<text class=\"")
                .append(style)
                .append("\" x=\"")
                .append(Html.coordinate(x))
                .append("\" y=\"");
        out.append(Html.coordinate(y)).append("\">").append(Html.escaped(words)).append("</text>\n");
    }
}
