package netmem.samples.factor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import netmem.client.NetMem;
import netmem.samples.JavaProcess;
import netmem.server.NetMemServer;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Worker processes on an embedded server. */
@Timeout(90)
class FactorWorkerTest {
    private static final int CURVES = 4;

    private final NetMemServer server = NetMemServer.builder()
            .listen("127.0.0.1", 0)
            .pages(1 + CURVES)
            .pageLengthBytes(ProblemPage.LENGTH)
            .limits(ServerLimits.DEFAULTS.with(Map.of("lease-millis", 1_000L)))
            .start();
    private final NetMem mem = NetMem.connect(server.uri());
    private final List<JavaProcess> workers = new ArrayList<>();

    @AfterEach
    void stop() {
        workers.forEach(JavaProcess::close);
        mem.close();
        server.close();
    }

    private JavaProcess worker(String name) throws Exception {
        JavaProcess worker = JavaProcess.start(List.of(), FactorWorker.class, server.uri(), name);
        workers.add(worker);
        return worker;
    }

    private void pose(Problem problem) {
        mem.write(0, 0, ProblemPage.bytes(problem));
    }

    private Problem problem() {
        return ProblemPage.problem(mem.read(0).buffer());
    }

    private List<CurvePage> curves() {
        return LongStream.rangeClosed(1, CURVES)
                .mapToObj(page -> CurvePage.of(page, mem.read(page).buffer()))
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void workers_numberOfSeveralPrimes_factorItTogether() throws Exception {
        Random random = new Random(42);
        BigInteger number = BigInteger.ONE;
        for (int digits = 10; digits <= 15; digits++) {
            number = number.multiply(RandomPrimes.prime(digits, random));
        }
        pose(Problem.of(number));
        List<JavaProcess> three = List.of(worker("a"), worker("b"), worker("c"));
        for (JavaProcess worker : three) {
            assertEquals(0, worker.exitCode());
        }
        assertTrue(problem().verified());
        assertEquals(6, problem().parts().size());
        assertEquals(number, problem().number());
    }

    @Test
    void workers_killed_leaveTheirCurvesToOthers() throws Exception {
        Random random = new Random(43);
        BigInteger hard = RandomPrimes.prime(45, random).multiply(RandomPrimes.prime(45, random));
        long oldAge = 2_000; // curves that take many slices
        Problem problem = Problem.of(hard);
        pose(new Problem(hard, problem.parts(), 0, oldAge, 0));

        JavaProcess first = worker("first");
        while (curves().stream().noneMatch(page -> page.slices() >= 2)) {
            assertTrue(first.runsFor(20), "the worker ended by itself");
        }
        first.kill();
        CurvePage left = curves().getFirst();
        assertEquals("first", left.worker());
        assertTrue(left.curve().stage() != Curve.Stage.OVER);

        for (int i = 0; i < CURVES; i++) {
            worker("other-" + i);
        }
        while (curves().stream().noneMatch(page -> goesOn(left, page))) {
            assertTrue(workers.getLast().runsFor(20), "the worker ended by itself");
        }
    }

    private static boolean goesOn(CurvePage left, CurvePage page) {
        return page.curve().sigma() == left.curve().sigma()
                && page.curve().reached() > left.curve().reached()
                && !page.worker().equals(left.worker())
                && page.takeovers() == 1;
    }

    @Test
    void workers_killedOnTheWay_onlySlowItDown() throws Exception {
        Random random = new Random(44);
        BigInteger number = BigInteger.ONE;
        for (int i = 0; i < 4; i++) {
            number = number.multiply(RandomPrimes.prime(16, random));
        }
        pose(Problem.of(number));
        worker("survivor");
        for (int death = 0; death < 3; death++) {
            long before = mem.version(0);
            JavaProcess victim = worker("victim-" + death);
            while (mem.version(0) < before + 2 && !problem().solved()) {
                victim.runsFor(20);
            }
            victim.kill();
        }
        assertEquals(0, workers.getFirst().exitCode());
        assertTrue(problem().verified());
        assertEquals(4, problem().parts().size());
    }
}
