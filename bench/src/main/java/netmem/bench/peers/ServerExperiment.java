package netmem.bench.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import netmem.bench.raw.RawLoad;
import netmem.bench.raw.Work;
import netmem.bench.result.Result;

/** All servers, all works, few and many connections, one request in flight and sixteen (P1, P2, P3). Pure. */
final class ServerExperiment implements Experiment {
    static final String NAME = "Servers";
    static final int MANY_IN_FLIGHT = 16;
    private static final int PAGE_LENGTH_BYTES = 4096;
    private static final int WARM_UP_CONNECTIONS = 8;

    @Override
    public String title() {
        return "servers beside each other";
    }

    @Override
    public List<Result> run(Effort effort, Field field) throws IOException {
        List<Contestant> contestants = field.of(
                Field.FLOOR, Field.NETMEM, Field.NETMEM_TWO_LOOPS, Field.NETMEM_OLD_WIRE, Field.REDIS, Field.MEMCACHED);
        int connectionsMax = Collections.max(effort.connections());
        int pages = connectionsMax * MANY_IN_FLIGHT;
        List<Result> results = new ArrayList<>();
        try (Match match = new Match(contestants, pages, PAGE_LENGTH_BYTES, 2 * connectionsMax)) {
            RawLoad warm =
                    RawLoad.ownPages(Work.PAGE_READ, WARM_UP_CONNECTIONS, MANY_IN_FLIGHT, pages, PAGE_LENGTH_BYTES);
            match.warmUp(warm, effort.firstWarmUpMillis());
            for (Work work : Work.values()) {
                field.begins(work.title());
                for (int connections : effort.connections()) {
                    for (int inFlight : new int[] {1, MANY_IN_FLIGHT}) {
                        RawLoad load = RawLoad.ownPages(work, connections, inFlight, pages, PAGE_LENGTH_BYTES);
                        results.addAll(match.play(NAME, load, effort.rounds(), who -> plays(who, load)));
                    }
                }
            }
        }
        return results;
    }

    /** Two loops and the 0.2 wire are rows of their own where they tell something. */
    private static boolean plays(Contestant contestant, RawLoad load) {
        return switch (contestant.name()) {
            case Field.NETMEM_TWO_LOOPS -> load.connections() > 1 && load.inFlight() > 1;
            case Field.NETMEM_OLD_WIRE -> load.connections() > 1 && load.connections() <= 32;
            default -> true;
        };
    }
}
