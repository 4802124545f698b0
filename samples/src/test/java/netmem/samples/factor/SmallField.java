package netmem.samples.factor;

import java.math.BigInteger;
import java.util.BitSet;

/**
 * A curve modulo a small prime, whose points can be counted one by one: what the elliptic curve method believes can
 * be known for certain here. Pure.
 */
record SmallField(int p, long sigma) {
    /** The number of points on Suyama's curve (on the twist that has its start point), the neutral one included. */
    int order() {
        BitSet squares = new BitSet(p);
        for (long y = 0; y < p; y++) {
            squares.set((int) (y * y % p));
        }
        MontgomeryCurve curve = curve();
        long a = Math.floorMod(4 * curve.a24().longValueExact() - 2, (long) p);
        Point start = start();
        long x0 = start.x()
                .multiply(start.z().modInverse(BigInteger.valueOf(p)))
                .mod(BigInteger.valueOf(p))
                .longValueExact();
        long twist = rightSide(x0, a);
        int points = 1;
        for (long x = 0; x < p; x++) {
            long right = rightSide(x, a) * twist % p;
            points += right == 0 ? 1 : squares.get((int) right) ? 2 : 0;
        }
        return points;
    }

    private long rightSide(long x, long a) {
        return ((x + a) % p * x % p + 1) * x % p;
    }

    /** The order of the start point. */
    int startOrder() {
        int order = order();
        for (int prime : Primes.between(1, order).toArray()) {
            while (order % prime == 0 && isNeutral(order / prime)) {
                order /= prime;
            }
        }
        return order;
    }

    boolean isNeutral(int times) {
        return curve().multiple(start(), times).z().signum() == 0;
    }

    MontgomeryCurve curve() {
        return MontgomeryCurve.suyama(BigInteger.valueOf(p), sigma).orElseThrow();
    }

    Point start() {
        return MontgomeryCurve.suyamaPoint(BigInteger.valueOf(p), sigma);
    }
}
