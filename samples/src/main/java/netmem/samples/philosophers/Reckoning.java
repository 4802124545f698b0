package netmem.samples.philosophers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import netmem.api.Versioned;

/**
 * Who ate how often, and whether all pages agree about it. Pure.
 *
 * @param table where everything lies
 * @param pages all of them, at one instant
 */
record Reckoning(Table table, List<Versioned> pages) {
    private static final List<Phase> EATING = List.of(Phase.ONE_BY_ONE, Phase.ALL_OR_NONE);

    private long word(long page, int offset) {
        return pages.get((int) page).buffer().getLong(offset);
    }

    long meals(int seat, Phase phase) {
        return word(table.plate(seat), Table.mealsAt(phase));
    }

    long meals(Phase phase) {
        long meals = 0;
        for (int seat = 0; seat < table.seats(); seat++) {
            meals += meals(seat, phase);
        }
        return meals;
    }

    long deadlocks(Phase phase) {
        long deadlocks = 0;
        for (int seat = 0; seat < table.seats(); seat++) {
            deadlocks += word(table.plate(seat), Table.deadlocksAt(phase));
        }
        return deadlocks;
    }

    /** Whether everybody has eaten, and there has been a circle where there can be one. */
    boolean isWorthSeeing(Phase phase) {
        boolean allAte = true;
        for (int seat = 0; seat < table.seats(); seat++) {
            allAte &= meals(seat, phase) > 0;
        }
        return allAte && (phase != Phase.ONE_BY_ONE || deadlocks(phase) > 0);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Phase phase : EATING) {
            lines.add(String.format(Locale.ROOT, "%-26s %8s %10s %15s", phase, "meals", "deadlocks", "longest hunger"));
            for (int seat = 0; seat < table.seats(); seat++) {
                lines.add(String.format(
                        Locale.ROOT,
                        "  %-24s %8d %10d %12.1f ms",
                        Table.name(seat),
                        meals(seat, phase),
                        word(table.plate(seat), Table.deadlocksAt(phase)),
                        word(table.plate(seat), Table.hungerAt(phase)) / 1e3));
            }
        }
        return lines;
    }

    /** What must not be: nothing, when everybody ate and each fork was used as often as its two neighbours ate. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (int seat = 0; seat < table.seats(); seat++) {
            long expected = 0;
            for (Phase phase : EATING) {
                if (meals(seat, phase) == 0) {
                    problems.add(Table.name(seat) + " starved: meals: 0 (expected: >= 1) " + phase);
                }
                expected += meals(seat, phase) + meals(table.before(seat), phase);
            }
            long used = word(table.left(seat), Table.FORK_MEALS_AT);
            if (used != expected) {
                problems.add("meals with a fork: " + used + " (expected: " + expected + ") page=" + table.left(seat));
            }
        }
        return problems;
    }
}
