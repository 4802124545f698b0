package netmem.server.engine;

import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.lock;
import static netmem.server.engine.EngineFixture.unlock;
import static netmem.server.engine.EngineFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import netmem.api.Status;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waiting for locks: order, deadlines, cancel. Not here: waiters whose session ends (EngineSessionsTest), limits (EngineLimitsTest). */
@Timeout(30)
final class EngineLinesTest {
    @RegisterExtension
    final EngineFixture fixture = new EngineFixture();

    private final EngineClient holder = fixture.open();

    private static Reply granted(long token, long version) {
        return new Reply.Granted(token, version, Reply.Granted.Content.NONE, PageChange.NOTHING);
    }

    private static Reply timeout(int waitMillis) {
        return new Reply.Failed(
                Status.TIMEOUT, waitMillis, waitMillis, "page 0 was not free within " + waitMillis + " ms");
    }

    @Test
    void lock_pageHeldAndNoWait_isLockedWithTheHoldersToken() {
        long token = holder.lock(5);
        assertFailed(Status.LOCKED, token, 0, fixture.open().call(lock(5, 0)));
        assertFailed(Status.LOCKED, token, 0, fixture.open().call(write(5, 0, 1)));
        assertFailed(Status.LOCKED, token, 0, holder.call(write(5, 0, 1)));
        assertEquals(0, fixture.counter("waiters"));
    }

