package netmem.server.engine;

import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.lock;
import static netmem.server.engine.EngineFixture.number;
import static netmem.server.engine.EngineFixture.unlock;
import static netmem.server.engine.EngineFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** At most once: what a request id gets that was seen before, and slots with their sequence numbers. */
@Timeout(30)
final class EngineOutcomesTest {
    private static final long SEQUENCE_MAX = (1L << 48) - 1;

    @RegisterExtension
    final EngineFixture fixture = new EngineFixture();

    private final EngineClient client = fixture.open();

    @Test
    void write_repeated_isRunOnce() {
        long id = client.freshId();
        for (int i = 0; i < 3; i++) {
            assertEquals(new Reply.Written(2), client.call(id, write(0, 0, 5)));
        }
        assertEquals(2, fixture.pages.version(0));
    }

    @Test
    void write_repeatedAfterOthersWrote_isStillRunOnce() {
        long id = client.freshId();
        client.call(id, write(0, 0, 5));
        fixture.open().call(write(0, 0, 6));
        assertEquals(new Reply.Written(2), client.call(id, write(0, 0, 5)));
        assertEquals(6, fixture.value(0));
    }

    @Test
    void write_repeatedOnANewConnection_isRunOnce() {
        long id = client.freshId();
        client.call(id, write(0, 0, 5));
        client.disconnect();
        client.resume();
        assertEquals(new Reply.Written(2), client.call(id, write(0, 0, 5)));
        assertEquals(2, fixture.pages.version(0));
    }

    @Test
    void failedCondition_repeated_isElided() {
        long id = client.freshId();
        Request.Write conditional = new Request.Write(0, 9, 0, 0, true, Ranges.of(0, 4), number(5));
        Reply.ConditionFailed first = (Reply.ConditionFailed) client.call(id, conditional);
        assertEquals(
                EngineFixture.PAGE_LENGTH,
                first.current() == null ? 0 : first.current().remaining());
        assertEquals(new Reply.ConditionFailed(1, null), client.call(id, conditional));
    }

    @Test
    void failedCondition_repeatedWhenItWouldHold_isNotRun() {
        long id = client.freshId();
        Request.Write conditional = new Request.Write(0, 2, 0, 0, false, Ranges.of(0, 4), number(5));
        client.call(id, conditional);
        client.call(write(0, 0, 1));
        assertEquals(new Reply.ConditionFailed(1, null), client.call(id, conditional));
        assertEquals(1, fixture.value(0));
    }

    @Test
    void lock_repeated_isTheSameGrantElided() {
        long id = client.freshId();
        Request.Lock lock = new Request.Lock(0, 1, 0, true, 0);
        Reply.Granted first = (Reply.Granted) client.call(id, lock);
        assertEquals(Reply.Granted.Content.FULL, first.content());
        Reply elided = new Reply.Granted(1, 1, Reply.Granted.Content.ELIDED, PageChange.NOTHING);
        assertEquals(elided, client.call(id, lock));
        client.unlock(0);
        assertEquals(elided, client.call(id, lock), "what was is told, also when the lock is gone");
        assertEquals(0, fixture.counter("locks-held"));
    }

    @Test
    void lock_repeatedWithoutData_isTheSameGrant() {
        long id = client.freshId();
        Reply first = client.call(id, lock(0, 0));
        assertEquals(first, client.call(id, lock(0, 0)));
    }

    @Test
    void unlock_repeated_releasesOnce() {
        long token = client.lock(0);
        long id = client.freshId();
        assertEquals(new Reply.Written(2), client.call(id, unlock(0, token, 5)));
        long again = client.lock(0);
        assertEquals(new Reply.Written(2), client.call(id, unlock(0, token, 5)));
        assertEquals(again, client.token(0), "the next grant is untouched");
    }

    @Test
    void refusal_repeated_isTheSame() {
        EngineClient other = fixture.open();
        client.lock(0);
        long id = other.freshId();
        Reply refused = other.call(id, lock(0, 0));
        client.unlock(0);
        assertEquals(refused, other.call(id, lock(0, 0)));
        assertEquals(0, fixture.counter("locks-held"));
    }

