package netmem.bench.peers;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import netmem.bench.process.Floor;
import netmem.bench.process.Memcached;
import netmem.bench.process.NetMemServerKind;
import netmem.bench.process.Redis;
import netmem.bench.raw.MemcachedWire;
import netmem.bench.raw.NetMemWire;
import netmem.bench.raw.OldWire;
import netmem.bench.raw.RawLoad;
import netmem.bench.raw.RedisWire;
import netmem.bench.raw.Work;
import netmem.bench.result.Figure;
import netmem.bench.result.Result;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command that compares what servers cost: a quick before and after for who makes one faster. One thread. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "What an operation costs the server, beside the C floor and others, by turns over bare sockets.")
public final class ServerCost implements Callable<Integer> {
    private static final int PAGE_LENGTH_BYTES = 4096;
    private static final int PAGES_MIN = 128;
    private static final long FIRST_WARM_UP_MILLIS = 1500;

    private final PrintStream out = System.out;

    @Option(
            names = "--root",
            paramLabel = "FOLDER",
            defaultValue = ".",
            description = "work tree of NetMem (default: ${DEFAULT-VALUE})")
    private Path root = Path.of(".");

    @Option(
            names = "--netmem",
            paramLabel = "NAME=LAUNCHER",
            description = "a NetMem server to measure, such as before=/tmp/netmem/bin/netmem-server; may be given"
                    + " several times (default: the image that was built)")
    private Map<String, Path> launchers = new LinkedHashMap<>();

    @Option(names = "--peers", description = "measure Redis and memcached too")
    private boolean peers;

    @Option(names = "--old-wire", description = "measure NetMem over the 0.2 wire too")
    private boolean oldWire;

    @Option(names = "--event-loops", defaultValue = "1", description = "of NetMem (default: ${DEFAULT-VALUE})")
    private int eventLoops = 1;

    @Option(
            names = "--connections",
            split = ",",
            defaultValue = "32",
            description = "numbers of connections (default: ${DEFAULT-VALUE})")
    private List<Integer> connections = List.of(32);

    @Option(
            names = "--in-flight",
            split = ",",
            defaultValue = "1,16",
            description = "requests in flight on each (default: ${DEFAULT-VALUE})")
    private List<Integer> inFlight = List.of(1, 16);

    @Option(
            names = "--work",
            split = ",",
            defaultValue = "VALIDATED_READ,PAGE_READ,PAGE_UPDATE",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private List<Work> works = List.of(Work.values());

    @Option(names = "--rounds", defaultValue = "7", description = "rounds (default: ${DEFAULT-VALUE})")
    private int rounds = 7;

    @Option(names = "--millis", defaultValue = "500", description = "length of a round (default: ${DEFAULT-VALUE})")
    private long millis = 500;

    /** Runs the command alone. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new ServerCost())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        List<Contestant> contestants = present(contestants());
        int connectionsMax =
                connections.stream().mapToInt(Integer::intValue).max().orElse(1);
        int pages = Math.max(
                PAGES_MIN,
                connectionsMax
                        * inFlight.stream().mapToInt(Integer::intValue).max().orElse(1));
        try (Match match = new Match(contestants, pages, PAGE_LENGTH_BYTES, connectionsMax * 2)) {
            match.warmUp(RawLoad.ownPages(Work.PAGE_READ, 8, 16, pages, PAGE_LENGTH_BYTES), FIRST_WARM_UP_MILLIS);
            for (int some : connections) {
                for (int depth : inFlight) {
                    table(match, some, depth, pages);
                }
            }
        }
        return 0;
    }

    private void table(Match match, int some, int depth, int pages) throws IOException {
        out.printf("%n%d connections, %d in flight; medians of %d rounds by turns%n", some, depth, rounds);
        out.printf("%-16s %-22s %12s %9s %12s %9s %6s%n", "", "", "CPU us/op", "ratio", "ops/s", "ratio", "busy");
        for (Work work : works) {
            RawLoad load = RawLoad.ownPages(work, some, depth, pages, PAGE_LENGTH_BYTES);
            List<Result> results = match.play("server", load, new Rounds(rounds, millis, millis));
            Result first = results.getFirst();
            for (Result result : results) {
                out.printf(
                        Locale.ROOT,
                        "%-16s %-22s %12.2f %9.2f %12.0f %9.2f %6.2f%n",
                        result.equals(first) ? work.title() : "",
                        result.contestant(),
                        figure(result, Figure.SERVER_CPU_US_PER_OP),
                        figure(result, Figure.SERVER_CPU_US_PER_OP) / figure(first, Figure.SERVER_CPU_US_PER_OP),
                        figure(result, Figure.THROUGHPUT_PER_S),
                        figure(result, Figure.THROUGHPUT_PER_S) / figure(first, Figure.THROUGHPUT_PER_S),
                        result.figures().getOrDefault(Turns.GENERATOR_BUSY, 0.0));
            }
        }
    }

    private static double figure(Result result, Figure figure) {
        return result.figure(figure).orElse(Double.NaN);
    }

    private List<Contestant> contestants() {
        List<Contestant> all = new ArrayList<>();
        Floor floor = new Floor(root.resolve("bench/floor/floor.c"), root.resolve("bench/target/floor"));
        all.add(new Contestant(floor.name(), floor, new OldWire()));
        if (launchers.isEmpty()) {
            launchers.put("NetMem", root.resolve("jlink/target/netmem/bin/netmem-server"));
        }
        launchers.forEach((name, launcher) -> {
            NetMemServerKind server = new NetMemServerKind(name, launcher, eventLoops);
            all.add(new Contestant(name, server, new NetMemWire()));
            if (oldWire) {
                all.add(new Contestant(name + ", 0.2 wire", server, new OldWire()));
            }
        });
        if (peers) {
            all.add(new Contestant("Redis", new Redis(), new RedisWire()));
            all.add(new Contestant("memcached", new Memcached(), new MemcachedWire()));
        }
        return all;
    }

    private List<Contestant> present(List<Contestant> all) {
        List<Contestant> present = new ArrayList<>();
        for (Contestant contestant : all) {
            contestant
                    .server()
                    .absence()
                    .ifPresentOrElse(
                            why -> out.println("skipped: " + contestant.name() + ": " + why),
                            () -> present.add(contestant));
        }
        return present;
    }
}
