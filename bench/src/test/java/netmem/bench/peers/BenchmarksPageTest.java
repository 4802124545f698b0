package netmem.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import netmem.bench.load.Load;
import netmem.bench.load.Placement;
import netmem.bench.raw.RawLoad;
import netmem.bench.raw.Work;
import netmem.bench.result.Environment;
import netmem.bench.result.Figure;
import netmem.bench.result.Result;
import netmem.bench.result.ResultFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BenchmarksPageTest {
    private static Result server(String contestant, Work work, int inFlight, double cpu, double throughput) {
        RawLoad load = RawLoad.ownPages(work, 32, inFlight, 512, 4096);
        Map<String, Double> figures =
                Map.of(Figure.SERVER_CPU_US_PER_OP.key(), cpu, Figure.THROUGHPUT_PER_S.key(), throughput);
        return new Result(ServerExperiment.NAME, contestant, Loads.described(load), figures, null, true);
    }

    private static Goal goal(List<Result> results, String id, String words) {
        return Goals.of(results).stream()
                .filter(goal -> goal.id().equals(id) && goal.what().contains(words))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void goal_againstFloor_isTheRatioOfCpu() {
        List<Result> results =
                List.of(server(Field.FLOOR, Work.PAGE_READ, 1, 10, 1), server(Field.NETMEM, Work.PAGE_READ, 1, 12, 1));
        Goal goal = goal(results, "P1", "page read");

        assertEquals(1.2, goal.reached().orElseThrow(), 1e-9);
        assertTrue(goal.met());
        assertEquals("not measured", goal(results, "P1", "page update").verdict());
    }

    @Test
    void goal_againstPeers_isAgainstTheBetterOne() {
        List<Result> results = List.of(
                server(Field.NETMEM, Work.VALIDATED_READ, 16, 1, 300),
                server(Field.REDIS, Work.VALIDATED_READ, 16, 1, 100),
                server(Field.MEMCACHED, Work.VALIDATED_READ, 16, 1, 200));
        Goal goal = goal(results, "P2", "connections: 32, in flight: 16");

        assertEquals(1.5, goal.reached().orElseThrow(), 1e-9);
        assertFalse(goal.met(), "bound 1.6");
    }

    private static Result call(String contestant, Placement placement, double micros) {
        Map<String, String> load = Map.of(
                Loads.WORK,
                "validated-read",
                "callers",
                "1",
                Load.PROCESSORS,
                placement.words(),
                "threads",
                "platform");
        Map<String, Double> figures = Map.of(Figure.CALL_P50_US.key(), micros);
        return new Result(ClientExperiment.CLOSED_LOOP, contestant, load, figures, null, true);
    }

    @Test
    void goal_ofOneCaller_isAgainstTheCSocketOnOneProcessor() {
        List<Result> results = List.of(
                call(Field.NETMEM, Placement.TWO, 90),
                call("C socket", Placement.TWO, 30),
                call(Field.NETMEM, Placement.ONE, 11),
                call("bare socket", Placement.ONE, 5),
                call("C socket", Placement.ONE, 10));

        Goal goal = goal(results, "P4", "bare blocking socket (C socket)");
        assertEquals(1.1, goal.reached().orElseThrow(), 1e-9);
        Goal withoutC = goal(results.subList(0, 4), "P4", "bare blocking socket");
        assertEquals(2.2, withoutC.reached().orElseThrow(), 1e-9);
    }

    @Test
    void page_ofALoss_saysSo() {
        List<Result> results = List.of(
                server(Field.NETMEM, Work.PAGE_UPDATE, 1, 1, 50_000),
                server(Field.REDIS, Work.PAGE_UPDATE, 1, 1, 100_000));
        Environment here = Environment.here(Path.of("."), Map.of("Redis", "7"));
        String page = BenchmarksPage.of(new ResultFile(here, results, List.of("memcached: absent")), "the command");

        assertTrue(page.contains("0.50 (loss)"), page);
        assertTrue(page.contains("**missed**"), page);
        assertTrue(page.contains("memcached: absent"), page);
        assertTrue(page.contains("1.00 · 50.0"), page);
        assertTrue(page.contains("the command"), page);
    }

    @Test
    void page_ofNothingMeasured_isStillAPage() {
        String page = BenchmarksPage.of(new ResultFile(Environment.here(Path.of("."), Map.of()), List.of()), "none");

        assertTrue(page.startsWith("# Benchmarks"), page);
        assertTrue(page.contains("0 of 0 reached"), page);
    }
}
