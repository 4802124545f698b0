package netmem.samples.factor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LevelTest {
    @Test
    void bounds_asCurvesGetDone_growInSteps() {
        assertEquals(2_000, Level.bounds(0).b1());
        assertEquals(2_000, Level.bounds(24).b1());
        assertEquals(11_000, Level.bounds(25).b1());
        assertEquals(50_000, Level.bounds(25 + 90).b1());
        assertEquals(3_000_000, Level.bounds(Long.MAX_VALUE).b1());
    }

    @Test
    void bounds_always_b2IsAHundredTimesB1() {
        for (long done = 0; done < 10_000; done += 7) {
            Bounds bounds = Level.bounds(done);
            assertEquals(100 * bounds.b1(), bounds.b2());
            assertTrue(bounds.b2() <= Bounds.B2_MAX);
        }
    }
}
