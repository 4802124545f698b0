package netmem.samples.evolution;

import java.util.Arrays;
import java.util.List;
import netmem.samples.launch.Argument;

/**
 * What the user asked for. Pure.
 *
 * @param islands number of processes
 * @param seconds time that the search may take
 * @param lengthMax length of a tour that is short enough
 * @param killOne whether an island is to be killed on the way
 */
record Wish(int islands, int seconds, int lengthMax, boolean killOne) {
    static final String USAGE = "[ISLANDS [SECONDS]] [--within=PERCENT] [--kill-one]";

    private static final String WITHIN = "--within=";
    private static final String KILL_ONE = "--kill-one";
    private static final int ISLANDS_DEFAULT = 3;
    private static final int SECONDS_DEFAULT = 120;
    private static final int SECONDS_MAX = 3600;

    static Wish of(String... args) {
        List<String> numbers =
                Arrays.stream(args).filter(arg -> !arg.startsWith("--")).toList();
        if (numbers.size() > 2) {
            throw new IllegalArgumentException("numbers: " + numbers.size() + " (expected: at most 2)");
        }
        int percent = 0;
        boolean killOne = false;
        for (String arg : args) {
            if (arg.startsWith(WITHIN)) {
                percent = Argument.number("PERCENT", arg.substring(WITHIN.length()), 0, 100);
            } else if (arg.equals(KILL_ONE)) {
                killOne = true;
            } else if (arg.startsWith("--")) {
                throw new IllegalArgumentException(
                        "option: " + arg + " (expected: " + WITHIN + "PERCENT or " + KILL_ONE + ")");
            }
        }
        int islands = numbers.isEmpty()
                ? ISLANDS_DEFAULT
                : Argument.number("ISLANDS", numbers.getFirst(), killOne ? 2 : 1, Island.ISLANDS_MAX);
        int seconds = numbers.size() < 2 ? SECONDS_DEFAULT : Argument.number("SECONDS", numbers.get(1), 1, SECONDS_MAX);
        return new Wish(islands, seconds, Cities.BERLIN52_OPTIMUM * (100 + percent) / 100, killOne);
    }
}
