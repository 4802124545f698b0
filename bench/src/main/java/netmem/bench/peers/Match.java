package netmem.bench.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import netmem.bench.process.CpuTime;
import netmem.bench.process.Server;
import netmem.bench.process.ServerProcess;
import netmem.bench.raw.RawClient;
import netmem.bench.raw.RawLoad;
import netmem.bench.raw.Sample;
import netmem.bench.raw.Work;
import netmem.bench.result.Figure;
import netmem.bench.result.Result;

/**
 * Contestants whose servers all run, with filled pages, and take turns under one load after the other; those whose turn
 * it is not are idle. Confined to one thread.
 */
final class Match implements AutoCloseable {
    private final List<Contestant> contestants;
    private final Map<Server, ServerProcess> processes = new LinkedHashMap<>();

    /** Starts the servers, one for all contestants that share it, and fills their pages. */
    Match(List<Contestant> contestants, int pages, int pageLengthBytes, int connections) throws IOException {
        this.contestants = List.copyOf(contestants);
        try {
            for (Contestant contestant : contestants) {
                if (!processes.containsKey(contestant.server())) {
                    ServerProcess process = contestant.server().start(pages, pageLengthBytes, connections);
                    processes.put(contestant.server(), process);
                    RawClient.fill(contestant.dialect(), process.port(), pages, pageLengthBytes);
                }
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Lets every contestant serve each work for a time, so that compilers are done before anything counts. */
    void warmUp(RawLoad like, long millis) throws IOException {
        for (Work work : Work.values()) {
            RawLoad load =
                    RawLoad.ownPages(work, like.connections(), like.inFlight(), like.pages(), like.pageLengthBytes());
            for (Contestant contestant : contestants) {
                if (contestant.dialect().offers(work)) {
                    try (RawClient client = open(contestant, load)) {
                        client.run(millis);
                    }
                }
            }
        }
    }

    /** Measures one load: the medians of each contestant that offers its work, in their order. */
    List<Result> play(String experiment, RawLoad load, Rounds rounds) throws IOException {
        Map<Contestant, RawClient> clients = new LinkedHashMap<>();
        try {
            for (Contestant contestant : contestants) {
                if (contestant.dialect().offers(load.work())) {
                    clients.put(contestant, open(contestant, load));
                }
            }
            return byTurns(experiment, load, rounds, clients);
        } finally {
            for (RawClient client : clients.values()) {
                client.close();
            }
        }
    }

    private List<Result> byTurns(String experiment, RawLoad load, Rounds rounds, Map<Contestant, RawClient> clients)
            throws IOException {
        List<Contestant> order = new ArrayList<>(clients.keySet());
        Map<Contestant, List<Result>> results = new LinkedHashMap<>();
        for (Map.Entry<Contestant, RawClient> entry : clients.entrySet()) {
            results.put(entry.getKey(), new ArrayList<>());
            entry.getValue().run(rounds.warmUpMillis());
        }
        for (int round = 0; round < rounds.count(); round++) {
            for (int turn = 0; turn < order.size(); turn++) {
                Contestant contestant = order.get((round + turn) % order.size());
                RawClient client = clients.get(contestant);
                List<Result> mine = results.get(contestant);
                if (client != null && mine != null) {
                    mine.add(measure(experiment, contestant, load, client, rounds.millis()));
                }
            }
        }
        return results.values().stream().map(Result::median).toList();
    }

    private Result measure(String experiment, Contestant contestant, RawLoad load, RawClient client, long millis)
            throws IOException {
        ServerProcess process = process(contestant);
        CpuTime before = process.cpu();
        Sample sample = client.run(millis);
        double cpuMicros = before.nanosUntil(process.cpu()) / 1e3;
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Figure.THROUGHPUT_PER_S.key(), sample.operationsPerSecond());
        figures.put(Figure.SERVER_CPU_US_PER_OP.key(), cpuMicros / sample.operations());
        figures.put("generator_busy", sample.generatorBusy());
        return new Result(experiment, contestant.name(), Loads.described(load), figures, null, true);
    }

    private RawClient open(Contestant contestant, RawLoad load) throws IOException {
        return RawClient.open(contestant.dialect(), load, process(contestant).port());
    }

    private ServerProcess process(Contestant contestant) {
        ServerProcess process = processes.get(contestant.server());
        if (process == null) {
            throw new IllegalStateException("server of " + contestant.name() + ": not started");
        }
        return process;
    }

    @Override
    public void close() throws IOException {
        for (ServerProcess process : processes.values()) {
            process.close();
        }
    }
}
