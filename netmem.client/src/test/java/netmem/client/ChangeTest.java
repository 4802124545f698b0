package netmem.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import netmem.api.Versioned;
import netmem.api.wire.Ranges;
import netmem.api.wire.Step;
import org.junit.jupiter.api.Test;

/** What is sent of a page that was changed. */
class ChangeTest {
    private static Versioned page(byte[] bytes) {
        return Versioned.owning(FakeServer.INCARNATION, 1, 1, bytes);
    }

    private static Change between(byte[] before, byte[] after, int rangesMax) {
        Change change = Change.between(page(before), after, rangesMax);
        assertNotNull(change);
        return change;
    }

    @Test
    void between_equalPages_isNothing() {
        assertNull(Change.between(page(new byte[64]), new byte[64], 1));
    }

    @Test
    void between_firstAndLastByteOfALargePage_sendsTwoBytes() {
        byte[] after = new byte[1 << 20];
        after[0] = 1;
        after[after.length - 1] = 2;
        Change change = between(new byte[after.length], after, 2);
        assertEquals(2, change.ranges().count());
        assertEquals(2, change.ranges().totalBytes());
        assertEquals(2, change.data().remaining());
        assertEquals(after.length - 1, change.ranges().offset(1));
    }

    @Test
    void between_oneRangeAllowed_sendsFromTheFirstToTheLast() {
        byte[] after = new byte[1000];
        after[10] = 1;
        after[900] = 2;
        assertEquals(Ranges.of(10, 891), between(new byte[1000], after, 1).ranges());
    }

    @Test
    void between_littleThatIsEqual_isSentRatherThanSplitAt() {
        byte[] after = new byte[8192];
        after[8] = 1;
        after[8 + Change.GAP_BYTES_MIN] = 1;
        assertEquals(
                Ranges.of(8, Change.GAP_BYTES_MIN + 1),
                between(new byte[8192], after, 256).ranges());
        after[8 + Change.GAP_BYTES_MIN] = 0;
        after[9 + Change.GAP_BYTES_MIN] = 1;
        assertEquals(2, between(new byte[8192], after, 256).ranges().count());
    }

    @Test
    void between_anyTwoPages_makesTheOneTheOther() {
        Random random = new Random(14);
        for (int round = 0; round < 2000; round++) {
            byte[] before = new byte[64 + random.nextInt(40_000)];
            random.nextBytes(before);
            byte[] after = before.clone();
            for (int i = random.nextInt(40); i >= 0; i--) {
                after[random.nextInt(after.length)]++;
            }
            int rangesMax = 1 + random.nextInt(20);
            Change change = Change.between(page(before), after, rangesMax);
            byte[] made = before.clone();
            if (change != null) {
                assertTrue(change.ranges().count() <= rangesMax);
                assertEquals(change.ranges().totalBytes(), change.data().remaining());
                for (Step.Write write : change.steps(1)) {
                    write.bytes()
                            .duplicate()
                            .get(made, write.offset(), write.bytes().remaining());
                }
            }
            assertArrayEquals(after, made, "round " + round);
        }
    }
}
