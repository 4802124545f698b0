package netmem.samples.factor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class PrimesTest {
    @Test
    void small_all_areThePrimesBelowTheLimit() {
        int[] expected = IntStream.range(2, Primes.SMALL_LIMIT)
                .filter(PrimesTest::isPrime)
                .toArray();
        assertArrayEquals(expected, Primes.small().toArray());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "0, 3", "1, 2", "2, 100", "46340, 46360", "46348, 46349", "1073740000, 1073741824"})
    void segment_anyBounds_hasExactlyThePrimes(int from, int to) {
        int[] expected = IntStream.range(from, to)
                .filter(PrimesTest::isPrime)
                .map(i -> i - from)
                .toArray();
        assertArrayEquals(expected, Primes.segment(from, to).stream().toArray());
    }

    @Test
    void between_bounds_lastIsIn() {
        assertArrayEquals(new int[] {11, 13}, Primes.between(7, 13).toArray());
        assertArrayEquals(new int[] {}, Primes.between(13, 13).toArray());
    }

    @Test
    void segment_backwards_isRefused() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Primes.segment(5, 4));
        assertEquals("segment: 5 to 4 (expected: 0 <= from <= to)", e.getMessage());
    }

    private static boolean isPrime(int number) {
        return BigInteger.valueOf(number).isProbablePrime(40);
    }
}
