package netmem.bench.peers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A page of Markdown that grows from above. Confined to one thread. */
final class Markdown {
    private final StringBuilder text = new StringBuilder();

    Markdown heading(int level, String title) {
        text.append("#".repeat(level)).append(' ').append(title).append('\n');
        return this;
    }

    Markdown paragraph(String words) {
        text.append(words).append("\n\n");
        return this;
    }

    /** Rows of as many cells as the heading; nothing where there are none. */
    Markdown table(List<String> heading, List<List<String>> rows) {
        if (!rows.isEmpty()) {
            line(heading);
            line(Collections.nCopies(heading.size(), "---"));
            rows.forEach(this::line);
            text.append('\n');
        }
        return this;
    }

    private void line(List<String> cells) {
        List<String> escaped = new ArrayList<>();
        cells.forEach(cell -> escaped.add(cell.replace("|", "\\|")));
        text.append("| ").append(String.join(" | ", escaped)).append(" |\n");
    }

    /** The page, ended by one line feed. */
    String page() {
        return text.toString().stripTrailing() + "\n";
    }
}
