package netmem.bench.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import netmem.bench.process.CpuTime;
import netmem.bench.process.ServerProcess;
import netmem.bench.raw.RawClient;
import netmem.bench.raw.Sample;
import netmem.bench.result.Figure;
import netmem.bench.result.Result;

/**
 * Clients that take turns, round after round, in another order each time, so that what disturbs the machine disturbs all
 * alike. Who is not in turn is idle. Closes the clients in the end. Confined to one thread.
 */
final class Turns implements AutoCloseable {
    /** In results: how busy the generator's thread was, 0 to 1. */
    static final String GENERATOR_BUSY = Figure.GENERATOR_BUSY.key();

    private static final long WARM_UP_SLICE_MILLIS = 100;
    private static final int WARM_UP_STRETCH_MAX = 3;

    /** One that takes part. */
    private record Entry(String contestant, Map<String, String> load, ServerProcess server, RawClient client) {}

    private final String experiment;
    private final Rounds rounds;
    private final List<Entry> entries = new ArrayList<>();

    Turns(String experiment, Rounds rounds) {
        this.experiment = experiment;
        this.rounds = rounds;
    }

    /** Adds one, from now on closed by this. */
    void add(String contestant, Map<String, String> load, ServerProcess server, RawClient client) {
        entries.add(new Entry(contestant, load, server, client));
    }

    /** Warms all up and measures: the medians of each, in the order in which they were added. */
    List<Result> run() throws IOException {
        List<List<Result>> results = new ArrayList<>();
        for (Entry entry : entries) {
            results.add(new ArrayList<>());
            warmUp(entry.server, entry.client, rounds.warmUpMillis());
        }
        for (int round = 0; round < rounds.count(); round++) {
            for (int turn = 0; turn < entries.size(); turn++) {
                int which = (round + turn) % entries.size();
                results.get(which).add(measure(entries.get(which)));
            }
        }
        return results.stream().map(Result::median).toList();
    }

    /**
     * Runs until the server has had so much processor time, so that its compiler is done on a busy machine too; but not for
     * ever.
     */
    static void warmUp(ServerProcess server, RawClient client, long cpuMillis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(cpuMillis * WARM_UP_STRETCH_MAX);
        CpuTime before = server.cpu();
        do {
            client.run(Math.min(cpuMillis, WARM_UP_SLICE_MILLIS));
        } while (before.nanosUntil(server.cpu()) < TimeUnit.MILLISECONDS.toNanos(cpuMillis) && System.nanoTime() < end);
    }

    private Result measure(Entry entry) throws IOException {
        CpuTime before = entry.server.cpu();
        Sample sample = entry.client.run(rounds.millis());
        double cpuMicros = before.nanosUntil(entry.server.cpu()) / 1e3;
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Figure.THROUGHPUT_PER_S.key(), sample.operationsPerSecond());
        figures.put(Figure.SERVER_CPU_US_PER_OP.key(), cpuMicros / sample.operations());
        figures.put(GENERATOR_BUSY, sample.generatorBusy());
        return new Result(experiment, entry.contestant, entry.load, figures, null, true);
    }

    @Override
    public void close() throws IOException {
        for (Entry entry : entries) {
            entry.client.close();
        }
    }
}
