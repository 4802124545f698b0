package netmem.server.engine;

import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.lock;
import static netmem.server.engine.EngineFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;

import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Reply.Known.State;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** OUTCOME: what became of a request whose caller has given up. */
@Timeout(30)
final class EngineOutcomeTest {
    @RegisterExtension
    final EngineFixture fixture = new EngineFixture();

    private final EngineClient client = fixture.open();
    private final EngineClient holder = fixture.open();

    private Reply outcome(long target) {
        return client.call(new Request.Outcome(target));
    }

    private static Reply done(Status status) {
        return new Reply.Known(State.DONE, status);
    }

    @Test
    void request_thatNeverCame_isNotSeen() {
        Reply notSeen = new Reply.Known(State.NOT_SEEN, Status.OK);
        assertEquals(notSeen, outcome(FrameHeader.requestId(3, 7)));
        client.call(FrameHeader.requestId(3, 7), write(0, 0, 1));
        assertEquals(notSeen, outcome(FrameHeader.requestId(3, 8)), "newer than what came");
    }

    @Test
    void request_run_isDoneWithItsStatus() {
        long id = client.freshId();
        client.call(id, write(0, 0, 1));
        assertEquals(done(Status.OK), outcome(id));
        long failed = client.freshId();
        client.call(failed, new Request.Write(0, 9, 0, 0, false, Ranges.of(0, 4), EngineFixture.number(1)));
        assertEquals(done(Status.CONDITION_FAILED), outcome(failed));
        long refused = client.freshId();
        client.call(refused, EngineFixture.unlock(0, 77));
        assertEquals(done(Status.FENCED), outcome(refused));
        assertEquals(2, fixture.pages.version(0), "asking changes nothing");
    }

    @Test
    void request_inLine_isWaitingThenDone() {
        holder.lock(0);
        long granted = client.waits(lock(0, 60_000));
        long late = client.waits(write(0, 10, 1));
        assertEquals(new Reply.Known(State.WAITING, Status.OK), outcome(granted));
        fixture.pass(10);
        assertEquals(done(Status.TIMEOUT), outcome(late));
        holder.unlock(0);
        assertEquals(done(Status.OK), outcome(granted));
        assertEquals(client.token(0), EngineAsks.token(client.call(granted, lock(0, 60_000))), "sent again it is told");
    }

    @Test
    void request_cancelled_isDoneAsCancelled() {
        holder.lock(0);
        long id = client.waits(lock(0, 60_000));
        client.call(new Request.Cancel(id));
        assertEquals(done(Status.CANCELLED), outcome(id));
    }

    @Test
    void request_whoseSlotHasGoneOn_isStale() {
        client.call(FrameHeader.requestId(3, 7), write(0, 0, 1));
        client.call(FrameHeader.requestId(3, 9), write(0, 0, 1));
        assertFailed(Status.STALE_REQUEST, 7, 9, outcome(FrameHeader.requestId(3, 7)));
        assertFailed(Status.STALE_REQUEST, 8, 9, outcome(FrameHeader.requestId(3, 8)));
        assertEquals(done(Status.OK), outcome(FrameHeader.requestId(3, 9)));
    }

    @Test
    void request_thatIsNotRecorded_isNotSeen() {
        long id = client.freshId();
        client.call(id, new Request.Ping());
        assertEquals(new Reply.Known(State.NOT_SEEN, Status.OK), outcome(id));
    }

    @Test
    void id_thatCannotBe_isRefused() {
        int slots = fixture.limits.slots();
        assertFailed(Status.TOO_LARGE, slots, slots - 1, outcome(FrameHeader.requestId(slots, 1)));
        assertFailed(Status.BAD_FRAME, 0, 1, outcome(3));
    }

    @Test
    void requests_ofOtherSessions_areNotTold() {
        long id = FrameHeader.requestId(5, 1);
        holder.call(id, write(0, 0, 1));
        assertEquals(new Reply.Known(State.NOT_SEEN, Status.OK), outcome(id));
    }

    @Test
    void outcome_afterAResume_isTheSame() {
        long id = client.freshId();
        client.call(id, write(0, 0, 1));
        client.disconnect();
        client.resume();
        assertEquals(done(Status.OK), outcome(id));
    }
}
