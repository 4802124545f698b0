package netmem.samples.factor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers and a population in plain arrays, without a server. */
@Timeout(60)
class WorkerTest {
    private static final BigInteger P = new BigInteger("36629691733840713611");
    private static final BigInteger Q = new BigInteger("53086397708912445617");

    @Test
    void turn_emptyPage_startsACurve() {
        Worker.Turn turn = worker("a").turn(P.multiply(Q), 0, Optional.empty(), CurveTest.steps(1));
        assertEquals(P.multiply(Q), turn.page().curve().n());
        assertEquals(1, turn.page().slices());
        assertEquals("a", turn.page().worker());
    }

    @Test
    void turn_curveOfAnother_isTakenOver() {
        BigInteger n = P.multiply(Q);
        CurvePage first =
                worker("a").turn(n, 0, Optional.empty(), CurveTest.steps(3)).page();
        CurvePage second =
                worker("b").turn(n, 0, Optional.of(first), CurveTest.steps(3)).page();
        CurvePage third =
                worker("b").turn(n, 0, Optional.of(second), CurveTest.steps(3)).page();
        assertEquals(first.curve().sigma(), third.curve().sigma());
        assertTrue(third.curve().reached() > second.curve().reached());
        assertTrue(second.curve().reached() > first.curve().reached());
        assertEquals(3, third.slices());
        assertEquals(1, third.takeovers());
    }

    @Test
    void turn_compositeWasSplitMeanwhile_goesOnWithTheCofactor() {
        BigInteger third = new BigInteger("58441058562463039789");
        CurvePage old = worker("a")
                .turn(P.multiply(Q).multiply(third), 0, Optional.empty(), CurveTest.steps(3))
                .page();
        CurvePage next = worker("a")
                .turn(P.multiply(Q), 0, Optional.of(old), CurveTest.steps(3))
                .page();
        assertEquals(old.curve().sigma(), next.curve().sigma());
        assertEquals(P.multiply(Q), next.curve().n());
    }

    @Test
    void turn_curveOfAnotherNumberOrOver_isReplaced() {
        CurvePage old = worker("a")
                .turn(P.multiply(P), 0, Optional.empty(), CurveTest.steps(3))
                .page();
        CurvePage next = worker("b")
                .turn(P.multiply(Q), 0, Optional.of(old), CurveTest.steps(3))
                .page();
        assertNotEquals(old.curve().sigma(), next.curve().sigma());
        assertEquals(1, next.slices());
    }

    private static Worker worker(String name) {
        return new Worker(name, new Random(name.hashCode()));
    }

    @ParameterizedTest
    @CsvSource({"10, 1", "12, 2", "14, 3", "16, 4", "18, 5", "20, 6", "24, 7", "28, 8", "30, 9"})
    void population_randomSemiprime_isFactored(int digits, long seed) {
        Random random = new Random(seed);
        BigInteger p = RandomPrimes.prime(digits / 2, random);
        BigInteger q = RandomPrimes.prime(digits / 2, random);
        Problem solved = new Population(p.multiply(q), 3, 6, seed).solve(20, 0);
        assertEquals(p.min(q) + " * " + p.max(q), solved.written());
        assertTrue(solved.verified());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void population_numberOfManyPrimes_isFactored(long seed) {
        Random random = new Random(seed);
        BigInteger number = BigInteger.ONE;
        for (int digits = 6; digits <= 12; digits++) {
            number = number.multiply(RandomPrimes.prime(digits, random).pow(1 + random.nextInt(2)));
        }
        Problem solved = new Population(number, 3, 5, seed).solve(20, 0);
        assertEquals(7, solved.parts().size());
        assertTrue(solved.verified());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void population_turnsLostToDeaths_onlyTakesLonger(long seed) {
        Random random = new Random(seed);
        BigInteger p = RandomPrimes.prime(13, random);
        BigInteger q = RandomPrimes.prime(13, random);
        Problem solved = new Population(p.multiply(q), 4, 6, seed).solve(5, 3);
        assertTrue(solved.verified());
        assertTrue(solved.takeovers() > 0);
    }

    /** Pages as bytes, and workers that take turns at them in a random order. */
    private static final class Population {
        private final byte[][] pages;
        private final Worker[] workers;
        private final Random random;
        private int turns;

        Population(BigInteger number, int workersCount, int pagesCount, long seed) {
            random = new Random(seed);
            pages = new byte[1 + pagesCount][ProblemPage.LENGTH];
            pages[0] = ProblemPage.bytes(Problem.of(number));
            workers = new Worker[workersCount];
            for (int i = 0; i < workersCount; i++) {
                workers[i] = new Worker("worker-" + i, new Random(seed + i));
            }
        }

        /** Each turn is some steps long; one in {@code lostOneIn} is never committed, 0: all are. */
        Problem solve(int stepsPerTurn, int lostOneIn) {
            Problem problem = problem();
            while (!problem.solved()) {
                assertTrue(turns++ < 200_000, "no end: " + problem);
                int page = 1 + random.nextInt(pages.length - 1);
                Optional<CurvePage> found = CurvePage.of(page, ByteBuffer.wrap(pages[page]));
                Worker.Turn turn = workers[random.nextInt(workers.length)].turn(
                        problem.composite().orElseThrow(),
                        problem.curvesDone(),
                        found,
                        CurveTest.steps(1 + random.nextInt(stepsPerTurn)));
                if (lostOneIn == 0 || random.nextInt(lostOneIn) != 0) {
                    commit(page, turn, problem);
                }
                problem = problem();
            }
            return problem;
        }

        private void commit(int page, Worker.Turn turn, Problem problem) {
            if (turn.curveOver()) {
                Problem next = problem.afterCurve(turn.page().takeovers());
                pages[0] = ProblemPage.bytes(turn.factor().map(next::splitBy).orElse(next));
            }
            pages[page] = turn.page().bytes();
        }

        private Problem problem() {
            return ProblemPage.problem(ByteBuffer.wrap(pages[0]));
        }
    }
}
