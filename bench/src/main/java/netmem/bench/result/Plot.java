package netmem.bench.result;

import java.util.ArrayList;
import java.util.List;

/** Draws curves over two axes as SVG, with a legend and with numbers where the pointer rests. Confined to one thread. */
final class Plot {
    static final double WIDTH = 520;
    static final double HEIGHT = 300;
    static final double LEFT = 62;
    static final double RIGHT = WIDTH - 16;
    static final double TOP = 12;
    static final double BOTTOM = HEIGHT - 44;

    private static final double LEGEND_LINE = 18;
    private static final double DOT = 3;

    /** A point, and what is said of it. */
    record Point(double x, double y, String said, boolean dotted) {}

    /** A named curve of a contestant, whose colour it has. */
    record Curve(String contestant, String name, List<Point> points) {}

    private record Entry(String name, String style) {}

    private final StringBuilder out = new StringBuilder();
    private final Scale x;
    private final Scale y;
    private final Colours colours = new Colours();
    private final List<Entry> legend = new ArrayList<>();

    Plot(Scale x, Scale y) {
        this.x = x;
        this.y = y;
    }

    /** Draws a tick of the x-axis. */
    Plot tickX(double value, String label) {
        double place = x.place(value);
        line(place, TOP, place, BOTTOM, "grid");
        text(place, BOTTOM + 16, "middle", "", label);
        return this;
    }

    /** Draws the ticks of the y-axis, and what the axes are. */
    Plot axes(String xTitle, String yTitle) {
        for (double tick : y.ticks()) {
            double place = y.place(tick);
            line(LEFT, place, RIGHT, place, "grid");
            text(LEFT - 6, place + 4, "end", "", Html.tick(tick));
        }
        text((LEFT + RIGHT) / 2, BOTTOM + 36, "middle", "", xTitle);
        out.append("<text transform=\"translate(13,")
                .append(Html.coordinate((TOP + BOTTOM) / 2))
                .append(") rotate(-90)\" text-anchor=\"middle\">")
                .append(Html.escaped(yTitle))
                .append("</text>");
        return this;
    }

    /** Draws a curve in its contestant's colour. */
    Plot curve(Curve curve) {
        String series = colours.curve(curve.contestant());
        legend.add(new Entry(curve.name(), series));
        out.append("<g class=\"").append(series).append("\"><polyline class=\"curve\" points=\"");
        for (Point point : curve.points()) {
            out.append(Html.coordinate(x.place(point.x())))
                    .append(',')
                    .append(Html.coordinate(y.place(point.y())))
                    .append(' ');
        }
        out.append("\"/>");
        curve.points().stream().filter(Point::dotted).forEach(point -> dot(curve.name(), point));
        out.append("</g>\n");
        return this;
    }

    private void dot(String name, Point point) {
        out.append("<circle class=\"dot\" r=\"").append(DOT).append("\" cx=\"");
        out.append(Html.coordinate(x.place(point.x()))).append("\" cy=\"");
        out.append(Html.coordinate(y.place(point.y()))).append("\"><title>");
        out.append(Html.escaped(name + ": " + point.said())).append("</title></circle>");
    }

    private void line(double x1, double y1, double x2, double y2, String style) {
        out.append("<line class=\"").append(style).append("\" x1=\"").append(Html.coordinate(x1));
        out.append("\" y1=\"").append(Html.coordinate(y1)).append("\" x2=\"").append(Html.coordinate(x2));
        out.append("\" y2=\"").append(Html.coordinate(y2)).append("\"/>\n");
    }

    private void text(double atX, double atY, String anchor, String style, String words) {
        out.append("<text class=\"").append(style).append("\" x=\"").append(Html.coordinate(atX));
        out.append("\" y=\"")
                .append(Html.coordinate(atY))
                .append("\" text-anchor=\"")
                .append(anchor);
        out.append("\">").append(Html.escaped(words)).append("</text>\n");
    }

    /** Ends the drawing. */
    String figure(String caption) {
        for (int i = 0; i < legend.size(); i++) {
            double place = HEIGHT + 10 + i * LEGEND_LINE;
            out.append("<g class=\"").append(legend.get(i).style()).append("\"><line class=\"curve\" x1=\"");
            out.append(LEFT)
                    .append("\" x2=\"")
                    .append(LEFT + 24)
                    .append("\" y1=\"")
                    .append(place);
            out.append("\" y2=\"").append(place).append("\"/></g>");
            text(LEFT + 32, place + 4, "start", "name", legend.get(i).name());
        }
        double height = HEIGHT + 10 + legend.size() * LEGEND_LINE;
        return "<figure><figcaption>" + Html.escaped(caption) + "</figcaption>\n<svg viewBox=\"0 0 " + WIDTH + " "
                + height
                + "\" width=\"" + WIDTH + "\" role=\"img\" aria-label=\"" + Html.escaped(caption) + "\">\n" + out
                + "</svg></figure>\n";
    }
}
