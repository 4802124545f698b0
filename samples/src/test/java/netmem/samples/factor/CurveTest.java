package netmem.samples.factor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CurveTest {
    private static final BigInteger LARGE_PRIME = BigInteger.TWO.pow(127).subtract(BigInteger.ONE);
    private static final BigInteger P20 = new BigInteger("36629691733840713611");
    private static final BigInteger N40 = P20.multiply(new BigInteger("53086397708912445617"));
    /** A curve that finds P20 in its stage 2, in its stride number {@link #LUCKY_STRIDE}; found by trying seeds. */
    private static final Curve LUCKY = Curve.start(P20.multiply(LARGE_PRIME), 408, new Bounds(11_000, 400_000));

    private static final int LUCKY_STRIDE = 44;
    private static final Bounds BOUNDS = new Bounds(2_000, 40_000);

    /** What the method promises, checked for each seed against the order counted point by point. */
    @Test
    void curve_orderKnown_findsThePrimeExactlyWhenTheOrderIsSmooth() {
        int p = 300_007;
        Bounds bounds = new Bounds(Bounds.B1_MIN, 6_000);
        int[] seen = new int[4];
        for (long sigma = 6; sigma < 60; sigma++) {
            int order = new SmallField(p, sigma).startOrder();
            Optional<BigInteger> factor =
                    factor(Curve.start(BigInteger.valueOf(p).multiply(LARGE_PRIME), sigma, bounds), 1_000_000);
            int rest = restAfterStageOne(order, bounds.b1());
            boolean promised = rest == 1 || (rest <= bounds.b2() && isPrime(rest));
            boolean possible = rest == 1 || (rest <= bounds.b2() + StageTwo.STRIDE && isPrime(rest));
            seen[rest == 1 ? 0 : promised ? 1 : possible ? 2 : 3]++;
            assertTrue(factor.isPresent() ? possible : !promised, "sigma " + sigma + " order " + order);
            assertEquals(factor.map(f -> BigInteger.valueOf(p)), factor);
        }
        assertTrue(
                seen[0] >= 5 && seen[1] >= 5 && seen[3] >= 5,
                "each case must occur: " + List.of(seen[0], seen[1], seen[3]));
    }

    private static int restAfterStageOne(int order, int b1) {
        int rest = order;
        for (int prime : Primes.between(1, b1).toArray()) {
            for (long power = prime; power <= b1 && rest % prime == 0; power *= prime) {
                rest /= prime;
            }
        }
        return rest;
    }

    private static boolean isPrime(int number) {
        return BigInteger.valueOf(number).isProbablePrime(40);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 16, 100})
    void stageOne_inSlices_endsInTheSamePoint(int stepsPerSlice) {
        Curve whole = curve(Curve.start(N40, 1234, BOUNDS).advance(() -> false));
        assertEquals(Curve.Stage.TWO, whole.stage());
        Curve sliced = Curve.start(N40, 1234, BOUNDS);
        while (sliced.stage() == Curve.Stage.ONE) {
            sliced = curve(sliced.advance(steps(stepsPerSlice)));
        }
        assertEquals(whole, sliced);
    }

    @Test
    void stageTwo_cutAtAnyBoundary_findsTheSameFactor() {
        Curve second = curve(LUCKY.advance(() -> false));
        for (int cut = 1; cut < LUCKY_STRIDE; cut++) {
            Curve.Progress first = second.advance(steps(cut));
            assertInstanceOf(Curve.Advanced.class, first);
            assertEquals(Optional.of(P20), factor(first.curve(), Integer.MAX_VALUE), "cut after " + cut + " strides");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 13, Integer.MAX_VALUE})
    void curve_inSlices_findsTheSameFactor(int stepsPerSlice) {
        assertEquals(Optional.of(P20), factor(LUCKY, stepsPerSlice));
    }

    @Test
    void curve_bothPrimesInOneSlice_areToldApart() {
        BigInteger p = BigInteger.valueOf(1_000_003);
        BigInteger q = BigInteger.valueOf(1_000_033);
        int apart = 0;
        for (long sigma = 6; sigma < 60; sigma++) {
            Optional<BigInteger> factor = factor(Curve.start(p.multiply(q), sigma, BOUNDS), Integer.MAX_VALUE);
            factor.ifPresent(f -> assertTrue(f.equals(p) || f.equals(q)));
            apart += factor.isPresent() ? 1 : 0;
        }
        assertTrue(apart >= 30, apart + " of 54 curves found one prime before the other");
    }

    @Test
    void reduced_toADivisor_goesOnAsThatDivisorsCurve() {
        BigInteger third = BigInteger.valueOf(1_000_000_007);
        Curve of3 = Curve.start(N40.multiply(third), 77, BOUNDS);
        Curve of2 = Curve.start(N40, 77, BOUNDS);
        assertEquals(of2, of3.reduced(N40));
        assertEquals(curve(of2.advance(steps(9))), curve(of3.advance(steps(9))).reduced(N40));
        assertThrows(IllegalArgumentException.class, () -> of2.reduced(third));
    }

    @Test
    void curve_seedThatSharesAPrime_findsItAtOnce() {
        Curve curve = Curve.start(LARGE_PRIME.multiply(BigInteger.valueOf(10_007)), 10_007, BOUNDS);
        assertEquals(Optional.of(BigInteger.valueOf(10_007)), factor(curve, 1));
    }

    @Test
    void curve_over_staysOver() {
        Curve over = Curve.start(LARGE_PRIME, 6, BOUNDS);
        while (over.stage() != Curve.Stage.OVER) {
            over = curve(over.advance(() -> false));
        }
        assertEquals(new Curve.Advanced(over), over.advance(() -> false));
    }

    @Test
    void curve_impossibleValues_areRefusedByName() {
        Curve good = Curve.start(N40, 6, BOUNDS);
        Point outside = new Point(N40, BigInteger.ONE);
        assertRefused("sigma: 5 (expected: >= 6)", () -> Curve.start(N40, 5, BOUNDS));
        assertRefused("n: 10 (expected: odd and above 3)", () -> Curve.start(BigInteger.TEN, 6, BOUNDS));
        assertRefused(
                "x: " + N40 + " (expected: 0 to n - 1, n = " + N40 + ")",
                () -> new Curve(N40, 6, BOUNDS, Curve.Stage.ONE, 1, outside, BigInteger.ONE));
        assertRefused(
                "reached: 2001 (expected: 1 to 2000)",
                () -> new Curve(N40, 6, BOUNDS, Curve.Stage.ONE, 2001, good.point(), BigInteger.ONE));
        assertRefused("bounds: 1000, 2000 (expected: 1155 <= b1 <= b2 <= 1073741824)", () -> new Bounds(1000, 2000));
    }

    @Test
    void stageOne_stepByStep_reachesItsBoundAndNoFurther() {
        Curve curve = Curve.start(N40, 6, BOUNDS);
        int before = 0;
        while (curve.stage() == Curve.Stage.ONE) {
            assertNotEquals(before, curve.reached());
            before = curve.reached();
            curve = curve(curve.advance(steps(1)));
        }
        assertEquals(BOUNDS.b1(), curve.reached());
    }

    private static void assertRefused(String message, Runnable action) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    /** Stops after so many steps. */
    static BooleanSupplier steps(int count) {
        int[] left = {count};
        return () -> --left[0] <= 0;
    }

    private static Curve curve(Curve.Progress progress) {
        return assertInstanceOf(Curve.Advanced.class, progress).curve();
    }

    private static Optional<BigInteger> factor(Curve start, int stepsPerSlice) {
        Curve curve = start;
        while (curve.stage() != Curve.Stage.OVER) {
            switch (curve.advance(steps(stepsPerSlice))) {
                case Curve.Found(Curve over, BigInteger factor) -> {
                    assertEquals(Curve.Stage.OVER, over.stage());
                    return Optional.of(factor);
                }
                case Curve.Advanced(Curve next) -> curve = next;
            }
        }
        return Optional.empty();
    }
}
