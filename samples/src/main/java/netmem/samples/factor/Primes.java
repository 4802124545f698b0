package netmem.samples.factor;

import java.util.BitSet;
import java.util.stream.IntStream;

/** The sieve of Eratosthenes, in segments. Pure: nothing is kept but the primes below {@link #SMALL_LIMIT}. */
final class Primes {
    /** Primes below this bound divide out all composites below 2^31. */
    static final int SMALL_LIMIT = 46_349;

    private static final int[] SMALL = sieveSmall();

    private Primes() {}

    /** The primes below {@link #SMALL_LIMIT}, ascending. */
    static IntStream small() {
        return IntStream.of(SMALL);
    }

    private static int[] sieveSmall() {
        BitSet composites = new BitSet(SMALL_LIMIT);
        for (int prime = 2; prime * prime < SMALL_LIMIT; prime = composites.nextClearBit(prime + 1)) {
            for (int multiple = prime * prime; multiple < SMALL_LIMIT; multiple += prime) {
                composites.set(multiple);
            }
        }
        return IntStream.range(2, SMALL_LIMIT).filter(i -> !composites.get(i)).toArray();
    }

    /** A set whose bit i says that {@code from + i} is prime, for {@code from <= from + i < to}. */
    static BitSet segment(int from, int to) {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("segment: " + from + " to " + to + " (expected: 0 <= from <= to)");
        }
        BitSet primes = new BitSet(to - from);
        primes.set(0, to - from);
        primes.clear(0, Math.clamp(2L - from, 0, to - from));
        for (int prime : SMALL) {
            long square = (long) prime * prime;
            if (square >= to) {
                break;
            }
            long first = Math.max(square, Math.ceilDiv(from, prime) * (long) prime);
            for (long multiple = first; multiple < to; multiple += prime) {
                primes.clear((int) (multiple - from));
            }
        }
        return primes;
    }

    /** The primes p with {@code after < p <= last}, ascending. */
    static IntStream between(int after, int last) {
        return segment(after + 1, Math.max(after, last) + 1).stream().map(i -> after + 1 + i);
    }
}
