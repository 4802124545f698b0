package netmem.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import netmem.bench.process.CProgram;
import netmem.bench.result.Figure;
import netmem.bench.result.Histograms;
import netmem.bench.result.Result;
import netmem.server.NetMemServer;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ComparisonTest {
    private static final Target TARGET = new Target("127.0.0.1", 1, 16, 256);

    @TempDir
    Path folder;

    /** Does what a test says instead of an operation; the argument counts the operations. */
    private record Fake(String name, IntConsumer work) implements LibraryContestant {
        @Override
        public Set<Operation> operations() {
            return EnumSet.of(Operation.PAGE_READ);
        }

        @Override
        public Client open(int callers) {
            AtomicInteger count = new AtomicInteger();
            return new Client() {
                @Override
                public void prepare(Mix mix) {}

                @Override
                public void run(Operation operation, long page, int caller) {
                    work.accept(count.getAndIncrement());
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public long serverCpuNanos() {
            return -1;
        }
    }

    private List<Result> run(Load load, Timing timing, Contestant... contestants) throws Exception {
        try (Progress progress = new Progress(new PrintWriter(Writer.nullWriter()), timing.total())) {
            return new Comparison("Test", TARGET, load, timing, progress).run(List.of(contestants), folder);
        }
    }

    private static Timing millis(int warmUp, int round, int rounds) {
        return new Timing(Duration.ofMillis(warmUp), Duration.ofMillis(round), rounds);
    }

    private static double figure(Result result, Figure figure) {
        return result.figure(figure).orElseThrow();
    }

    @Test
    void openLoop_contestantThatStops_isChargedForAllThatCameDue() throws Exception {
        Load load = Load.open(Mix.of(Operation.PAGE_READ), 1, 1, 1000);
        Contestant stopping = new Fake("stops", count -> {
            if (count == 100) {
                pause(400);
            }
        });
        Result result = run(load, millis(0, 1000, 1), stopping).getFirst();

        Histogram latencies = Histograms.read(folder.resolve(Objects.requireNonNull(result.hlog())));
        long slow = latencies.getCountBetweenValues(100_000_000, Long.MAX_VALUE / 2);
        assertTrue(slow >= 250, "operations above 100 ms, of the 400 that came due while it stood: " + slow);
        assertTrue(figure(result, Figure.MAX_US) >= 400_000, result.toString());
        assertTrue(figure(result, Figure.THROUGHPUT_PER_S) <= 1001, result.toString());
    }

    @Test
    void openLoop_histogramFile_hasTheTimesOfItsRounds() throws Exception {
        Load load = Load.open(Mix.of(Operation.PAGE_READ), 1, 2, 2000);
        long before = System.currentTimeMillis();
        Result result =
                run(load, millis(20, 100, 3), new Fake("quick", _ -> {})).getFirst();
        long after = System.currentTimeMillis() + 1;

        Path file = folder.resolve(Objects.requireNonNull(result.hlog()));
        int rounds = 0;
        try (HistogramLogReader log = new HistogramLogReader(file.toFile())) {
            for (EncodableHistogram round = log.nextIntervalHistogram();
                    round != null;
                    round = log.nextIntervalHistogram()) {
                rounds++;
                assertTrue(round.getStartTimeStamp() >= before - 1, "start " + round.getStartTimeStamp());
                long length = round.getEndTimeStamp() - round.getStartTimeStamp();
                assertTrue(length >= 98, "length in ms, which the reader cuts off: " + length);
                assertTrue(round.getEndTimeStamp() <= after + 1, "end " + round.getEndTimeStamp());
            }
            assertTrue(log.getStartTimeSec() * 1000 >= before - 1, "start of the file " + log.getStartTimeSec());
        }
        assertEquals(3, rounds);
    }

    @Test
    void openLoop_percentiles_areThoseOfTheHistogramFile() throws Exception {
        Load load = Load.open(Mix.of(Operation.PAGE_READ), 1, 1, 2000);
        Result result = run(load, millis(0, 200, 3), new Fake("slow in one round", count -> {
                    if (count >= 420 && count < 440) {
                        pause(2);
                    }
                }))
                .getFirst();

        Histogram all = Histograms.read(folder.resolve(Objects.requireNonNull(result.hlog())));
        Map<String, Double> drawn = new HashMap<>(Histograms.body(all));
        drawn.putAll(Histograms.tail(all));
        drawn.forEach((name, value) -> assertEquals(value, result.figures().get(name), name));
        assertTrue(
                result.figures().getOrDefault("p99_us.low", 1e9) < figure(result, Figure.P99_US),
                "the range is that of the rounds: " + result);
    }

    private static void pause(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Test
    void openLoop_contestantSlowerThanTheRate_hasFailed() throws Exception {
        Load load = Load.open(Mix.of(Operation.PAGE_READ), 1, 2, 2000);
        List<Result> results =
                run(load, millis(0, 200, 2), new Fake("slow", _ -> pause(5)), new Fake("quick", _ -> {}));

        assertFalse(results.getFirst().rateReached(), "2 callers at 5 ms each: 400 of 2000 a second");
        assertTrue(figure(results.getFirst(), Figure.RATE_REACHED) < 0.5, results.toString());
        assertEquals("quick", results.getLast().contestant());
    }

    @Test
    void openLoop_arrivalsAtRandom_areAsManyAsTheRate() throws Exception {
        Load load = Load.open(Mix.of(Operation.PAGE_READ), 1, 2, 20_000).withPoisson(true);
        Result result = run(load, millis(0, 500, 1), new Fake("quick", _ -> {})).getFirst();

        Histogram latencies = Histograms.read(folder.resolve(Objects.requireNonNull(result.hlog())));
        double due = latencies.getTotalCount() / figure(result, Figure.RATE_REACHED);
        assertEquals(10_000, due, 600, "six standard deviations");
    }

    @Test
    void closedLoop_contestants_alternateAndHaveMedians() throws Exception {
        StringBuilder order = new StringBuilder();
        Load load = Load.closed(Mix.of(Operation.PAGE_READ), 1, 1);
        List<Result> results = run(
                load,
                millis(0, 20, 3),
                new Fake("a", _ -> order.append(order.toString().endsWith("a") ? "" : "a")),
                new Fake("b", _ -> order.append(order.toString().endsWith("b") ? "" : "b")));

        assertEquals("abab", order.toString(), "a b, then b a, then a b");
        assertEquals(3, figure(results.getFirst(), Figure.ROUNDS));
        assertNull(results.getFirst().hlog(), "no latencies of a closed loop");
        assertTrue(results.getFirst().figure(Figure.P99_US).isEmpty());
    }

    @Test
    void contestant_thatCannotDoTheWork_isLeftOut() throws Exception {
        assertEquals(
                List.of(),
                run(Load.closed(Mix.of(Operation.ATOMIC_ADD), 1, 1), millis(0, 20, 1), new Fake("a", _ -> {})));
    }

    @Test
    void allOperations_byNetMemAndTheFloor_areDone() throws Exception {
        Set<String> names = new HashSet<>();
        try (NetMemServer server = NetMemServer.builder()
                        .listen("127.0.0.1", 0)
                        .pages(TARGET.pages())
                        .pageLengthBytes(TARGET.pageLengthBytes())
                        .start();
                EchoServer echo = EchoServer.start()) {
            for (Operation operation : Operation.values()) {
                List<Result> results = run(
                        Load.closed(Mix.of(operation), 2, 4).withSkew(0.99),
                        millis(0, 50, 1),
                        new NetMemContestant(at(server.port()), () -> 0),
                        new SocketFloor(at(echo.port()), () -> 0));
                for (Result result : results) {
                    names.add(result.contestant());
                    assertTrue(figure(result, Figure.THROUGHPUT_PER_S) > 0, result.toString());
                }
            }
        }
        assertEquals(Set.of("NetMem", "bare socket"), names);
    }

    @Test
    void cSocket_oneCallerOfNetMem_isMeasured() throws Exception {
        CProgram socket = new CProgram(Path.of("floor/socket.c"), folder.resolve("socket"));
        assumeTrue(socket.absence().isEmpty(), () -> socket.absence().orElse(""));
        try (NetMemServer server = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(TARGET.pages())
                .pageLengthBytes(TARGET.pageLengthBytes())
                .start()) {
            Contestant inC = new CSocketContestant(socket.program(), at(server.port()), () -> 0);
            Load alone = Load.closed(Mix.of(Operation.VALIDATED_READ), 1, 1);
            List<Result> results = run(alone, millis(10, 50, 2), inC);

            assertEquals(
                    List.of("C socket"),
                    results.stream().map(Result::contestant).toList());
            assertTrue(figure(results.getFirst(), Figure.CALL_P50_US) > 0.5, results.toString());
            assertTrue(figure(results.getFirst(), Figure.THROUGHPUT_PER_S) > 0, results.toString());
            assertFalse(inC.plays(Load.closed(Mix.of(Operation.VALIDATED_READ), 1, 2)), "two callers");
            assertFalse(inC.plays(Load.closed(Mix.of(Operation.PAGE_READ), 1, 1)), "other frames");
        }
    }

    private static Target at(int port) throws IOException {
        return new Target("127.0.0.1", port, TARGET.pages(), TARGET.pageLengthBytes());
    }
}
