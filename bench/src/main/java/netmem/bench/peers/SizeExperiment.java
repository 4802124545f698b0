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
    static final int IN_FLIGHT = 16;
    private static final int LONG_PAGE_CONNECTIONS = 8;
    private static final int LONG_PAGE_IN_FLIGHT = 4;
    private static final int ACTIVE_CONNECTIONS = 200;

    /** An update changes the version that each page was filled with, and readers count on. */
    private static final List<Work> READS_BEFORE_UPDATES =
            List.of(Work.VALIDATED_READ, Work.PAGE_READ, Work.PAGE_UPDATE);

    private static final List<Work> PAGE_WORKS = List.of(Work.PAGE_READ, Work.PAGE_UPDATE);

    @Override
    public String title() {
        return "cost against size";
    }

    @Override
    public List<Result> run(Effort effort, Field field) throws IOException {
        List<Result> results = new ArrayList<>();
        for (Contestant contestant : field.of(Field.NETMEM, Field.FLOOR)) {
            field.begins(contestant.name() + ": number of pages");
            results.addAll(byPages(effort, contestant));
            field.begins(contestant.name() + ": page length");
            results.addAll(byPageLength(effort, contestant));
            field.begins(contestant.name() + ": connections");
            results.addAll(byConnections(effort, contestant));
        }
        return results;
    }

    /** Pages by chance, so that caches see the size too. */
    private static List<Result> byPages(Effort effort, Contestant contestant) throws IOException {
        List<RawLoad> loads = new ArrayList<>();
        for (int inFlight : new int[] {1, IN_FLIGHT}) {
            for (int pages : effort.pageCounts()) {
                loads.add(new RawLoad(Work.VALIDATED_READ, FEW_CONNECTIONS, inFlight, pages, SMALL_PAGE_BYTES, true));
            }
        }
        return sweep(PAGES, Loads.PAGES, loads, READS_BEFORE_UPDATES, effort, contestant);
    }

    private static List<Result> byPageLength(Effort effort, Contestant contestant) throws IOException {
        List<RawLoad> loads = new ArrayList<>();
        for (int length : effort.pageLengths()) {
            int pages = LONG_PAGE_CONNECTIONS * LONG_PAGE_IN_FLIGHT;
            loads.add(RawLoad.ownPages(Work.PAGE_READ, LONG_PAGE_CONNECTIONS, LONG_PAGE_IN_FLIGHT, pages, length));
        }
        return sweep(PAGE_LENGTH, Loads.PAGE_LENGTH, loads, PAGE_WORKS, effort, contestant);
    }

    /** Servers of every size run at the same time and take turns under loads that differ in the size alone. */
    private static List<Result> sweep(
            String experiment, String axis, List<RawLoad> loads, List<Work> works, Effort effort, Contestant contestant)
            throws IOException {
        Map<List<Integer>, ServerProcess> servers = new LinkedHashMap<>();
        try {
            for (RawLoad load : loads) {
                if (!servers.containsKey(size(load))) {
                    ServerProcess server =
                            contestant.server().start(load.pages(), load.pageLengthBytes(), load.connections() * 2);
                    servers.put(size(load), server);
                    RawClient.fill(contestant.dialect(), server.port(), load.pages(), load.pageLengthBytes());
                    compile(contestant, server, load, effort);
                }
            }
            List<Result> results = new ArrayList<>();
            for (Work work : works) {
                for (int inFlight :
                        loads.stream().map(RawLoad::inFlight).distinct().toList()) {
                    try (Turns turns = new Turns(experiment, warmer(effort, contestant))) {
                        for (RawLoad load : loads) {
                            ServerProcess server = servers.get(size(load));
                            if (server != null && load.inFlight() == inFlight) {
                                RawLoad now = load.with(work);
                                RawClient client = RawClient.open(contestant.dialect(), now, server.port());
                                turns.add(contestant.name(), onAxis(axis, Loads.described(now)), server, client);
                            }
                        }
                        results.addAll(turns.run());
                    }
                }
            }
            return results;
        } finally {
            for (ServerProcess server : servers.values()) {
                server.close();
            }
        }
    }

    /** Brings a fresh server's compiler to an end with many reads, where it has one; reads leave the versions alone. */
    private static void compile(Contestant contestant, ServerProcess server, RawLoad like, Effort effort)
            throws IOException {
        if (contestant.name().equals(Field.FLOOR)) {
            return;
        }
        for (Work work : List.of(Work.VALIDATED_READ, Work.PAGE_READ)) {
            RawLoad load =
                    new RawLoad(work, LONG_PAGE_CONNECTIONS, IN_FLIGHT, like.pages(), like.pageLengthBytes(), true);
            try (RawClient client = RawClient.open(contestant.dialect(), load, server.port())) {
                Turns.warmUp(server, client, effort.firstWarmUpMillis());
            }
        }
    }

    private static List<Integer> size(RawLoad load) {
        return List.of(load.pages(), load.pageLengthBytes());
    }

    /** Each load is what a server of its own has to warm up to, where there is something to compile. */
    private static Rounds warmer(Effort effort, Contestant contestant) {
        Rounds rounds = effort.rounds();
        return contestant.name().equals(Field.FLOOR)
                ? rounds
                : new Rounds(rounds.count(), rounds.millis(), effort.firstWarmUpMillis() / 2);
    }

    /** The same active connections of one server for each number of idle ones. */
    private static List<Result> byConnections(Effort effort, Contestant contestant) throws IOException {
        int active = Math.min(ACTIVE_CONNECTIONS, effort.idleConnections().getLast());
        List<ServerProcess> servers = new ArrayList<>();
        RawLoad load = RawLoad.ownPages(Work.VALIDATED_READ, active, 1, active, SMALL_PAGE_BYTES);
        try (Turns turns = new Turns(CONNECTIONS, warmer(effort, contestant))) {
            for (int idle : effort.idleConnections()) {
                ServerProcess server =
                        contestant.server().start(load.pages(), load.pageLengthBytes(), active + idle + 1);
                servers.add(server);
                RawClient.fill(contestant.dialect(), server.port(), load.pages(), load.pageLengthBytes());
                compile(contestant, server, load, effort);
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