    @Test
    void locks_manyWaiters_areGrantedInOrderOfArrival() {
        holder.lock(0);
        List<EngineClient> line = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            EngineClient client = fixture.open();
            line.add(client);
            ids.add(client.waits(lock(0, 5000 - i)));
        }
        holder.unlock(0);
        for (int i = 0; i < line.size(); i++) {
            EngineClient client = line.get(i);
            assertEquals(
                    List.of(client.completed(ids.get(i), lock(0, 1), 0, granted(i + 2, i + 1))), fixture.effects());
            assertEquals(new Reply.Written(i + 2), client.call(unlock(0, client.token(0), i)));
        }
        assertEquals(0, fixture.counter("locks-held"));
    }

    @Test
    void handlesOfOneSession_waitForEachOther() {
        holder.call(new Request.Lock(0, 1, 0, false, 0));
        long second = holder.waits(new Request.Lock(0, 2, 1000, false, 0));
        long third = holder.waits(new Request.Lock(0, 3, 1000, false, 0));
        holder.unlock(0);
        assertEquals(List.of(holder.completed(second, lock(0, 1), 0, granted(2, 1))), fixture.effects());
        holder.unlock(0);
        assertEquals(List.of(holder.completed(third, lock(0, 1), 0, granted(3, 1))), fixture.effects());
    }

    @Test
    void writesInLine_areDoneInTheirPlace() {
        holder.lock(0);
        EngineClient client = fixture.open();
        long first = client.waits(write(0, 1000, 1));
        long second = client.waits(write(0, 1000, 2));
        long lock = client.waits(lock(0, 1000));
        long third = client.waits(write(0, 1000, 3));
        assertEquals(0, fixture.value(0), "nothing is written before its turn");
        assertEquals(new Reply.Written(2), holder.call(unlock(0, holder.token(0), 9)));
        assertEquals(
                List.of(
                        client.completed(first, write(0, 1, 1), 0, new Reply.Written(3)),
                        client.completed(second, write(0, 1, 2), 0, new Reply.Written(4)),
                        client.completed(lock, lock(0, 1), 0, granted(2, 4))),
                fixture.effects());
        assertEquals(2, fixture.value(0), "the third waits for the lock before it");
        client.unlock(0);
        assertEquals(List.of(client.completed(third, write(0, 1, 3), 0, new Reply.Written(5))), fixture.effects());
        assertEquals(3, fixture.value(0));
    }

    @Test
    void writeInLine_keepsItsOwnCopyOfTheData() {
        holder.lock(0);
        ByteBuffer data = EngineFixture.number(77);
        EngineClient client = fixture.open();
        client.waits(new Request.Write(0, 0, 0, 1000, false, Ranges.of(0, 4), data));
        data.putInt(0, 0);
        assertEquals(4, fixture.counter("waiting-bytes"));
        holder.unlock(0);
        assertEquals(77, fixture.value(0));
        assertEquals(0, fixture.counter("waiting-bytes"));
    }

    @Test
    void conditionalWriteInLine_isJudgedAtItsTurn() {
        holder.lock(0);
        EngineClient client = fixture.open();
        long stale = client.waits(new Request.Write(0, 1, 0, 1000, true, Ranges.of(0, 4), EngineFixture.number(1)));
        long right = client.waits(new Request.Write(0, 2, 0, 1000, true, Ranges.of(0, 4), EngineFixture.number(2)));
        holder.call(unlock(0, holder.token(0), 9));
        List<Effect> effects = fixture.effects();
        Effect.Completed first = assertInstanceOf(Effect.Completed.class, effects.getFirst());
        assertEquals(stale, first.requestId());
        Reply.ConditionFailed failed = assertInstanceOf(Reply.ConditionFailed.class, first.reply());
        assertEquals(2, failed.version());
        assertEquals(client.completed(right, write(0, 1, 1), 0, new Reply.Written(3)), effects.getLast());
        assertEquals(2, fixture.value(0));
    }

    @Test
    void wait_pastItsLimit_isTimeoutAtTheTick() {
        holder.lock(0);
        EngineClient client = fixture.open();
        long lock = client.waits(lock(0, 50));
        long write = client.waits(write(0, 30, 1));
        assertEquals(TimeUnit.MILLISECONDS.toNanos(30), fixture.engine.nextTickNanos());
        fixture.pass(29);
        assertEquals(List.of(), fixture.effects());
        fixture.pass(1);
        assertEquals(List.of(client.completed(write, write(0, 1, 1), 30, timeout(30))), fixture.effects());
        assertEquals(TimeUnit.MILLISECONDS.toNanos(50), fixture.engine.nextTickNanos());
        fixture.pass(20);
        assertEquals(List.of(client.completed(lock, lock(0, 1), 50, timeout(50))), fixture.effects());
        holder.unlock(0);
        assertEquals(List.of(), fixture.effects(), "what timed out is never granted");
        assertEquals(0, fixture.counter("locks-held"));
        assertEquals(1, fixture.pages.version(0));
    }

    @Test
    void waits_pastTheirLimitsTogether_endInOrderOfDeadlineThenArrival() {
        holder.lock(0);
        EngineClient client = fixture.open();
        long late = client.waits(lock(0, 30));
        long early = client.waits(new Request.Lock(0, 2, 10, false, 0));
        long sameAsEarly = client.waits(new Request.Lock(0, 3, 10, false, 0));
        fixture.pass(40);
        assertEquals(
                List.of(
                        client.completed(early, lock(0, 1), 40, timeout(10)),
                        client.completed(sameAsEarly, lock(0, 1), 40, timeout(10)),
                        client.completed(late, lock(0, 1), 40, timeout(30))),
                fixture.effects());
    }

    @Test
    void wait_pastItsLimitBeforeALateTick_isNotGranted() {
        holder.lock(0);
        EngineClient tooLate = fixture.open();
        EngineClient next = fixture.open();
        long id = tooLate.waits(lock(0, 10));
        long nextId = next.waits(lock(0, 1000));
        fixture.passUnnoticed(10);
        holder.unlock(0);
        assertEquals(
                List.of(
                        tooLate.completed(id, lock(0, 1), 10, timeout(10)),
                        next.completed(nextId, lock(0, 1), 10, granted(2, 1))),
                fixture.effects());
    }

    @Test
    void waits_longestPossible_doNotOverflow() {
        holder.lock(0);
        EngineClient client = fixture.open02();
        assertEquals(
                Answer.DEFERRED,
                fixture.engine.execute(
                        client.session, client.connection, client.freshId(), lock(0, Integer.MAX_VALUE), fixture.now));
        assertEquals(TimeUnit.MILLISECONDS.toNanos(10_000), fixture.engine.nextTickNanos(), "the holder's lease");
        fixture.pass(9_999);
        assertEquals(List.of(), fixture.effects());
    }

    @Test
    void cancel_waitingRequest_endsItAndIsNeverGranted() {
        holder.lock(0);
        EngineClient client = fixture.open();
        EngineClient next = fixture.open();
        long lock = client.waits(lock(0, 1000));
        long nextId = next.waits(lock(0, 1000));
        long write = client.waits(write(0, 1000, 1));
        fixture.passUnnoticed(5);
        assertEquals(new Reply.Done(), client.call(new Request.Cancel(lock)));
        assertEquals(new Reply.Done(), client.call(new Request.Cancel(write)));
        Reply cancelled = new Reply.Failed(Status.CANCELLED, 0, 0, "cancelled by its session");
        assertEquals(
                List.of(
                        client.completed(lock, lock(0, 1), 5, cancelled),
                        client.completed(write, write(0, 1, 1), 5, cancelled)),
                fixture.effects());
        holder.unlock(0);
        assertEquals(List.of(next.completed(nextId, lock(0, 1), 5, granted(2, 1))), fixture.effects());
        assertEquals(1, fixture.pages.version(0));
        assertEquals(cancelled, client.call(lock, lock(0, 1000)), "the outcome is kept");
    }

    @Test
    void cancel_anythingElse_isDoneWithoutEffect() {
        long lock = client(0);
        EngineClient other = fixture.open();
        long waiting = other.waits(lock(0, 1000));
        for (long target : new long[] {lock, waiting, 0, 1L << 16, -1, Long.MAX_VALUE}) {
            assertEquals(new Reply.Done(), holder.call(new Request.Cancel(target)));
        }
        assertEquals(List.of(), fixture.effects());
        assertEquals(1, fixture.counter("locks-held"));
        assertEquals(1, fixture.counter("waiters"), "another session's request is not cancelled");
    }

    private long client(long page) {
        long id = holder.freshId();
        holder.call(id, lock(page, 0));
        return id;
    }

    @Test
    void lines_ofSeveralPages_moveIndependently() {
        holder.lock(0);
        holder.lock(1);
        EngineClient client = fixture.open();
        long zero = client.waits(lock(0, 1000));
        long one = client.waits(lock(1, 1000));
        holder.unlock(1);
        assertEquals(List.of(client.completed(one, lock(1, 1), 0, granted(3, 1))), fixture.effects());
        holder.unlock(0);
        assertEquals(List.of(client.completed(zero, lock(0, 1), 0, granted(4, 1))), fixture.effects());
    }

    @Test
    void effects_taken_areGone() {
        holder.lock(0);
        fixture.open().waits(write(0, 1000, 1));
        holder.unlock(0);
        assertEquals(1, fixture.effects().size());
        assertEquals(List.of(), fixture.effects());
    }
}
