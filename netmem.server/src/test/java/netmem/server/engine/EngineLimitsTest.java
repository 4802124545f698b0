package netmem.server.engine;

import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.INCARNATION;
import static netmem.server.engine.EngineFixture.lock;
import static netmem.server.engine.EngineFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import netmem.api.PageRange;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.PlainWrite;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Past a limit the answer is BUSY or TOO_LARGE before any effect, and there is room again once something went. */
@Timeout(30)
final class EngineLimitsTest {
    private static final long MIB = 1 << 20;

    @RegisterExtension
    final EngineFixture fixture = new EngineFixture(Map.of(
            "sessions-max", 4L,
            "locks-per-session-max", 3L,
            "waiters-max", 3L,
            "waiters-per-page-max", 2L,
            "waiting-max-bytes", MIB,
            "slots", 100L,
            "frame-max-bytes", MIB + (16 << 10)));

    private final EngineClient holder = fixture.open();

    @Test
    void sessions_atTheLimit_areBusyUntilOneEnds() {
        EngineClient last = fixture.open();
        fixture.open02();
        fixture.open();
        Engine.Greeted refused = fixture.greet(SessionId.NONE, INCARNATION, 0);
        assertNull(refused.session());
        assertFailed(Status.BUSY, 4, 4, refused.reply());
        assertNull(fixture.engine.open02(99, fixture.now));
        assertEquals(holder.session, holder.resume().session(), "a known session resumes all the same");
        last.call(new Request.Bye());
        fixture.open();
    }

    @Test
    void slot_atTheLimit_isTooLargeForPlainWritesToo() {
        assertEquals(new Reply.Written(2), holder.call(FrameHeader.requestId(60, 1), write(0, 0, 1)));
        assertEquals(new Reply.Written(3), holder.call(FrameHeader.requestId(61, 1), write(0, 0, 1)));
        long requestId = FrameHeader.requestId(100, 1);
        ByteBuffer frame = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
        RequestCodec.encode(write(0, 0, 2), requestId, frame);
        assertTrue(PlainWrite.is(frame.flip()));
        assertEquals(
                Engine.NOT_PLAIN,
                fixture.engine.write(holder.session, holder.connection, requestId, frame, fixture.now));
        assertFailed(Status.TOO_LARGE, 100, 99, holder.call(requestId, write(0, 0, 2)));
    }

    @Test
    void locksOfOneSession_atTheLimit_areBusyUntilOneGoes() {
        for (int page = 0; page < 3; page++) {
            holder.lock(page);
        }
        assertFailed(Status.BUSY, 4, 3, holder.call(lock(3, 0)));
        assertFailed(Status.ALREADY_LOCKED, 1, 0, holder.call(lock(2, 0)));
        assertEquals(3, fixture.counter("locks-held"));
        holder.unlock(1);
        holder.lock(3);
    }

    @Test
    void locksWaitedFor_countAsLocks() {
        EngineClient client = fixture.open();
        holder.lock(0);
        holder.lock(1);
        client.lock(2);
        client.waits(lock(0, 1000));
        client.waits(lock(1, 1000));
        assertFailed(Status.BUSY, 4, 3, client.call(lock(3, 0)));
        assertFailed(Status.BUSY, 4, 3, client.call(new Request.Lock(0, 2, 1000, false, 0)));
        holder.unlock(0);
        holder.unlock(1);
        assertEquals(3, fixture.counter("locks-held"), "so that grants cannot pass the limit");
    }

    @Test
    void waitersOfOnePage_atTheLimit_areBusyUntilOneGoes() {
        EngineClient client = fixture.open();
        holder.lock(0);
        client.waits(lock(0, 1000));
        long second = client.waits(write(0, 1000, 1));
        assertFailed(Status.BUSY, 2, 2, client.call(write(0, 1000, 2)));
        assertFailed(Status.BUSY, 2, 2, fixture.open().call(lock(0, 1000)));
        client.call(new Request.Cancel(second));
        client.waits(write(0, 1000, 3));
    }

    @Test
    void waitersInAll_atTheLimit_areBusyUntilOneGoes() {
        EngineClient client = fixture.open();
        for (int page = 0; page < 3; page++) {
            holder.lock(page);
            client.waits(write(page, 10, 1));
        }
        assertFailed(Status.BUSY, 3, 3, client.call(write(0, 1000, 2)));
        fixture.pass(10);
        client.waits(write(0, 1000, 2));
    }

    @Test
    void bytesOfWaitingWrites_pastTheLimit_areBusyUntilSomeGo() {
        EngineClient client = fixture.open();
        holder.lock(0);
        PageRange whole = new PageRange(0, EngineFixture.PAGE_LENGTH);
        int count = 250;
        Ranges ranges = Ranges.of(Collections.nCopies(count, whole));
        ByteBuffer data = ByteBuffer.allocate(count * EngineFixture.PAGE_LENGTH);
        Request.Write write = new Request.Write(0, 0, 0, 1000, false, ranges, data);
        client.waits(write);
        assertEquals(data.remaining(), fixture.counter("waiting-bytes"));
        ByteBuffer much = ByteBuffer.allocate((int) MIB - data.remaining() + 1);
        Request.Write tooMuch = new Request.Write(0, 0, 0, 1000, false, Ranges.of(0, 1), much);
        assertFailed(Status.BUSY, MIB + 1, MIB, client.call(tooMuch));
        assertEquals(data.remaining(), fixture.counter("waiting-bytes"));
        much.limit(much.limit() - 1);
        client.waits(tooMuch);
        assertEquals(MIB, fixture.counter("waiting-bytes"));
    }

    @Test
    void busy_isRecordedLikeAnyOutcome() {
        for (int page = 0; page < 3; page++) {
            holder.lock(page);
        }
        long id = holder.freshId();
        Reply busy = holder.call(id, lock(3, 0));
        holder.unlock(0);
        assertEquals(busy, holder.call(id, lock(3, 0)), "a fresh try takes a fresh id");
    }

    @Test
    void readMany_replyBeyondTheFrame_isTooLarge() {
        List<Request.ReadMany.Entry> entries =
                Collections.nCopies(14_000, new Request.ReadMany.Entry(0, 0, 0, EngineFixture.PAGE_LENGTH));
        long bytes = 16 + 4 + 14_000L * (16 + EngineFixture.PAGE_LENGTH);
        assertFailed(Status.TOO_LARGE, bytes, MIB + (16 << 10), holder.call(new Request.ReadMany(true, entries)));
    }

    @Test
    void read_replyBeyondTheFrame_isTooLarge() {
        Ranges ranges = Ranges.of(Collections.nCopies(20_000, new PageRange(0, EngineFixture.PAGE_LENGTH)));
        long bytes = 16 + 8 + 20_000L * EngineFixture.PAGE_LENGTH;
        assertFailed(Status.TOO_LARGE, bytes, MIB + (16 << 10), holder.call(new Request.Read(0, 0, ranges)));
    }
}
