package netmem.bench.peers;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import netmem.bench.raw.NetMemWire;
import netmem.bench.raw.RawClient;
import netmem.bench.raw.RawLoad;
import netmem.bench.raw.Work;
import netmem.bench.result.Figure;
import netmem.bench.result.Result;
import netmem.server.NetMemServer;

/** What the server allocates for an operation (P8): a server inside this process, whose event loops the JVM counts. Pure. */
final class GarbageExperiment implements Experiment {
    static final String NAME = "Garbage of the server";
    static final String BYTES_PER_OPERATION = Figure.SERVER_ALLOC_BYTES_PER_OP.key();

    private static final String EVENT_LOOPS = "netmem-io";
    private static final int PAGES = 1024;
    private static final int PAGE_LENGTH_BYTES = 4096;
    private static final int CONNECTIONS = 8;

    @Override
    public String title() {
        return "garbage of the server";
    }

    @Override
    public List<Result> run(Effort effort, Field field) throws IOException {
        List<Result> results = new ArrayList<>();
        NetMemWire wire = new NetMemWire();
        try (NetMemServer server = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(PAGES)
                .pageLengthBytes(PAGE_LENGTH_BYTES)
                .eventLoops(1)
                .start()) {
            RawClient.fill(wire, server.port(), PAGES, PAGE_LENGTH_BYTES);
            for (Work work : Work.values()) {
                RawLoad load =
                        RawLoad.ownPages(work, CONNECTIONS, ServerExperiment.MANY_IN_FLIGHT, PAGES, PAGE_LENGTH_BYTES);
                try (RawClient client = RawClient.open(wire, load, server.port())) {
                    client.run(effort.firstWarmUpMillis());
                    results.add(Result.median(rounds(effort, load, client)));
                }
            }
        }
        return results;
    }

    private static List<Result> rounds(Effort effort, RawLoad load, RawClient client) throws IOException {
        List<Result> rounds = new ArrayList<>();
        for (int round = 0; round < effort.rounds().count(); round++) {
            long before = allocatedBytes();
            long operations = client.run(effort.rounds().millis()).operations();
            double each = (double) (allocatedBytes() - before) / operations;
            Map<String, Double> figures = Map.of(BYTES_PER_OPERATION, each);
            rounds.add(new Result(NAME, Field.NETMEM, Loads.described(load), figures, null, true));
        }
        return rounds;
    }

    private static long allocatedBytes() {
        if (!(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads)) {
            throw new IllegalStateException("this JVM does not count what threads allocate");
        }
        long bytes = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith(EVENT_LOOPS)) {
                bytes += threads.getThreadAllocatedBytes(thread.getThreadId());
            }
        }
        return bytes;
    }
}
