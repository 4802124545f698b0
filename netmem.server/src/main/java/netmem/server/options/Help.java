package netmem.server.options;

import java.util.ArrayList;
import java.util.List;

/** The text of {@code --help}: how to call, what it does, one entry an option. Pure. */
final class Help {
    private static final int WIDTH = 120;
    private static final int COLUMN = 32;

    private Help() {}

    static List<String> lines(List<String> head, List<Flag> flags, List<String> foot) {
        List<String> lines = new ArrayList<>(head);
        lines.add("");
        for (Flag flag : flags) {
            entry("  " + flag.usage(), flag.description(), lines);
        }
        lines.add("");
        lines.addAll(foot);
        return lines;
    }

    /** The name on the left and the description beside it, broken between words. */
    private static void entry(String name, String description, List<String> lines) {
        StringBuilder line = new StringBuilder(name);
        if (name.length() >= COLUMN) {
            lines.add(name);
            line.setLength(0);
        }
        line.append(" ".repeat(COLUMN - 1 - line.length()));
        for (String word : description.split(" ", -1)) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(" ".repeat(COLUMN - 1));
            }
            line.append(' ').append(word);
        }
        lines.add(line.toString());
    }
}
