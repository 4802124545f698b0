package netmem.bench.result;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Lays out one report. Confined to one thread. */
final class ReportPage {
    private final String title;
    private final ResultFile contents;
    private final Path folder;

    ReportPage(String title, ResultFile contents, Path folder) {
        this.title = title;
        this.contents = contents;
        this.folder = folder;
    }

    String html() {
        StringBuilder out = new StringBuilder("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>");
        out.append(escaped(title))
                .append("</title>\n<h1>")
                .append(escaped(title))
                .append("</h1>\n");
        for (String experiment : new TreeSet<>(
                contents.results().stream().map(Result::experiment).toList())) {
            out.append("<h2>").append(escaped(experiment)).append("</h2>\n");
            table(
                    out,
                    contents.results().stream()
                            .filter(result -> result.experiment().equals(experiment))
                            .toList());
        }
        return out.append("<p>")
                .append(escaped(folder.toString()))
                .append("</p></html>\n")
                .toString();
    }

    private static void table(StringBuilder out, List<Result> results) {
        out.append("<table>\n");
        for (Result result : results) {
            out.append("<tr><td>")
                    .append(escaped(result.contestant()))
                    .append("</td><td>")
                    .append(result.load());
            result.figures()
                    .forEach((name, value) -> out.append("</td><td>")
                            .append(escaped(name))
                            .append(' ')
                            .append(String.format(Locale.ROOT, "%.1f", value)));
            out.append("</td></tr>\n");
        }
        out.append("</table>\n");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
