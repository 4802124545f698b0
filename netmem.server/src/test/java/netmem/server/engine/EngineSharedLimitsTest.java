package netmem.server.engine;

import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.lock;
import static netmem.server.engine.EngineFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The limits of all sessions together: what many may take, each within its own limit. */
@Timeout(30)
final class EngineSharedLimitsTest {
    private static final long MIB = 1 << 20;
    private static final int SLOTS = 4096;

    @RegisterExtension
    final EngineFixture fixture = new EngineFixture(Map.of(
            "locks-max", 4L,
            "locks-per-session-max", 3L,
            "watches-max", 3L,
            "watches-per-session-max", 2L,
            "slots", (long) SLOTS,
            "outcomes-max-bytes", MIB));

    private final EngineClient first = fixture.open();
    private final EngineClient second = fixture.open();

    @Test
    void locksOfAll_atTheLimit_areBusyWhetherHeldOrWaitedFor() {
        first.lock(0);
        first.lock(1);
        first.lock(2);
        second.waits(lock(0, 1000));
        assertFailed(Status.BUSY, 5, 4, second.call(lock(3, 0)));
        first.unlock(1);
        second.lock(3);
        first.unlock(0);
        assertEquals(3, fixture.counter("locks-held"), "2, 3 and what was waited for");
        fixture.open().lock(4);
        assertFailed(Status.BUSY, 5, 4, fixture.open().call(lock(5, 0)));
    }

    @Test
    void watchesOfAll_atTheLimit_areBusyUntilOneGoes() {
        first.call(new Request.Watch(0, 1, List.of()));
        first.call(new Request.Watch(1, 1, List.of()));
        second.call(new Request.Watch(2, 1, List.of()));
        EngineClient third = fixture.open();
        assertFailed(Status.BUSY, 3, 3, third.call(new Request.Watch(3, 1, List.of())));
        first.call(new Request.Unwatch(0, 1));
        assertInstanceOf(Reply.Done.class, third.call(new Request.Watch(3, 1, List.of())));
    }

    @Test
    void outcomesOfAll_atTheLimit_areBusyWithoutEffectUntilASessionEnds() {
        int slot = fill(first);
        long version = fixture.pages.version(0);
        int taken = (int) fixture.counter("outcome-bytes");
        assertTrue(taken >= MIB && taken < MIB + MIB / 16, "taken: " + taken);

        assertFailed(Status.BUSY, taken, MIB, first.call(slotsNewest(SLOTS - 1, 1), write(0, 0, 1)));
        assertFailed(Status.BUSY, taken, MIB, second.call(slotsNewest(0, 1), write(0, 0, 1)));
        assertEquals(version, fixture.pages.version(0), "no effect");
        assertInstanceOf(
                Reply.NotModified.class, second.call(new Request.Read(0, version, Ranges.NONE)), "reads are served");

        first.call(new Request.Bye());
        assertInstanceOf(Reply.Written.class, second.call(slotsNewest(0, 2), write(0, 0, 1)));
        assertTrue(slot > 100, "slots filled: " + slot);
    }

    @Test
    void outcomesOfAll_atTheLimit_giveBackWhatASlotKept() {
        fill(first);
        assertFailed(Status.BUSY, fixture.counter("outcome-bytes"), MIB, first.call(slotsNewest(0, 1), write(0, 0, 1)));

        int slot = 0;
        while (first.call(slotsNewest(slot, 2), write(0, 0, 1)) instanceof Reply.Failed && slot < 10) {
            slot++;
        }

        assertTrue(slot > 0 && slot < 10, "slots used anew before one was served: " + slot);
        assertTrue(fixture.counter("outcome-bytes") < MIB + 1024, "refusals take no room");
    }

    private static long slotsNewest(int slot, int sequence) {
        return FrameHeader.requestId(slot, sequence);
    }

    /** Records failures with long messages in one slot after the other until there is no room; returns the first slot left. */
    private static int fill(EngineClient client) {
        int slot = 1;
        while (client.call(slotsNewest(slot, 1), write(100, 0, 1)) instanceof Reply.Failed failed
                && failed.status() != Status.BUSY) {
            slot++;
        }
        return slot;
    }
}
