package netmem.samples.factor;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One curve of the population and how far it was tried: all that another process needs to go on with it. Pure.
 *
 * <p>The method is H. W. Lenstra's, <i>Factoring integers with elliptic curves</i>, Annals of Mathematics 126 (1987). Stage 1
 * multiplies a point by all prime powers up to b1; {@link StageTwo} allows one larger prime.
 *
 * @param n the composite number to split
 * @param sigma the seed of {@link MontgomeryCurve#suyama}
 * @param bounds how far to go
 * @param stage what comes next
 * @param reached all primes up to here were done: up to b1 by stage 1, above by stage 2
 * @param point stage 1: the multiple so far; later: its last one
 * @param product the product of stage 2's tests so far, 1 before
 */
record Curve(BigInteger n, long sigma, Bounds bounds, Stage stage, int reached, Point point, BigInteger product) {
    /** What a curve waits for. */
    enum Stage {
        ONE,
        TWO,
        /** Both stages are over, or the curve was lucky; the next worker replaces it. */
        OVER
    }

    /** The outcome of some work on a curve. */
    sealed interface Progress {
        Curve curve();
    }

    /** The work may go on, or the curve is {@link Stage#OVER} without luck. */
    record Advanced(Curve curve) implements Progress {}

    /** A true divisor of n. The curve is over. */
    record Found(Curve curve, BigInteger factor) implements Progress {}

    /** Seeds below 6 give no useful curve. */
    static final long SIGMA_MIN = 6;

    /** Stage 1 looks at the clock after so many numbers. */
    private static final int STAGE_ONE_STEP = 64;

    Curve {
        if (sigma < SIGMA_MIN) {
            throw new IllegalArgumentException("sigma: " + sigma + " (expected: >= " + SIGMA_MIN + ")");
        }
        if (n.signum() <= 0 || !n.testBit(0) || n.bitLength() < 3) {
            throw new IllegalArgumentException("n: " + n + " (expected: odd and above 3)");
        }
        int last = stage == Stage.ONE ? bounds.b1() : bounds.b2();
        if (reached < 1 || reached > last) {
            throw new IllegalArgumentException("reached: " + reached + " (expected: 1 to " + last + ")");
        }
        requireResidue("x", point.x(), n);
        requireResidue("z", point.z(), n);
        requireResidue("product", product, n);
    }

    private static void requireResidue(String name, BigInteger value, BigInteger n) {
        if (value.signum() < 0 || value.compareTo(n) >= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to n - 1, n = " + n + ")");
        }
    }

    static Curve start(BigInteger n, long sigma, Bounds bounds) {
        Point start = MontgomeryCurve.suyamaPoint(n, sigma);
        return new Curve(n, sigma, bounds, Stage.ONE, 1, start, BigInteger.ONE);
    }

    /** The same curve for a divisor of n: what was done for n was done for all its factors. */
    Curve reduced(BigInteger divisor) {
        if (n.mod(divisor).signum() != 0) {
            throw new IllegalArgumentException("divisor: " + divisor + " (expected: a divisor of " + n + ")");
        }
        return new Curve(divisor, sigma, bounds, stage, reached, point.mod(divisor), product.mod(divisor));
    }

    /** Works until {@code enough} says so, a stage ends, or a factor is found; at least one step. */
    Progress advance(BooleanSupplier enough) {
        Optional<MontgomeryCurve> curve = MontgomeryCurve.suyama(n, sigma);
        if (curve.isEmpty()) {
            return verdict(over(), MontgomeryCurve.suyamaDivisor(n, sigma));
        }
        return switch (stage) {
            case ONE -> stageOne(curve.get(), enough);
            case TWO -> stageTwo(curve.get(), enough);
            case OVER -> new Advanced(this);
        };
    }

    private Progress stageOne(MontgomeryCurve curve, BooleanSupplier enough) {
        Point at = point;
        int done = reached;
        do {
            int last = Math.min(done + STAGE_ONE_STEP, bounds.b1());
            for (int prime : Primes.between(done, last).toArray()) {
                at = multiple(curve, at, prime);
            }
            done = last;
        } while (done < bounds.b1() && !enough.getAsBoolean());
        if (at.z().gcd(n).equals(n)) {
            return stageOneInSmallSteps(curve, done);
        }
        Stage next = done < bounds.b1() ? Stage.ONE : Stage.TWO;
        return verdict(new Curve(n, sigma, bounds, next, done, at, product), at.z());
    }

    /** Up to {@code last} all factors of n show themselves; perhaps one is the first to do so. */
    private Progress stageOneInSmallSteps(MontgomeryCurve curve, int last) {
        Point at = point;
        for (int prime : Primes.between(reached, last).toArray()) {
            for (long power = prime; power <= bounds.b1(); power *= prime) {
                at = curve.multiple(at, prime);
                if (!at.z().gcd(n).equals(BigInteger.ONE)) {
                    return verdict(over(), at.z());
                }
            }
        }
        throw new AssertionError("sigma: " + sigma + " n: " + n + " (expected: a common factor up to " + last + ")");
    }

    /** The multiple by the largest power of the prime up to b1. */
    private Point multiple(MontgomeryCurve curve, Point start, int prime) {
        Point result = start;
        for (long power = prime; power <= bounds.b1(); power *= prime) {
            result = curve.multiple(result, prime);
        }
        return result;
    }

    private Progress stageTwo(MontgomeryCurve curve, BooleanSupplier enough) {
        StageTwo walk = new StageTwo(curve, point, reached);
        BigInteger tests = product;
        do {
            tests = walk.stride(tests);
        } while (walk.reached() < bounds.b2() && !enough.getAsBoolean());
        if (walk.reached() >= bounds.b2()) {
            return verdict(over(), tests);
        }
        return verdict(new Curve(n, sigma, bounds, Stage.TWO, walk.reached(), point, tests), tests);
    }

    private Curve over() {
        return new Curve(n, sigma, bounds, Stage.OVER, bounds.b2(), point, product);
    }

    /** A multiple of one prime factor of n, but not of all of them, is the luck that is looked for. */
    private Progress verdict(Curve next, BigInteger residue) {
        BigInteger divisor = residue.gcd(n);
        if (divisor.equals(BigInteger.ONE)) {
            return new Advanced(next);
        }
        return divisor.equals(n) ? new Advanced(over()) : new Found(over(), divisor);
    }
}
