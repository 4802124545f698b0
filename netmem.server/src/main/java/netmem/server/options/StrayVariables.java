package netmem.server.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Finds environment variables that look like an option but are none; those of other programs are left alone. Pure. */
final class StrayVariables {
    private static final String PREFIX = "NETMEM_";

    private StrayVariables() {}

    static List<String> notes(Map<String, String> environment) {
        List<String> notes = new ArrayList<>();
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX) && !name.equals(Settings.CONFIG_VARIABLE)) {
                String key =
                        name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
                String question =
                        ServerOption.named(key).isPresent() ? "" : Nearest.question(key, StrayVariables::name);
                if (!question.isEmpty()) {
                    notes.add("environment " + name + " is no option" + question);
                }
            }
        }
        return notes;
    }

    private static String name(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
