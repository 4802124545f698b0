package netmem.samples.factor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PowerTest {
    @Test
    void of_smallNumbers_agreesWithTryingAll() {
        for (int number = 2; number < 5000; number++) {
            assertEquals(byTrial(number), Power.of(BigInteger.valueOf(number)));
        }
    }

    private static Power byTrial(int number) {
        for (int base = 2; base < number; base++) {
            long power = base;
            for (int exponent = 1; power <= number; exponent++, power *= base) {
                if (power == number) {
                    return new Power(BigInteger.valueOf(base), exponent);
                }
            }
        }
        return new Power(BigInteger.valueOf(number), 1);
    }

    @Test
    void of_primePowerOf1024Bits_givesThePrime() {
        BigInteger prime = BigInteger.TWO.pow(204).nextProbablePrime();
        assertEquals(new Power(prime, 5), Power.of(prime.pow(5)));
        assertEquals(1, Power.of(prime.pow(5).add(BigInteger.ONE)).exponent());
    }

    @Test
    void root_anyExponent_isTheLargestBelow() {
        BigInteger number = BigInteger.TEN.pow(100).add(BigInteger.valueOf(12345));
        for (int exponent = 1; exponent < 340; exponent++) {
            BigInteger root = Power.root(number, exponent);
            assertTrue(root.pow(exponent).compareTo(number) <= 0);
            assertTrue(root.add(BigInteger.ONE).pow(exponent).compareTo(number) > 0);
        }
    }
}
