package netmem.samples.factor;

import java.math.BigInteger;
import java.util.BitSet;

/**
 * Stage 2, the standard continuation with prime pairing (Montgomery 1987, section 4): one prime q above b1 may be missing
 * from stage 1's multiple Q of the start point. Write q = m D + r or m D - r with D = {@link #STRIDE} and r below D / 2: then
 * q Q is neutral modulo p when m D Q and r Q have the same x / z modulo p, and one product tests both primes of the pair.
 * Confined to the thread that advances the curve.
 */
final class StageTwo {
    /** D = 2 * 3 * 5 * 7 * 11. A prime above 11 has a remainder without these factors, which few remainders are. */
    static final int STRIDE = 2310;

    private final MontgomeryCurve curve;
    private final BigInteger[] tableX = new BigInteger[STRIDE / 2];
    private final BigInteger[] tableZ = new BigInteger[STRIDE / 2];
    private final BigInteger[] tableXZ = new BigInteger[STRIDE / 2];
    private final Point stride;
    private Point before;
    private Point here;
    private int m;

    /** Goes on from where all primes up to {@code reached} are covered. */
    StageTwo(MontgomeryCurve curve, Point q, int reached) {
        this.curve = curve;
        fillTable(q);
        stride = curve.multiple(q, STRIDE);
        m = nextStride(reached);
        here = curve.multiple(q, (long) m * STRIDE);
        before = m == 1 ? here : curve.multiple(q, (m - 1L) * STRIDE);
    }

    private static int nextStride(int reached) {
        return (reached + STRIDE / 2) / STRIDE;
    }

    private void fillTable(Point q) {
        Point two = curve.twice(q);
        Point previous = q;
        Point odd = q;
        for (int r = 1; r < STRIDE / 2; r += 2) {
            tableX[r] = odd.x();
            tableZ[r] = odd.z();
            tableXZ[r] = odd.x().multiply(odd.z());
            Point next = curve.sum(odd, two, previous);
            previous = odd;
            odd = next;
        }
    }

    /** All primes up to this one are covered. */
    int reached() {
        return m * STRIDE - STRIDE / 2;
    }

    /** Multiplies the tests of one more stride into the product. */
    BigInteger stride(BigInteger product) {
        BigInteger hereXZ = here.x().multiply(here.z());
        BigInteger result = product;
        int middle = m * STRIDE;
        BitSet primes = Primes.segment(middle - STRIDE / 2, middle + STRIDE / 2);
        for (int r = 1; r < STRIDE / 2; r += 2) {
            if (primes.get(STRIDE / 2 - r) || primes.get(STRIDE / 2 + r)) {
                // = here.x * table.z - here.z * table.x
                BigInteger test = here.x().subtract(tableX[r]).multiply(here.z().add(tableZ[r]));
                test = test.subtract(hereXZ).add(tableXZ[r]);
                result = result.multiply(test).mod(curve.n());
            }
        }
        step();
        return result;
    }

    private void step() {
        Point next = m == 1 ? curve.twice(here) : curve.sum(here, stride, before);
        before = here;
        here = next;
        m++;
    }
}
