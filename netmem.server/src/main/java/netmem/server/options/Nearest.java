package netmem.server.options;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Finds the options that somebody may have meant. Pure. */
final class Nearest {
    private static final double SIMILAR_MIN = 0.4;
    private static final int NAMED_MAX = 2;

    /** Words of other servers. */
    private static final Map<String, ServerOption> ELSEWHERE = Map.of(
            "port", ServerOption.LISTEN,
            "host", ServerOption.LISTEN,
            "bind", ServerOption.LISTEN,
            "address", ServerOption.LISTEN,
            "page-size", ServerOption.PAGE_LENGTH,
            "pagesize", ServerOption.PAGE_LENGTH,
            "io-threads", ServerOption.EVENT_LOOPS,
            "token", ServerOption.AUTH_FILE,
            "password", ServerOption.AUTH_FILE);

    private Nearest() {}

    /** Says {@code ; did you mean X?}, or nothing; X as {@code look} shows an option. */
    static String question(String wanted, UnaryOperator<String> look) {
        List<String> names = names(wanted);
        return names.isEmpty()
                ? ""
                : "; did you mean "
                        + String.join(" or ", names.stream().map(look).toList()) + "?";
    }

    private static List<String> names(String written) {
        String wanted = written.replaceFirst("^-+", "");
        ServerOption elsewhere = ELSEWHERE.get(wanted);
        if (elsewhere != null) {
            return List.of(elsewhere.key());
        }
        List<String> names = new ArrayList<>(List.of("config", "print-config"));
        for (ServerOption option : ServerOption.values()) {
            names.add(option.key());
        }
        if (names.contains(wanted)) {
            return List.of(wanted);
        }
        return names.stream()
                .filter(name -> similarity(wanted, name) >= SIMILAR_MIN)
                .sorted(Comparator.comparingDouble((String name) -> similarity(wanted, name))
                        .reversed())
                .limit(NAMED_MAX)
                .toList();
    }

    /** The share of letter pairs that two words have in common, 0 to 1. */
    private static double similarity(String a, String b) {
        List<String> left = pairs(a);
        List<String> right = pairs(b);
        int all = left.size() + right.size();
        int common = 0;
        for (String pair : left) {
            common += right.remove(pair) ? 2 : 0;
        }
        return all == 0 ? 0 : (double) common / all;
    }

    private static List<String> pairs(String word) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i + 2 <= word.length(); i++) {
            pairs.add(word.substring(i, i + 2));
        }
        return pairs;
    }
}
