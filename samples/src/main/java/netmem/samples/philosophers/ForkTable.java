package netmem.samples.philosophers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import netmem.api.LockState;

/** What the server knows of the forks' locks, as a table for people. Pure. */
final class ForkTable {
    private ForkTable() {}

    /** The same number of lines for the same number of forks, each of the same width. */
    static List<String> lines(Table table, List<LockState> forks) {
        List<String> lines = new ArrayList<>();
        lines.add(row("fork between", "held by", "mode", "token", "for", "waiting"));
        for (int seat = 0; seat < forks.size(); seat++) {
            LockState fork = forks.get(seat);
            boolean free = fork.mode() == LockState.Mode.FREE;
            lines.add(row(
                    Table.name(table.before(seat)) + " and " + Table.name(seat),
                    free ? "-" : fork.holderName(),
                    fork.mode().name().toLowerCase(Locale.ROOT),
                    free ? "-" : Long.toUnsignedString(fork.token()),
                    free ? "-" : fork.ageMillis() + " ms",
                    Integer.toString(fork.waiters())));
        }
        return lines;
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "  %-24s %-10s %-9s %8s %8s %8s", cells);
    }
}
