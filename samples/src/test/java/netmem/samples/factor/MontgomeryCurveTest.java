package netmem.samples.factor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MontgomeryCurveTest {
    private static final BigInteger N = new BigInteger("1944538383337530806750678893298509192987");

    @ParameterizedTest
    @ValueSource(longs = {6, 7, 8, 9, 10, 11, 42, 1_000_000_007, Long.MAX_VALUE})
    void suyama_overSmallField_orderIsMultipleOf12AndKillsTheStart(long sigma) {
        SmallField field = new SmallField(10_007, sigma);
        assertEquals(0, field.order() % 12);
        assertTrue(field.isNeutral(field.order()));
        assertTrue(Math.abs(field.order() - 10_008) <= 2 * Math.sqrt(10_007), "Hasse's bound");
    }

    @Test
    void multiple_ofMultiple_isTheMultipleByTheProduct() {
        MontgomeryCurve curve = MontgomeryCurve.suyama(N, 17).orElseThrow();
        Point start = MontgomeryCurve.suyamaPoint(N, 17);
        for (long i = 1; i < 40; i++) {
            for (long k : new long[] {1, 2, 3, 1_000_003, 1L << 40}) {
                assertSame(curve.multiple(start, i * k), curve.multiple(curve.multiple(start, k), i));
            }
        }
    }

    @Test
    void multiple_bySums_isTheSame() {
        MontgomeryCurve curve = MontgomeryCurve.suyama(N, 99).orElseThrow();
        Point start = MontgomeryCurve.suyamaPoint(N, 99);
        Point before = start;
        Point here = curve.twice(start);
        for (int i = 2; i < 200; i++) {
            assertSame(here, curve.multiple(start, i));
            Point next = curve.sum(here, start, before);
            before = here;
            here = next;
        }
    }

    @Test
    void multiple_zeroTimes_isRefused() {
        MontgomeryCurve curve = MontgomeryCurve.suyama(N, 17).orElseThrow();
        Point start = MontgomeryCurve.suyamaPoint(N, 17);
        assertThrows(IllegalArgumentException.class, () -> curve.multiple(start, 0));
    }

    @Test
    void suyama_seedWithoutCurve_givesItsDivisor() {
        BigInteger p = BigInteger.valueOf(10_007);
        BigInteger n = p.multiply(BigInteger.TWO.pow(127).subtract(BigInteger.ONE));
        assertEquals(Optional.empty(), MontgomeryCurve.suyama(n, 10_007));
        assertEquals(p, MontgomeryCurve.suyamaDivisor(n, 10_007));
    }

    private static void assertSame(Point expected, Point actual) {
        assertEquals(
                expected.x().multiply(actual.z()).mod(N),
                actual.x().multiply(expected.z()).mod(N));
    }
}
