package netmem.samples.philosophers;

import java.io.Console;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import netmem.api.LockState;
import netmem.api.Versioned;
import netmem.client.NetMem;
import netmem.samples.launch.Argument;
import netmem.samples.launch.Children;

/**
 * The dining philosophers, each a process, the forks pages of a NetMem server: starts all, shows who holds which fork, and checks at the
 * end that everybody ate and that all pages agree. Exit code 0: they do; 1: failed; 2: bad arguments.
 */
public final class Philosophers {
    private static final int SEATS_DEFAULT = 5;
    private static final int SECONDS_DEFAULT = 8;
    private static final int SECONDS_MAX = 3600;
    private static final Duration GATHERING_MAX = Duration.ofSeconds(60);
    private static final long LEAVING_SECONDS_MAX = 40;
    private static final long DINING_NANOS_MAX = 60_000_000_000L;
    private static final long SHOW_NANOS = 500_000_000L;
    private static final long SHOW_NANOS_MIN = 10_000_000L;

    private final Table table;
    private final long phaseNanos;
    private final boolean terminal = isTerminal();

    private Philosophers(Table table, long phaseNanos) {
        this.table = table;
        this.phaseNanos = phaseNanos;
    }

    public static void main(String[] args) throws InterruptedException {
        Philosophers philosophers;
        try {
            philosophers = of(args);
        } catch (IllegalArgumentException e) {
            System.err.println("philosophers: " + e.getMessage());
            System.err.println("usage: philosophers [SEATS [SECONDS]]");
            System.exit(2);
            return;
        }
        System.exit(philosophers.run() ? 0 : 1);
    }

    private static Philosophers of(String[] args) {
        if (args.length > 2) {
            throw new IllegalArgumentException("arguments: " + args.length + " (expected: at most 2)");
        }
        int seats =
                args.length > 0 ? Argument.number("SEATS", args[0], Table.SEATS_MIN, Table.SEATS_MAX) : SEATS_DEFAULT;
        int seconds = args.length > 1 ? Argument.number("SECONDS", args[1], 2, SECONDS_MAX) : SECONDS_DEFAULT;
        return new Philosophers(new Table(seats), TimeUnit.SECONDS.toNanos(seconds) / 2);
    }

    /** There is no console, since JDK 25 again, where input or output is not a terminal. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private boolean run() throws InterruptedException {
        try (Children children = new Children()) {
            String uri = children.startServer(table.pages(), Table.PAGE_LENGTH);
            try (NetMem mem = NetMem.connect(uri)) {
                List<Process> guests = new ArrayList<>();
                for (int seat = 0; seat < table.seats(); seat++) {
                    guests.add(children.startProgram(
                            Philosopher.class, uri, Integer.toString(table.seats()), Integer.toString(seat)));
                }
                System.out.println("server " + uri + ", " + table.seats() + " philosophers, a process each");
                gather(mem);
                dine(mem, Phase.ONE_BY_ONE);
                dine(mem, Phase.ALL_OR_NONE);
                begin(mem, Phase.OVER);
                boolean left = leave(guests);
                return conclude(new Reckoning(table, pages(mem)), mem) && left;
            }
        }
    }

    private void gather(NetMem mem) {
        long end = System.nanoTime() + GATHERING_MAX.toNanos();
        Versioned page = mem.read(Table.PAGE);
        while (page.buffer().getLong(Table.SEATED_AT) < table.seats()) {
            Duration rest = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            page = mem.awaitNewer(Table.PAGE, page.version(), rest)
                    .orElseThrow(() -> new IllegalStateException(
                            "seats taken: fewer than " + table.seats() + " after " + GATHERING_MAX));
        }
    }

    private static void begin(NetMem mem, Phase phase) {
        mem.update(Table.PAGE, page -> page.putLong(Table.PHASE_AT, phase.number()));
    }

    /**
     * Lets them eat, and shows the locks: on a terminal in place, otherwise one table after the other. On a busy machine that takes
     * longer: until there is something to be seen.
     */
    private void dine(NetMem mem, Phase phase) throws InterruptedException {
        long start = System.nanoTime();
        long end = start + phaseNanos;
        begin(mem, phase);
        Reckoning now = show(mem, phase, start, false);
        while (System.nanoTime() - end < 0
                || (!now.isWorthSeeing(phase) && System.nanoTime() - end < DINING_NANOS_MAX)) {
            TimeUnit.NANOSECONDS.sleep(Math.clamp(end - System.nanoTime(), SHOW_NANOS_MIN, SHOW_NANOS));
            now = show(mem, phase, start, true);
        }
    }

    private Reckoning show(NetMem mem, Phase phase, long start, boolean again) {
        Reckoning now = new Reckoning(table, pages(mem));
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s, %.1f s: %d meals, %d deadlocks",
                phase,
                (System.nanoTime() - start) / 1e9,
                now.meals(phase),
                now.deadlocks(phase)));
        lines.addAll(ForkTable.lines(table, forks(mem)));
        String up = terminal && again ? "\033[" + lines.size() + "A" : "";
        String clear = terminal ? "\033[K" : "";
        System.out.print(up + String.join(clear + "\n", lines) + clear + "\n");
        System.out.flush();
        return now;
    }

    private List<LockState> forks(NetMem mem) {
        List<LockState> forks = new ArrayList<>();
        for (int seat = 0; seat < table.seats(); seat++) {
            forks.add(mem.lockInfo(table.left(seat)));
        }
        return forks;
    }

    private List<Versioned> pages(NetMem mem) {
        return mem.readSnapshot(LongStream.range(0, table.pages()).toArray());
    }

    /** True when each has ended by itself, and has found its own count on its plate. */
    private static boolean leave(List<Process> guests) throws InterruptedException {
        boolean well = true;
        for (int seat = 0; seat < guests.size(); seat++) {
            if (!guests.get(seat).waitFor(LEAVING_SECONDS_MAX, TimeUnit.SECONDS)) {
                System.out.println(Table.name(seat) + " does not leave");
                well = false;
            } else if (guests.get(seat).exitValue() != 0) {
                System.out.println(Table.name(seat) + " left with exit code "
                        + guests.get(seat).exitValue());
                well = false;
            }
        }
        return well;
    }

    private boolean conclude(Reckoning end, NetMem mem) {
        end.lines().forEach(System.out::println);
        List<String> problems = new ArrayList<>(end.problems());
        for (LockState fork : forks(mem)) {
            if (fork.mode() != LockState.Mode.FREE) {
                problems.add("a fork is still held: " + fork);
            }
        }
        problems.forEach(System.out::println);
        if (problems.isEmpty()) {
            System.out.println("checked: nobody starved; each fork was used as often as its two neighbours ate");
        }
        return problems.isEmpty();
    }
}
