package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class Version02Test {
    private static final long CYCLE = Integer.MAX_VALUE;

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "2, 2",
        "2147483646, 2147483646",
        "2147483647, 2147483647",
        "2147483648, 1",
        "2147483649, 2",
        "4294967294, 2147483647",
        "4294967295, 1",
        "9223372036854775807, 1",
        "9223372036854775806, 2147483647",
    })
    void of_anyVersion_isItsPlaceInTheCycle(long version, int expected) {
        assertEquals(expected, Version02.of(version));
    }

    @Test
    void of_neighbours_isPositiveAndDiffers() {
        Random random = Seeds.random(Version02Test.class);
        for (int i = 0; i < 100_000; i++) {
            long version = Math.max(1, random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63));
            int told = Version02.of(version);
            assertTrue(told >= 1, "version " + version);
            assertNotEquals(told, Version02.of(version + 1), "version " + version);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 2",
        "1, -1, 2",
        "1, -2147483648, 2",
        "1, 1, 2",
        "1, 2, 2",
        "1, 3, 3",
        "1, 2147483647, 2147483647",
        "10, 9, 11",
        "10, 10, 11",
        "2147483647, 2147483647, 2147483648",
        "2147483647, 5, 2147483648",
        "2147483648, 5, 2147483652",
        "2147483652, 2147483647, 4294967294",
    })
    void after_wantedVersion_isTakenWhenAboveElseTheNext(long current, int wanted, long expected) {
        assertEquals(expected, Version02.after(current, wanted));
    }

    @Test
    void after_anyWanted_isAboveTheCurrentAndToldAsWanted() {
        Random random = Seeds.random(Version02Test.class);
        for (int i = 0; i < 100_000; i++) {
            long current = 1 + random.nextLong(4 * CYCLE);
            int wanted = random.nextInt() >> random.nextInt(31);
            long next = Version02.after(current, wanted);
            assertTrue(next > current && next - current < CYCLE, current + " -> " + next);
            boolean above = wanted > Version02.of(current);
            assertEquals(above ? wanted : Version02.of(current + 1), Version02.of(next), "wanted " + wanted);
        }
    }
}
