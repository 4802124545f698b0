package netmem.bench.load;

import java.util.SplittableRandom;

/**
 * Which page comes next: all alike, or by Zipf's law, where the page of rank k is chosen in proportion to k^-skew. The
 * popular pages lie scattered over the memory. Pure: the randomness is the caller's.
 *
 * <p>Ranks are drawn without a table, from memory of any size: the continuous density x^-skew is inverted and what lies
 * above the steps of the discrete one is rejected (W. Hoermann and G. Derflinger, "Rejection-inversion to generate variates from
 * monotone discrete distributions", 1996). At most every third draw is rejected.
 */
final class PageChoice {
    /** Odd and near the golden ratio of 2^32: neighbouring ranks land far apart. */
    private static final long SCATTER = 0x9E3779B1L;

    private final int pages;
    private final double skew;
    private final long step;
    private final double low;
    private final double high;
    private final double alwaysBelow;

    /**
     * Chooses among pages.
     *
     * @param pages from 0
     * @param skew 0 for all alike; 0.99 is usual for caches
     */
    PageChoice(int pages, double skew) {
        if (!(skew >= 0 && skew <= 5)) {
            throw new IllegalArgumentException("skew: " + skew + " (expected: 0 to 5)");
        }
        this.pages = pages;
        this.skew = skew;
        this.step = coprime(SCATTER % pages, pages);
        this.low = area(1.5) - 1;
        this.high = area(pages + 0.5);
        this.alwaysBelow = 2 - atArea(area(2.5) - density(2));
    }

    long next(SplittableRandom random) {
        return skew == 0 ? random.nextInt(pages) : page(rank(random));
    }

    /** Where the page of a rank from 0 lies: one place for each rank. */
    long page(long rank) {
        return rank * step % pages;
    }

    private long rank(SplittableRandom random) {
        for (; ; ) {
            double u = high + random.nextDouble() * (low - high);
            double x = atArea(u);
            double k = Math.clamp(Math.rint(x), 1, pages);
            if (k - x <= alwaysBelow || u >= area(k + 0.5) - density(k)) {
                return (long) k - 1;
            }
        }
    }

    private double density(double x) {
        return Math.exp(-skew * Math.log(x));
    }

    /** The integral of the density from 1 to x. */
    private double area(double x) {
        double log = Math.log(x);
        double t = (1 - skew) * log;
        return Math.abs(t) < 1e-8 ? log * (1 + t / 2) : Math.expm1(t) / (1 - skew);
    }

    /** The x whose area is this one. */
    private double atArea(double area) {
        double t = area * (1 - skew);
        return Math.abs(t) < 1e-8 ? Math.exp(area * (1 - t / 2)) : Math.exp(Math.log1p(t) / (1 - skew));
    }

    private static long coprime(long start, int pages) {
        long candidate = Math.max(start, 1);
        while (divisor(candidate, pages) != 1) {
            candidate++;
        }
        return candidate;
    }

    private static long divisor(long a, long b) {
        return b == 0 ? a : divisor(b, a % b);
    }
}
