package netmem.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import netmem.proof.simulation.WorldLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole server behind its sockets and the whole client above them in simulated worlds, one for each seed: with
 * connections that break, processes that stand still or die, clocks that drift, and a server that starts anew; what the
 * clients saw is checked. {@code -Dnetmem.seed=N} replays one seed with its trace, {@code -Dnetmem.seeds=N} runs more.
 */
@Timeout(7200) // seconds, for the long form
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("netmem.seeds", 10_000);

    /** Fewer may not reach all there is. */
    private static final int SEEDS_ENOUGH = 2_000;

    private static final int THREADS = Math.min(2, Runtime.getRuntime().availableProcessors());
    private static final String REPLAY =
            "./build -q -pl proof -am test -Dtest=SimulationTest -Dnetmem.test.options=-Dnetmem.seed=";

    /** Without these the seeds would show little. */
    private static final List<String> REACHED = List.of(
            "cut",
            "stall",
            "pause",
            "crash",
            "restart",
            "renew",
            "lock lost",
            "lock DEADLOCK NO_EFFECT",
            "lock CANCELLED NO_EFFECT",
            "commit FENCED NO_EFFECT",
            "commit SESSION_EXPIRED UNKNOWN",
            "write INCARNATION_CHANGED UNKNOWN",
            "write TIMEOUT UNKNOWN",
            "await-newer newer",
            "await-newer empty",
            "transact done",
            "transaction done");

    @Test
    void seeds_faultsOfAllKinds_violateNothing() throws InterruptedException {
        Long one = Long.getLong("netmem.seed");
        BiFunction<Long, Boolean, Map<String, Object>> simulation = new WorldLoader(Map.of()).simulation();
        if (one != null) {
            List<String> violations = strings(simulation.apply(one, true), "violations");
            strings(simulation.apply(one, true), "trace").forEach(System.out::println);
            assertEquals(List.of(), violations, "seed " + one);
            return;
        }
        AtomicLong next = new AtomicLong(1);
        AtomicBoolean failed = new AtomicBoolean();
        List<String> failures = new ArrayList<>();
        Map<String, Integer> reached = new TreeMap<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofPlatform().name("seeds-" + i).start(() -> {
                for (long seed = next.getAndIncrement();
                        seed <= SEEDS && !failed.get();
                        seed = next.getAndIncrement()) {
                    run(simulation, seed, failures, reached);
                    failed.compareAndSet(false, !failures.isEmpty());
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(failures.isEmpty(), () -> String.join("\n", failures));
        System.out.println("SimulationTest: " + SEEDS + " seeds: " + reached);
        if (SEEDS < SEEDS_ENOUGH) {
            return;
        }
        for (String what : REACHED) {
            assertTrue(reached.getOrDefault(what, 0) > 0, () -> what + " was never reached: " + reached);
        }
    }

    @Test
    void seed_runTwice_isTheSameRun() {
        BiFunction<Long, Boolean, Map<String, Object>> simulation = new WorldLoader(Map.of()).simulation();
        BiFunction<Long, Boolean, Map<String, Object>> again = new WorldLoader(Map.of()).simulation();
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(
                    simulation.apply(seed, true).get("trace"),
                    again.apply(seed, true).get("trace"),
                    "seed " + seed);
        }
    }

    private static void run(
            BiFunction<Long, Boolean, Map<String, Object>> simulation,
            long seed,
            List<String> failures,
            Map<String, Integer> reached) {
        String failure = null;
        Map<String, Object> result = Map.of();
        try {
            result = simulation.apply(seed, false);
            List<String> violations = strings(result, "violations");
            if (!violations.isEmpty()) {
                failure = String.join("\n", violations) + "\n" + tail(strings(simulation.apply(seed, true), "trace"));
            }
        } catch (RuntimeException | Error e) {
            failure = e + " at " + List.of(e.getStackTrace()).subList(0, Math.min(8, e.getStackTrace().length));
        }
        synchronized (failures) {
            if (failure != null) {
                failures.add("seed " + seed + ", replay with " + REPLAY + seed + "\n" + failure);
            }
            counts(result).forEach((what, count) -> reached.merge(what, count, Integer::sum));
        }
    }

    /** What happened last before the first violation. */
    private static String tail(List<String> trace) {
        int end = 0;
        while (end < trace.size() && !trace.get(end).contains("VIOLATION")) {
            end++;
        }
        return String.join("\n", trace.subList(Math.max(0, end - 80), Math.min(trace.size(), end + 1)));
    }

    private static List<String> strings(Map<String, Object> result, String name) {
        return ((List<?>) result.getOrDefault(name, List.of()))
                .stream().map(String::valueOf).toList();
    }

    private static Map<String, Integer> counts(Map<String, Object> result) {
        Map<String, Integer> counts = new TreeMap<>();
        ((Map<?, ?>) result.getOrDefault("reached", Map.of()))
                .forEach((what, count) -> counts.put((String) what, (Integer) count));
        return counts;
    }
}
