package netmem.bench.peers;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import netmem.bench.process.Server;
import netmem.bench.process.ServerProcess;
import netmem.bench.raw.RawClient;
import netmem.bench.raw.RawLoad;
import netmem.bench.raw.Work;
import netmem.bench.result.Result;

/**
 * Contestants whose servers all run, with filled pages, and take turns under one load after the other. Confined to one
 * thread.
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

    /** Lets every contestant serve each work for so much processor time, so that compilers are done before anything counts. */
    void warmUp(RawLoad like, long millis) throws IOException {
        for (Work work : Work.values()) {
            RawLoad load =
                    RawLoad.ownPages(work, like.connections(), like.inFlight(), like.pages(), like.pageLengthBytes());
            for (Contestant contestant : contestants) {
                if (contestant.dialect().offers(work)) {
                    try (RawClient client = open(contestant, load)) {
                        Turns.warmUp(process(contestant), client, millis);
                    }
                }
            }
        }
    }

    /** Measures one load with all that offer its work. */
    List<Result> play(String experiment, RawLoad load, Rounds rounds) throws IOException {
        return play(experiment, load, rounds, _ -> true);
    }

    /** Measures one load: the medians of each contestant that is wanted and offers its work, in their order. */
    List<Result> play(String experiment, RawLoad load, Rounds rounds, Predicate<Contestant> wanted) throws IOException {
        try (Turns turns = new Turns(experiment, rounds)) {
            for (Contestant contestant : contestants) {
                if (wanted.test(contestant) && contestant.dialect().offers(load.work())) {
                    RawClient client = open(contestant, load);
                    turns.add(contestant.name(), Loads.described(load), process(contestant), client);
                }
            }
            return turns.run();
        }
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
