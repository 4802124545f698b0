package netmem.samples.evolution;

import java.util.List;
import netmem.api.Versioned;
import netmem.client.NetMem;
import netmem.client.Watch;
import netmem.samples.launch.Argument;

/**
 * One island, a process: evolves its own tours, shows its shortest ones in its page, takes in those of its neighbour, until it is told to
 * stop. It holds no lock, so one that is killed is in nobody's way. Confined to one thread, but for the flag.
 */
public final class Island {
    private static final int MIGRANTS = 4;
    private static final int GENERATIONS_BETWEEN_LOOKS = 10;
    static final int ISLANDS_MAX = 16;

    private final NetMem mem;
    private final Cities cities;
    private final int island;
    private final long neighbourPage;
    private final Population population;

    private List<Tour> shown = List.of();
    private long neighbourVersion;
    private int arrivals;
    private int bestKnown = Integer.MAX_VALUE;
    private volatile boolean stopped;

    Island(NetMem mem, Cities cities, int island, int islands) {
        this.mem = mem;
        this.cities = cities;
        this.island = island;
        this.neighbourPage = TourPage.of((island + islands - 1) % islands);
        this.population = new Population(cities);
    }

    public static void main(String[] args) {
        if (args.length != 3) {
            System.err.println("usage: Island netmem://HOST:PORT ISLAND ISLANDS");
            System.exit(2);
        }
        int islands = Argument.number("ISLANDS", args[2], 1, ISLANDS_MAX);
        int island = Argument.number("ISLAND", args[1], 0, islands - 1);
        try (NetMem mem = NetMem.builder(args[0]).name("island-" + (island + 1)).connect()) {
            new Island(mem, Cities.berlin52(), island, islands).run();
        }
    }

    void run() {
        try (Watch watch = mem.watch(TourPage.STOP, 1, (_, _) -> lookForStop())) {
            lookForStop(); // what was written before the watch began is not told
            while (!stopped && watch.failure().isEmpty()) {
                population.evolve(GENERATIONS_BETWEEN_LOOKS);
                List<Tour> elite = population.elite(MIGRANTS);
                if (!elite.isEmpty()) {
                    show(elite);
                    if (population.isGrown()) {
                        takeIn();
                    }
                }
            }
        }
    }

    private void lookForStop() {
        stopped = mem.peek(TourPage.STOP, page -> page.getLong(0)) != 0;
    }

    /** Nobody else writes this page; the best of all is replaced only by a shorter one, whoever else tries to at the same time. */
    private void show(List<Tour> elite) {
        TourPage.Origin origin = new TourPage.Origin(island, population.generation(), population.restarts(), arrivals);
        if (!elite.equals(shown)) {
            mem.write(TourPage.of(island), 0, TourPage.bytes(origin, elite));
            shown = elite;
        }
        Tour shortest = elite.getFirst();
        if (shortest.length() < bestKnown) {
            Versioned best = mem.update(TourPage.BEST, page -> {
                if (shortest.length() < TourPage.length(page)) {
                    TourPage.put(page, origin, List.of(shortest));
                }
            });
            bestKnown = TourPage.length(best.buffer());
        }
    }

    /** Asks for the neighbour's page, which costs no bytes as long as it is at the version that was taken in before. */
    private void takeIn() {
        Versioned neighbour = mem.read(neighbourPage);
        if (neighbour.version() != neighbourVersion && !TourPage.isEmpty(neighbour.buffer())) {
            neighbourVersion = neighbour.version();
            population.immigrate(TourPage.tours(neighbour.buffer(), cities));
            arrivals++;
        }
    }
}
