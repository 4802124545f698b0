package netmem.samples.evolution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.client.NetMem;
import netmem.client.Watch;
import netmem.samples.launch.Children;

/**
 * Looks for the shortest tour through 52 places of Berlin with several islands of evolving tours, each a process, over a NetMem server
 * of its own: starts all, shows each shorter tour, checks the last one, stops all. Exit code 0: found and checked; 1: failed; 2: bad
 * arguments.
 */
public final class Evolution {
    private static final long LOOK_MILLIS = 200;
    private static final long LINE_NANOS = 2_000_000_000L;
    private static final long LEAVING_SECONDS_MAX = 20;

    private final Wish wish;
    private final Cities cities = Cities.berlin52();
    private final long start = System.nanoTime();
    private final List<Process> islands = new ArrayList<>();
    private final Killing killing = new Killing(islands);
    private int shortest = Integer.MAX_VALUE;
    private long nextLine = start + LINE_NANOS;

    private Evolution(Wish wish) {
        this.wish = wish;
    }

    public static void main(String[] args) throws InterruptedException {
        Evolution evolution;
        try {
            evolution = new Evolution(Wish.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("evolution: " + e.getMessage());
            System.err.println("usage: evolution " + Wish.USAGE);
            System.exit(2);
            return;
        }
        System.exit(evolution.run() ? 0 : 1);
    }

    private boolean run() throws InterruptedException {
        try (Children children = new Children()) {
            String uri = children.startServer(TourPage.of(wish.islands()), TourPage.LENGTH);
            try (NetMem mem = NetMem.connect(uri)) {
                for (int island = 0; island < wish.islands(); island++) {
                    islands.add(children.startProgram(
                            Island.class, uri, Integer.toString(island), Integer.toString(wish.islands())));
                }
                System.out.println("server " + uri + ", " + wish.islands() + " islands; looking for a tour of at most "
                        + wish.lengthMax());
                boolean neverLonger = follow(mem);
                mem.atomic(TourPage.STOP, 0, WordFunction.SWAP, 1);
                boolean left = leave();
                return conclude(mem) && neverLonger && left;
            }
        }
    }

    /** Shows each shorter tour as the watch tells of it, until it is short enough or the time is over. */
    private boolean follow(NetMem mem) throws InterruptedException {
        LinkedBlockingQueue<Long> news = new LinkedBlockingQueue<>();
        try (Watch watch = mem.watch(TourPage.BEST, 1, (_, version) -> news.add(version))) {
            while (!isOver() && watch.failure().isEmpty()) {
                if (news.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS) != null && !showBest(mem.read(TourPage.BEST))) {
                    return false;
                }
                if (wish.killOne()) {
                    killing.look(pages(mem));
                }
                if (System.nanoTime() - nextLine >= 0) {
                    showIslands(mem);
                    nextLine = System.nanoTime() + LINE_NANOS;
                }
            }
        }
        return true;
    }

    private boolean isOver() {
        return (shortest <= wish.lengthMax() && (!wish.killOne() || killing.isSurvived()))
                || seconds() >= wish.seconds()
                || islands.stream().noneMatch(Process::isAlive);
    }

    /** True when each that was not killed has ended by itself. */
    private boolean leave() throws InterruptedException {
        boolean well = true;
        for (int island = wish.killOne() ? 1 : 0; island < islands.size(); island++) {
            Process process = islands.get(island);
            boolean left = process.waitFor(LEAVING_SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0;
            if (!left) {
                System.out.println("island " + (island + 1) + " did not end as it should: " + process);
            }
            well &= left;
        }
        return well;
    }

    /** The length is computed from the coordinates, and must be what the island said. */
    private boolean conclude(NetMem mem) {
        Versioned best = mem.read(TourPage.BEST);
        if (TourPage.isEmpty(best.buffer())) {
            System.out.println("no tour was found");
            return false;
        }
        Tour tour = TourPage.tours(best.buffer(), cities).getFirst();
        System.out.println("tour: " + tour);
        int claimed = TourPage.length(best.buffer());
        boolean agrees = tour.length() == claimed;
        boolean found = tour.length() <= wish.lengthMax() && (!wish.killOne() || killing.isSurvived());
        System.out.printf(
                Locale.ROOT,
                "%s: a round trip through all %d cities, length %d (island: %d, optimum: %d), %.1f s, in %d steps%n",
                agrees && found ? "checked" : "not found",
                cities.count(),
                tour.length(),
                claimed,
                Cities.BERLIN52_OPTIMUM,
                seconds(),
                best.version() - 1);
        return agrees && found;
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /** False when the best of all has become worse, which must not be. */
    private boolean showBest(Versioned best) {
        int length = TourPage.length(best.buffer());
        if (length > shortest) {
            System.out.println("the best of all became longer: " + length + " (expected: <= " + shortest + ")");
            return false;
        }
        if (length < shortest) {
            shortest = length;
            TourPage.Origin origin = TourPage.origin(best.buffer());
            System.out.printf(
                    Locale.ROOT,
                    "%5.1f s  %5d  by island %d in generation %d%n",
                    seconds(),
                    length,
                    origin.island() + 1,
                    origin.generation());
        }
        return true;
    }

    private void showIslands(NetMem mem) {
        System.out.printf(
                Locale.ROOT,
                "%5.1f s         %s%n",
                seconds(),
                pages(mem).stream().map(Evolution::words).collect(Collectors.joining(" | ")));
    }

    private static String words(Versioned page) {
        TourPage.Origin origin = TourPage.origin(page.buffer());
        return TourPage.isEmpty(page.buffer())
                ? "-"
                : TourPage.length(page.buffer()) + " in generation " + origin.generation()
                        + (origin.restarts() > 0 ? ", begun anew " + origin.restarts() : "");
    }

    /** The islands' pages, in order. */
    private List<Versioned> pages(NetMem mem) {
        long[] pages = new long[wish.islands()];
        Arrays.setAll(pages, TourPage::of);
        return mem.readSnapshot(pages);
    }
}
