package netmem.samples.factor;

import java.math.BigInteger;

/** A factor of the number with its multiplicity, prime or still to be split. Pure. */
record Part(BigInteger base, int exponent, boolean prime) {
    /** Beyond this many rounds of Miller and Rabin an error, 1 in 2^100, is less likely than one of the machine. */
    private static final int CERTAINTY = 100;

    Part {
        long bitsMin = (base.bitLength() - 1L) * exponent;
        if (base.compareTo(BigInteger.TWO) < 0 || exponent < 1 || bitsMin >= Problem.NUMBER_BITS_MAX) {
            throw new IllegalArgumentException("part: " + base + "^" + exponent
                    + " (expected: base >= 2, exponent >= 1, below " + Problem.NUMBER_BITS_MAX + " bits)");
        }
    }

    /** Finds out what the factor is. */
    static Part of(BigInteger factor, int multiplicity) {
        Power power = Power.of(factor);
        return new Part(power.base(), power.exponent() * multiplicity, isPrime(power.base()));
    }

    static boolean isPrime(BigInteger number) {
        return number.isProbablePrime(CERTAINTY);
    }

    BigInteger value() {
        return base.pow(exponent);
    }

    @Override
    public String toString() {
        return exponent == 1 ? base.toString() : base + "^" + exponent;
    }
}
