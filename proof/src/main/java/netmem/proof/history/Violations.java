package netmem.proof.history;

import java.util.ArrayList;
import java.util.List;

/** What a checker found wrong, in plain words; only counted beyond a number that people read. Confined to one check. */
final class Violations {
    private static final int TEXTS_MAX = 20;

    private final String checker;
    private final List<String> texts = new ArrayList<>();
    private long more;

    Violations(String checker) {
        this.checker = checker;
    }

    void add(String rule, Object... involved) {
        if (texts.size() == TEXTS_MAX) {
            more++;
            return;
        }
        StringBuilder text = new StringBuilder(checker + ": " + rule);
        for (Object one : involved) {
            text.append("\n    ").append(one);
        }
        texts.add(text.toString());
    }

    List<String> texts() {
        if (more > 0) {
            texts.add(checker + ": and " + more + " more");
        }
        return texts;
    }
}
