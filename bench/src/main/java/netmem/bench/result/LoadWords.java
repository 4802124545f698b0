package netmem.bench.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What several loads have in common, and what tells them apart. Pure. */
final class LoadWords {
    private LoadWords() {}

    /** The entries that all loads agree in. */
    static Map<String, String> common(List<Map<String, String>> loads) {
        Map<String, String> common = new LinkedHashMap<>(loads.getFirst());
        loads.forEach(load ->
                common.entrySet().removeIf(entry -> !entry.getValue().equals(load.get(entry.getKey()))));
        common.remove(Result.AXIS);
        return common;
    }

    /** A load without what all have in common: {@code page-read, 16 callers}; empty when nothing else is left. */
    static String differing(Map<String, String> load, List<Map<String, String>> loads) {
        Map<String, String> rest = new LinkedHashMap<>(load);
        common(loads).keySet().forEach(rest::remove);
        rest.remove(Result.AXIS);
        return rest.entrySet().stream()
                .map(entry ->
                        entry.getKey().equals("operation") ? entry.getValue() : entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    /** Name and value of each, for a sentence. */
    static String sentence(Map<String, String> load) {
        return load.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
