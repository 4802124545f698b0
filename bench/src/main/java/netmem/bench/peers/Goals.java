package netmem.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import netmem.bench.load.CSocketContestant;
import netmem.bench.load.Load;
import netmem.bench.load.Placement;
import netmem.bench.raw.Work;
import netmem.bench.result.Figure;
import netmem.bench.result.Result;

/** The goals of the measurements and how near a run of them came. Pure. */
final class Goals {
    private static final String CPU = Figure.SERVER_CPU_US_PER_OP.key();
    private static final String THROUGHPUT = Figure.THROUGHPUT_PER_S.key();
    private static final String CALL_P50 = "call_p50_us";
    private static final String JAVA_SOCKET = "bare socket";
    private static final String LETTUCE = "Redis (Lettuce)";
    private static final int MANY = ServerExperiment.MANY_IN_FLIGHT;
    private static final List<Work> WORKS = List.of(Work.VALIDATED_READ, Work.PAGE_READ, Work.PAGE_UPDATE);
    private static final double FLAT = 1.10;
    /** What timers and the like allocate is no garbage of operations. */
    private static final double NO_GARBAGE_BYTES = 0.5;

    /** One small object for the result. */
    private static final double SMALL_RESULT_BYTES = 64;

    private static final double MEBI = 1 << 20;

    private final Lookup all;
    private final Lookup servers;
    private final List<Goal> goals = new ArrayList<>();

    private Goals(List<Result> results) {
        all = new Lookup(results);
        servers = all.in(ServerExperiment.NAME);
    }

    /** All goals, in their order. */
    static List<Goal> of(List<Result> results) {
        Goals goals = new Goals(results);
        goals.serverAgainstFloor();
        goals.serverAgainstPeers();
        goals.compareUpdate();
        goals.client();
        goals.garbage();
        goals.size();
        goals.start();
        return goals.goals;
    }

    private Lookup load(Work work, int connections, int inFlight) {
        return servers.with(Loads.WORK, work.title())
                .with(Loads.CONNECTIONS, connections)
                .with(Loads.IN_FLIGHT, inFlight);
    }

    private void serverAgainstFloor() {
        for (Work work : WORKS) {
            goals.add(Goal.atMost(
                    "P1",
                    work.title() + ", 32 connections, 1 in flight: server CPU against the C floor",
                    work == Work.VALIDATED_READ ? 1.15 : 1.25,
                    load(work, 32, 1).ratio(CPU, Field.NETMEM, Field.FLOOR)));
        }
    }

    private void serverAgainstPeers() {
        for (Work work : WORKS) {
            for (int connections : new int[] {1, 32, 256}) {
                for (int inFlight : new int[] {1, MANY}) {
                    goals.add(Goal.atLeast(
                            "P2",
                            work.title() + ", connections: " + connections + ", in flight: " + inFlight
                                    + "; throughput against the better of Redis and memcached",
                            inFlight == 1 ? 1 : manyInFlightBound(work),
                            againstBetter(load(work, connections, inFlight))));
                }
            }
        }
    }

    private static double manyInFlightBound(Work work) {
        return switch (work) {
            case VALIDATED_READ -> 1.6;
            case PAGE_READ -> 1.5;
            case PAGE_UPDATE -> 2.5;
            case COMPARE_UPDATE -> 6;
        };
    }

    /** NetMem's throughput over the best of the others. */
    static OptionalDouble againstBetter(Lookup load) {
        return Stream.of(Field.REDIS, Field.MEMCACHED)
                .map(other -> load.ratio(THROUGHPUT, Field.NETMEM, other))
                .flatMapToDouble(OptionalDouble::stream)
                .min();
    }

    private void compareUpdate() {
        for (int inFlight : new int[] {1, MANY}) {
            Lookup load = load(Work.COMPARE_UPDATE, 32, inFlight);
            String what = "compare update, 32 connections, in flight: " + inFlight + "; throughput against ";
            double bound = inFlight == 1 ? 2 : manyInFlightBound(Work.COMPARE_UPDATE);
            OptionalDouble redis = load.ratio(THROUGHPUT, Field.NETMEM, Field.REDIS);
            goals.add(Goal.atLeast("P3", what + "a Redis script", bound, redis));
            OptionalDouble memcached = load.ratio(THROUGHPUT, Field.NETMEM, Field.MEMCACHED);
            goals.add(Goal.atLeast("P3", what + "memcached cas", 1, memcached));
        }
    }

