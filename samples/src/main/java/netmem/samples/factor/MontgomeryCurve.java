package netmem.samples.factor;

import java.math.BigInteger;
import java.util.Optional;

/**
 * The arithmetic of b y^2 = x^3 + a x^2 + x modulo a composite number, on {@linkplain Point points} without y. Pure.
 *
 * <p>Addition and doubling are those of P. L. Montgomery, <i>Speeding the Pollard and elliptic curve methods of
 * factorization</i>, Mathematics of Computation 48 (1987), section 10.3.1: two points are added when their difference is
 * known.
 *
 * @param n the modulus, odd
 * @param a24 (a + 2) / 4 modulo n
 */
record MontgomeryCurve(BigInteger n, BigInteger a24) {
    private static final BigInteger THREE = BigInteger.valueOf(3);
    private static final BigInteger FOUR = BigInteger.valueOf(4);
    private static final BigInteger FIVE = BigInteger.valueOf(5);
    private static final BigInteger SIXTEEN = BigInteger.valueOf(16);

    /**
     * H. Suyama's curve for a seed (see Montgomery 1987, section 10.3.2): its order over every prime field is a multiple of
     * 12, which makes it smooth more often. Empty when {@link #suyamaDivisor} is not 1.
     */
    static Optional<MontgomeryCurve> suyama(BigInteger n, long sigma) {
        BigInteger u = suyamaU(n, sigma);
        BigInteger v = suyamaV(n, sigma);
        if (!suyamaDivisor(n, sigma).equals(BigInteger.ONE)) {
            return Optional.empty();
        }
        BigInteger divisor = suyamaDenominator(n, sigma);
        BigInteger dividend =
                v.subtract(u).modPow(THREE, n).multiply(THREE.multiply(u).add(v));
        return Optional.of(
                new MontgomeryCurve(n, dividend.multiply(divisor.modInverse(n)).mod(n)));
    }

    /** The divisor of n modulo which the seed gives no curve: 1, but for about one seed in p, p being n's least prime. */
    static BigInteger suyamaDivisor(BigInteger n, long sigma) {
        return suyamaDenominator(n, sigma).gcd(n);
    }

    private static BigInteger suyamaDenominator(BigInteger n, long sigma) {
        BigInteger u = suyamaU(n, sigma);
        return SIXTEEN.multiply(u.modPow(THREE, n)).multiply(suyamaV(n, sigma)).mod(n);
    }

    /** The point on {@link #suyama} from which the method starts. */
    static Point suyamaPoint(BigInteger n, long sigma) {
        return new Point(suyamaU(n, sigma).modPow(THREE, n), suyamaV(n, sigma).modPow(THREE, n));
    }

    private static BigInteger suyamaU(BigInteger n, long sigma) {
        return BigInteger.valueOf(sigma).pow(2).subtract(FIVE).mod(n);
    }

    private static BigInteger suyamaV(BigInteger n, long sigma) {
        return BigInteger.valueOf(sigma).multiply(FOUR).mod(n);
    }

    /** p + q, where {@code difference} is p - q (or q - p) and is not the neutral element. */
    Point sum(Point p, Point q, Point difference) {
        BigInteger u = p.x().subtract(p.z()).multiply(q.x().add(q.z()));
        BigInteger v = p.x().add(p.z()).multiply(q.x().subtract(q.z()));
        BigInteger plus = u.add(v).mod(n);
        BigInteger minus = u.subtract(v).mod(n);
        return new Point(
                plus.multiply(plus).mod(n).multiply(difference.z()).mod(n),
                minus.multiply(minus).mod(n).multiply(difference.x()).mod(n));
    }

    /** p + p. */
    Point twice(Point p) {
        BigInteger plus = p.x().add(p.z());
        BigInteger minus = p.x().subtract(p.z());
        BigInteger plusSquared = plus.multiply(plus).mod(n);
        BigInteger minusSquared = minus.multiply(minus).mod(n);
        BigInteger t = plusSquared.subtract(minusSquared);
        return new Point(
                plusSquared.multiply(minusSquared).mod(n),
                t.multiply(minusSquared.add(a24.multiply(t)).mod(n)).mod(n));
    }

    /** The multiple {@code times * p} by Montgomery's ladder, which holds k p and (k + 1) p, for {@code times >= 1}. */
    Point multiple(Point p, long times) {
        if (times < 1) {
            throw new IllegalArgumentException("times: " + times + " (expected: >= 1)");
        }
        Point low = p;
        Point high = twice(p);
        for (long bit = Long.highestOneBit(times) >>> 1; bit != 0; bit >>>= 1) {
            Point middle = sum(high, low, p);
            if ((times & bit) == 0) {
                high = middle;
                low = twice(low);
            } else {
                low = middle;
                high = twice(high);
            }
        }
        return low;
    }
}
