package netmem.samples.factor;

import java.math.BigInteger;

/** A number written as base to some exponent. Pure. */
record Power(BigInteger base, int exponent) {
    /** The number as a power with the largest exponent; that is 1 unless the number is a perfect power. */
    static Power of(BigInteger number) {
        if (number.compareTo(BigInteger.TWO) < 0) {
            throw new IllegalArgumentException("number: " + number + " (expected: >= 2)");
        }
        for (int exponent = number.bitLength() - 1; exponent > 1; exponent--) {
            BigInteger root = root(number, exponent);
            if (root.pow(exponent).equals(number)) {
                return new Power(root, exponent);
            }
        }
        return new Power(number, 1);
    }

    /** The largest integer whose power is not above the number, by Newton's iteration from above. */
    static BigInteger root(BigInteger number, int exponent) {
        BigInteger k = BigInteger.valueOf(exponent);
        BigInteger smaller = BigInteger.ONE.shiftLeft(Math.ceilDiv(number.bitLength(), exponent));
        BigInteger root;
        do {
            root = smaller;
            BigInteger quotient = number.divide(root.pow(exponent - 1));
            smaller = root.multiply(k.subtract(BigInteger.ONE)).add(quotient).divide(k);
        } while (smaller.compareTo(root) < 0);
        return root;
    }
}