    private void client() {
        Lookup alone = alone();
        Lookup read = alone.with(Loads.WORK, "validated-read");
        String socket = read.contestants().contains(CSocketContestant.NAME) ? CSocketContestant.NAME : JAVA_SOCKET;
        goals.add(Goal.atMost(
                "P4",
                "client, one caller, validated read: median against a bare blocking socket (" + socket + ")",
                1.2,
                read.ratio(CALL_P50, Field.NETMEM, socket)));
        goals.add(Goal.atMost(
                "P4",
                "client, one caller, validated read: median against Lettuce GET",
                0.6,
                read.ratio(CALL_P50, Field.NETMEM, LETTUCE)));
        Lookup many = all.in(ClientExperiment.CLOSED_LOOP).with("callers", 64).with(Loads.WORK, "validated-read");
        goals.add(Goal.atLeast(
                "P4",
                "64 virtual threads on one client, validated read: throughput against Lettuce",
                1.5,
                many.ratio(THROUGHPUT, Field.NETMEM, LETTUCE)));
        OptionalDouble write =
                alone.with(Loads.WORK, "small-write").of(Field.NETMEM).figure(CALL_P50);
        OptionalDouble transaction =
                alone.with(Loads.WORK, "transaction").of(Field.NETMEM).figure(CALL_P50);
        goals.add(Goal.atMost(
                "P5",
                "two-page compare-and-write transaction: median against a single write",
                1.2,
                over(transaction, write)));
    }

    /** One caller, and all on one processor where that could be had: no idle state and no wake-up is in it. */
    private Lookup alone() {
        Lookup alone = all.in(ClientExperiment.CLOSED_LOOP).with("callers", 1);
        Lookup onOne = alone.with(Load.PROCESSORS, Placement.ONE.words());
        return onOne.results().isEmpty() ? alone : onOne;
    }

    private static OptionalDouble over(OptionalDouble above, OptionalDouble below) {
        return above.isPresent() && below.isPresent()
                ? OptionalDouble.of(above.getAsDouble() / below.getAsDouble())
                : OptionalDouble.empty();
    }

    private void garbage() {
        for (Work work : WORKS) {
            OptionalDouble bytes = all.in(GarbageExperiment.NAME)
                    .with(Loads.WORK, work.title())
                    .figure(GarbageExperiment.BYTES_PER_OPERATION);
            goals.add(new Goal("P8", work.title() + ": garbage of the server", NO_GARBAGE_BYTES, true, "B/op", bytes));
        }
        OptionalDouble client =
                alone().with(Loads.WORK, "validated-read").of(Field.NETMEM).figure("client_alloc_bytes_per_op");
        goals.add(new Goal(
                "P8", "client, one caller, validated read: garbage", SMALL_RESULT_BYTES, true, "B/op", client));
    }

    private void size() {
        Lookup byPages = all.in(SizeExperiment.PAGES);
        for (Work work : WORKS) {
            for (int inFlight : new int[] {1, SizeExperiment.IN_FLIGHT}) {
                flat(
                        work.title() + ", in flight: " + inFlight + "; dearest number of pages against the fewest",
                        byPages.with(Loads.WORK, work.title()).with(Loads.IN_FLIGHT, inFlight));
            }
        }
        flat(
                "validated read, 200 connections active; dearest number of connections against these alone",
                all.in(SizeExperiment.CONNECTIONS));
    }

    /** The C floor's own growth stands beside: what caches and address translation of this machine take. */
    private void flat(String what, Lookup sizes) {
        OptionalDouble floor = growth(sizes.of(Field.FLOOR));
        String beside = floor.isPresent() ? " (C floor: " + Goal.number(floor.getAsDouble()) + " ×)" : "";
        goals.add(Goal.atMost("P9", what + ", CPU" + beside, FLAT, growth(sizes.of(Field.NETMEM))));
    }

    /** The largest figure over the first. */
    private static OptionalDouble growth(Lookup sizes) {
        OptionalDouble first = sizes.figure(CPU);
        OptionalDouble largest = sizes.results().stream()
                .map(result -> result.figure(Figure.SERVER_CPU_US_PER_OP))
                .flatMapToDouble(OptionalDouble::stream)
                .max();
        return over(largest, first);
    }

    private void start() {
        Lookup start = all.in(StartExperiment.NAME).of(Field.NETMEM);
        goals.add(mebibytes("image on disk", 60, start.figure(StartExperiment.IMAGE_BYTES)));
        goals.add(mebibytes("memory behind READY, 4 MiB of pages", 55, start.figure(Figure.SERVER_RSS_BYTES.key())));
    }

    private static Goal mebibytes(String what, double bound, OptionalDouble bytes) {
        OptionalDouble reached =
                bytes.isPresent() ? OptionalDouble.of(bytes.getAsDouble() / MEBI) : OptionalDouble.empty();
        return new Goal("P11", what, bound, true, "MiB", reached);
    }
}
