package netmem.samples.factor;

import java.math.BigInteger;
import java.util.Random;

/** Random primes of a length in digits. Pure but for the random source. */
final class RandomPrimes {
    private RandomPrimes() {}

    static BigInteger prime(int digits, Random random) {
        BigInteger least = BigInteger.TEN.pow(digits - 1);
        BigInteger range = least.multiply(BigInteger.valueOf(9));
        while (true) {
            BigInteger start =
                    new BigInteger(range.bitLength() + 64, random).mod(range).add(least);
            BigInteger prime = start.nextProbablePrime();
            if (prime.compareTo(range.add(least)) < 0) {
                return prime;
            }
        }
    }
}
