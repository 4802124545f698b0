package netmem.samples.factor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ProblemTest {
    private static final BigInteger P = new BigInteger("36629691733840713611");
    private static final BigInteger Q = new BigInteger("53086397708912445617");
    private static final BigInteger R = new BigInteger("58441058562463039789");

    @ParameterizedTest
    @CsvSource({
        "2, 2",
        "3, 3",
        "4, 2^2",
        "720720, 2^4 * 3^2 * 5 * 7 * 11 * 13",
        "46337, 46337",
        "2147117569, 46337^2",
        "36629691733840713611, 36629691733840713611",
        "73259383467681427222, 2 * 36629691733840713611",
        "1341734316516198704103041355101720659321, 36629691733840713611^2"
    })
    void of_smallPrimesAndPowers_isSolvedAtOnce(BigInteger number, String parts) {
        Problem problem = Problem.of(number);
        assertEquals(parts, problem.written());
        assertTrue(problem.solved());
        assertTrue(problem.verified());
    }

    @Test
    void of_power2To1023_isSolved() {
        assertEquals("2^1023", Problem.of(BigInteger.TWO.pow(1023)).written());
    }

    @Test
    void of_twoLargePrimes_isOneComposite() {
        Problem problem = Problem.of(P.multiply(Q).multiply(BigInteger.valueOf(6)));
        assertEquals(Optional.of(P.multiply(Q)), problem.composite());
        assertEquals(BigInteger.TWO, problem.parts().getFirst().base());
        assertFalse(problem.verified());
    }

    @Test
    void of_powerOfAComposite_keepsTheBase() {
        Problem problem = Problem.of(P.multiply(Q).pow(3));
        assertEquals(List.of(new Part(P.multiply(Q), 3, false)), problem.parts());
        assertEquals(P + "^3 * " + Q + "^3", problem.splitBy(Q).written());
    }

    @Test
    void splitBy_factors_untilAllArePrime() {
        Problem problem = Problem.of(P.multiply(Q).multiply(R));
        Problem split = problem.splitBy(P.multiply(R));
        assertEquals(Optional.of(P.multiply(R)), split.composite());
        assertEquals(1, split.epoch());
        Problem solved = split.splitBy(R);
        assertEquals(2, solved.epoch());
        assertEquals(P + " * " + Q + " * " + R, solved.written());
        assertTrue(solved.solved());
        assertTrue(solved.verified());
    }

    @Test
    void splitBy_repeatedPrime_isGathered() {
        Problem problem = Problem.of(P.multiply(P).multiply(Q));
        Problem split = problem.splitBy(P);
        assertEquals(Optional.of(P.multiply(Q)), split.composite());
        assertEquals(P + "^2 * " + Q, split.splitBy(Q).written());
    }

    @Test
    void splitBy_knownOrForeignFactor_changesNothing() {
        Problem problem = Problem.of(P.multiply(Q)).splitBy(P);
        assertSame(problem, problem.splitBy(P));
        assertSame(problem, problem.splitBy(R));
    }

    @Test
    void afterCurve_counts() {
        Problem problem = Problem.of(P.multiply(Q)).afterCurve(2).afterCurve(1);
        assertEquals(2, problem.curvesDone());
        assertEquals(3, problem.takeovers());
    }

    @Test
    void problem_impossibleValues_areRefusedByName() {
        BigInteger tooLong = BigInteger.TWO.pow(1024);
        assertRefused("number: 1 (expected: at least 2, at most 1024 bits)", () -> Problem.of(BigInteger.ONE));
        assertRefused("number: -6 (expected: at least 2, at most 1024 bits)", () -> Problem.of(BigInteger.valueOf(-6)));
        assertRefused("number: " + tooLong + " (expected: at least 2, at most 1024 bits)", () -> Problem.of(tooLong));
        List<Part> three = List.of(new Part(BigInteger.valueOf(3), 1, true));
        assertRefused("product of parts: 3 (expected: 10)", () -> new Problem(BigInteger.TEN, three, 0, 0, 0));
    }

    private static void assertRefused(String message, Runnable action) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