    @Test
    void waiting_repeated_waitsOnce() {
        EngineClient holder = fixture.open();
        holder.lock(0);
        long id = client.waits(lock(0, 1000));
        assertEquals(Answer.DEFERRED, client.send(id, lock(0, 1000)));
        assertEquals(1, fixture.counter("waiters"));
        holder.unlock(0);
        assertEquals(1, fixture.effects().size());
        client.unlock(0);
        assertEquals(0, fixture.counter("locks-held"));
    }

    @Test
    void timeout_repeated_isTheSame() {
        fixture.open().lock(0);
        long id = client.waits(write(0, 10, 1));
        fixture.pass(10);
        assertFailed(Status.TIMEOUT, 10, 10, client.call(id, write(0, 10, 1)));
    }

    @Test
    void sequence_olderThanTheSlotsNewest_isStale() {
        client.call(FrameHeader.requestId(3, 7), write(0, 0, 1));
        for (long sequence : new long[] {1, 6}) {
            assertFailed(
                    Status.STALE_REQUEST, sequence, 7, client.call(FrameHeader.requestId(3, sequence), write(0, 0, 2)));
        }
        client.call(FrameHeader.requestId(2, 1), write(0, 0, 3));
        assertEquals(3, fixture.value(0), "slots do not touch each other");
        assertEquals(3, fixture.pages.version(0));
    }

    @Test
    void sequence_largest_isNewerThanAll() {
        client.call(FrameHeader.requestId(0, 1L << 47), write(0, 0, 1));
        assertEquals(new Reply.Written(3), client.call(FrameHeader.requestId(0, SEQUENCE_MAX), write(0, 0, 2)));
        assertFailed(
                Status.STALE_REQUEST,
                1L << 47,
                SEQUENCE_MAX,
                client.call(FrameHeader.requestId(0, 1L << 47), write(0, 0, 1)));
    }

    @Test
    void sequence_newerInTheSlotOfAWaiter_dropsTheWaiter() {
        EngineClient holder = fixture.open();
        holder.lock(0);
        long waiting = FrameHeader.requestId(0, 1);
        assertEquals(Answer.DEFERRED, client.send(waiting, write(0, 1000, 66)));
        assertEquals(new Reply.Written(2), client.call(FrameHeader.requestId(0, 2), write(1, 0, 5)));
        assertEquals(0, fixture.counter("waiters"));
        assertEquals(0, fixture.counter("waiting-bytes"));
        holder.unlock(0);
        assertEquals(List.of(), fixture.effects());
        assertEquals(1, fixture.pages.version(0), "never run later");
        assertFailed(Status.STALE_REQUEST, 1, 2, client.call(waiting, write(0, 1000, 66)));
    }

    @Test
    void requestId_usedForTwoOperations_isRefused() {
        long id = client.freshId();
        client.call(id, write(0, 0, 5));
        assertFailed(Status.BAD_FRAME, Opcode.LOCK.code(), Opcode.WRITE.code(), client.call(id, lock(0, 0)));
        assertEquals(0, fixture.counter("locks-held"));
    }

    @Test
    void requestIds_ofAnotherSession_areItsOwn() {
        long id = FrameHeader.requestId(0, 1);
        client.call(id, write(0, 0, 5));
        assertEquals(new Reply.Written(3), fixture.open().call(id, write(0, 0, 6)));
    }

    @Test
    void readsAndPings_takeNoRequestId() {
        long id = FrameHeader.requestId(0, 9);
        client.call(id, write(0, 0, 5));
        assertEquals(new Reply.Done(), client.call(FrameHeader.requestId(0, 1), new Request.Ping()));
        assertEquals(
                new Reply.NotModified(2),
                client.call(FrameHeader.requestId(0, 2), new Request.Read(0, 2, Ranges.NONE)));
        assertEquals(new Reply.Written(2), client.call(id, write(0, 0, 5)));
    }
}
