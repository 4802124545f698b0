package netmem.bench.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import netmem.bench.process.ServerProcess;
import netmem.bench.raw.RawClient;
import netmem.bench.raw.RawLoad;
import netmem.bench.raw.Work;
import netmem.bench.result.Result;

/** What an operation costs against the number of pages, their length, and the number of connections (P9). Pure. */
final class SizeExperiment implements Experiment {
    static final String PAGES = "Cost against pages";
    static final String PAGE_LENGTH = "Cost against page length";
    static final String CONNECTIONS = "Cost against connections";
    /** In results: connections with requests. */
    static final String ACTIVE = "active";

    private static final int SMALL_PAGE_BYTES = 64;
    private static final int FEW_CONNECTIONS = 32;
    private static final int IN_FLIGHT = 16;
    private static final int LONG_PAGE_CONNECTIONS = 8;
    private static final int LONG_PAGE_IN_FLIGHT = 4;
    private static final int ACTIVE_CONNECTIONS = 200;

    @Override
    public String title() {
        return "cost against size";
    }

    @Override
    public List<Result> run(Effort effort, Field field) throws IOException {
        List<Result> results = new ArrayList<>();
        for (Contestant contestant : field.of(Field.NETMEM, Field.FLOOR)) {
            results.addAll(byPages(effort, contestant));
            results.addAll(byPageLength(effort, contestant));
            results.addAll(byConnections(effort, contestant));
        }
        return results;
    }

    /** Servers of every size at the same time, by turns; pages by chance, so that caches see the size too. */
    private static List<Result> byPages(Effort effort, Contestant contestant) throws IOException {
        List<RawLoad> sizes = new ArrayList<>();
        for (int pages : effort.pageCounts()) {
            sizes.add(new RawLoad(Work.VALIDATED_READ, FEW_CONNECTIONS, IN_FLIGHT, pages, SMALL_PAGE_BYTES, true));
        }
        List<Work> works = List.of(Work.VALIDATED_READ, Work.PAGE_READ, Work.PAGE_UPDATE);
        return sweep(PAGES, Loads.PAGES, sizes, works, effort, contestant);
    }

    private static List<Result> byPageLength(Effort effort, Contestant contestant) throws IOException {
        List<RawLoad> sizes = new ArrayList<>();
        for (int length : effort.pageLengths()) {
            int pages = LONG_PAGE_CONNECTIONS * LONG_PAGE_IN_FLIGHT;
            sizes.add(RawLoad.ownPages(Work.PAGE_READ, LONG_PAGE_CONNECTIONS, LONG_PAGE_IN_FLIGHT, pages, length));
        }
        List<Work> works = List.of(Work.PAGE_READ, Work.PAGE_UPDATE);
        return sweep(PAGE_LENGTH, Loads.PAGE_LENGTH, sizes, works, effort, contestant);
    }

    private static List<Result> sweep(
            String experiment, String axis, List<RawLoad> sizes, List<Work> works, Effort effort, Contestant contestant)
            throws IOException {
        List<ServerProcess> servers = new ArrayList<>();
        try {
            for (RawLoad size : sizes) {
                ServerProcess server =
                        contestant.server().start(size.pages(), size.pageLengthBytes(), size.connections() * 2);
                servers.add(server);
                RawClient.fill(contestant.dialect(), server.port(), size.pages(), size.pageLengthBytes());
            }
            List<Result> results = new ArrayList<>();
            for (Work work : works) { // updates last: before them every page has the version that it was filled with
                try (Turns turns = new Turns(experiment, warmer(effort))) {
                    for (int i = 0; i < sizes.size(); i++) {
                        RawLoad load = sizes.get(i).with(work);
                        ServerProcess server = servers.get(i);
                        RawClient client = RawClient.open(contestant.dialect(), load, server.port());
                        turns.add(contestant.name(), onAxis(axis, Loads.described(load)), server, client);
                    }
                    results.addAll(turns.run());
                }
            }
            return results;
        } finally {
            for (ServerProcess server : servers) {
                server.close();
            }
        }
    }

    /** These servers are fresh: each load is what warms them up. */
    private static Rounds warmer(Effort effort) {
        return new Rounds(effort.rounds().count(), effort.rounds().millis(), effort.firstWarmUpMillis());
    }

    /** The same active connections of one server for each number of idle ones. */
    private static List<Result> byConnections(Effort effort, Contestant contestant) throws IOException {
        int active = Math.min(ACTIVE_CONNECTIONS, effort.idleConnections().getLast());
        List<ServerProcess> servers = new ArrayList<>();
        RawLoad load = RawLoad.ownPages(Work.VALIDATED_READ, active, 1, active, SMALL_PAGE_BYTES);
        try (Turns turns = new Turns(CONNECTIONS, warmer(effort))) {
            for (int idle : effort.idleConnections()) {
                ServerProcess server =
                        contestant.server().start(load.pages(), load.pageLengthBytes(), active + idle + 1);
                servers.add(server);
                RawClient.fill(contestant.dialect(), server.port(), load.pages(), load.pageLengthBytes());
                RawClient client = RawClient.openBesideIdle(contestant.dialect(), load, server.port(), idle);
                Map<String, String> words = Loads.described(load);
                words.put(Loads.CONNECTIONS, Integer.toString(active + idle));
                words.put(ACTIVE, Integer.toString(active));
                turns.add(contestant.name(), onAxis(Loads.CONNECTIONS, words), server, client);
            }
            return turns.run();
        } finally {
            for (ServerProcess server : servers) {
                server.close();
            }
        }
    }

    private static Map<String, String> onAxis(String axis, Map<String, String> words) {
        Map<String, String> all = new LinkedHashMap<>(words);
        all.put(Result.AXIS, axis);
        return all;
    }
}
