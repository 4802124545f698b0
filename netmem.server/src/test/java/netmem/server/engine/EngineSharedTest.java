package netmem.server.engine;

import static netmem.server.engine.EngineAsks.exclusive;
import static netmem.server.engine.EngineAsks.granted;
import static netmem.server.engine.EngineAsks.shared;
import static netmem.server.engine.EngineAsks.token;
import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.unlock;
import static netmem.server.engine.EngineFixture.write;
import static netmem.server.engine.EngineFixture.writeWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Reply;
import netmem.api.wire.Reply.LockState.Mode;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shared locks beside one another and in line with exclusive ones, and what LOCK_INFO tells of both. */
@Timeout(30)
final class EngineSharedTest {
    private static final int LONG = 60_000;

    @RegisterExtension
    final EngineFixture fixture = new EngineFixture();

    private final EngineClient one = fixture.open();
    private final EngineClient two = fixture.open();
    private final EngineClient three = fixture.open();

    private Reply info(long page) {
        return three.call(new Request.LockInfo(page));
    }

    @Test
    void shared_besideShared_isGrantedUnderATokenOfItsOwn() {
        assertEquals(1, token(one.call(shared(0, 1, 0))));
        assertEquals(2, token(two.call(shared(0, 1, 0))));
        assertEquals(3, token(two.call(shared(0, 2, 0))), "another handle is another owner");
        assertFailed(Status.ALREADY_LOCKED, 1, 0, two.call(shared(0, 1, 0)));
        assertFailed(Status.ALREADY_LOCKED, 1, 0, two.call(exclusive(0, 1, 0)));
        assertFailed(Status.LOCKED, 0, 0, three.call(exclusive(0, 1, 0)));
        assertFailed(Status.LOCKED, 0, 0, one.call(write(0, 0, 1)));
        assertEquals(3, fixture.counter("locks-held"));
    }

    @Test
    void shared_besideExclusive_isNot() {
        one.lock(0);
        assertFailed(Status.LOCKED, 1, 0, two.call(shared(0, 1, 0)));
        assertFailed(Status.LOCKED, 1, 0, one.call(shared(0, 2, 0)));
        assertFailed(Status.ALREADY_LOCKED, 1, 0, one.call(shared(0, 1, 0)));
    }

    @Test
    void sharedToken_forChanges_isFencedAndTheLockStays() {
        long token = token(one.call(shared(0, 1, 0)));
        assertFailed(Status.FENCED, token, 0, one.call(writeWith(token, 0, 5)));
        assertFailed(Status.FENCED, token, 0, one.call(unlock(0, token, 5)));
        assertFailed(Status.FENCED, token, 0, one.call(new Request.Atomic(0, 0, token, 0, 0, WordFunction.ADD, 1, 0)));
        assertEquals(1, fixture.pages.version(0));
        assertEquals(new Reply.Written(1), one.call(unlock(0, token)));
        assertFailed(Status.FENCED, token, 0, one.call(unlock(0, token)));
        assertEquals(0, fixture.counter("locks-held"));
    }

    @Test
    void sharedToken_ofAnotherSession_isFenced() {
        long token = token(one.call(shared(0, 1, 0)));
        two.call(shared(0, 1, 0));
        assertFailed(Status.FENCED, token, 0, two.call(unlock(0, token)));
        assertEquals(2, fixture.counter("locks-held"));
    }

    @Test
    void shared_behindAnExclusiveWaiter_doesNotPassIt() {
        one.call(shared(0, 1, 0));
        long exclusive = two.waits(exclusive(0, 1, LONG));
        assertFailed(Status.LOCKED, 0, 0, three.call(shared(0, 1, 0)));
        long shared = three.waits(shared(0, 1, LONG));
        one.unlock(0);
        assertEquals(List.of(two.completed(exclusive, exclusive(0, 1, 0), 0, granted(2, 1))), fixture.effects());
        two.unlock(0);
        assertEquals(List.of(three.completed(shared, shared(0, 1, 0), 0, granted(3, 1))), fixture.effects());
    }

    @Test
    void sharedWaiters_oneBehindTheOther_areGrantedTogetherUpToTheNextChange() {
        one.lock(0);
        long first = two.waits(shared(0, 1, LONG));
        long second = three.waits(shared(0, 1, LONG));
        long write = two.waits(write(0, LONG, 5));
        long third = three.waits(shared(0, 2, LONG));
        one.unlock(0);
        assertEquals(
                List.of(
                        two.completed(first, shared(0, 1, 0), 0, granted(2, 1)),
                        three.completed(second, shared(0, 1, 0), 0, granted(3, 1))),
                fixture.effects());
        two.unlock(0);
        assertEquals(List.of(), fixture.effects());
        three.unlock(0);
        assertEquals(
                List.of(
                        two.completed(write, write(0, 0, 5), 0, new Reply.Written(2)),
                        three.completed(third, shared(0, 2, 0), 0, granted(4, 2))),
                fixture.effects());
    }

    @Test
    void exclusiveWaiter_thatGivesUp_letsThoseBehindItIn() {
        one.call(shared(0, 1, 0));
        long cancelled = two.waits(exclusive(0, 1, LONG));
        long shared = three.waits(shared(0, 1, LONG));
        two.call(new Request.Cancel(cancelled));
        assertEquals(
                three.completed(shared, shared(0, 1, 0), 0, granted(2, 1)),
                fixture.effects().getLast());

        two.waits(exclusive(0, 1, 10));
        long next = three.waits(shared(0, 2, LONG));
        fixture.pass(10);
        assertEquals(
                three.completed(next, shared(0, 2, 0), 10, granted(3, 1)),
                fixture.effects().getLast());
    }

    @Test
    void exclusiveWaiter_whoseSlotGoesOn_letsThoseBehindItIn() {
        one.call(shared(0, 1, 0));
        long dropped = two.waits(exclusive(0, 1, LONG));
        long shared = three.waits(shared(0, 1, LONG));
        long newer = FrameHeader.requestId(FrameHeader.slot(dropped), FrameHeader.sequence(dropped) + 1);
        assertEquals(new Reply.Written(2), two.call(newer, write(1, 0, 5)));
        assertEquals(List.of(three.completed(shared, shared(0, 1, 0), 0, granted(2, 1))), fixture.effects());
        assertEquals(0, fixture.counter("waiters"));
    }

    @Test
    void exclusiveWaiter_whoseSlotGoesOnToTheSameLine_isGoneBeforeTheNewOneComes() {
        one.call(shared(0, 1, 0));
        long dropped = two.waits(exclusive(0, 1, LONG));
        long shared = three.waits(shared(0, 1, LONG));
        long newer = FrameHeader.requestId(FrameHeader.slot(dropped), FrameHeader.sequence(dropped) + 1);
        assertEquals(3, token(two.call(newer, shared(0, 1, 0))), "the line moved on before it was judged");
        assertEquals(List.of(three.completed(shared, shared(0, 1, 0), 0, granted(2, 1))), fixture.effects());
    }

    @Test
    void exclusiveWaiter_whoseSessionEnds_letsThoseBehindItIn() {
        one.call(shared(0, 1, 0));
        two.waits(exclusive(0, 1, LONG));
        long shared = three.waits(shared(0, 1, LONG));
        two.call(new Request.Bye());
        assertEquals(List.of(three.completed(shared, shared(0, 1, 0), 0, granted(2, 1))), fixture.effects());
    }

    @Test
    void sessionOfASharedHolder_over_leavesTheOthersHolding() {
        EngineClient mortal = fixture.open(1000);
        mortal.call(shared(0, 1, 0));
        two.call(shared(0, 1, 0));
        long exclusive = three.waits(exclusive(0, 1, LONG));
        fixture.pass(1000);
        assertEquals(1, fixture.counter("locks-held"));
        assertEquals(1, fixture.counter("waiters"));
        fixture.effects();
        two.unlock(0);
        assertEquals(List.of(three.completed(exclusive, exclusive(0, 1, 0), 1000, granted(3, 1))), fixture.effects());
    }

    @Test
    void sharedGrant_withData_bringsThePage() {
        one.call(write(0, 0, 5));
        Reply.Granted full = (Reply.Granted) two.call(new Request.Lock(0, 1, 0, true, true, 1));
        assertEquals(Reply.Granted.Content.FULL, full.content());
        assertEquals(EngineFixture.PAGE_LENGTH, full.data().remaining());
    }

    @Test
    void lockInfo_ofEachState_tellsIt() {
        assertEquals(new Reply.LockState(Mode.FREE, 0, 0, 0, 0, ""), info(0));
        long token = one.lock(0);
        fixture.passUnnoticed(1500);
        two.waits(exclusive(0, 1, LONG));
        two.waits(write(0, LONG, 5));
        assertEquals(new Reply.LockState(Mode.EXCLUSIVE, 1, 2, token, 1500, "client"), info(0));
        one.call(shared(1, 1, 0));
        fixture.passUnnoticed(10);
        two.call(shared(1, 1, 0));
        assertEquals(new Reply.LockState(Mode.SHARED, 2, 0, token + 1, 10, "client"), info(1));
        one.unlock(1);
        assertEquals(new Reply.LockState(Mode.SHARED, 1, 0, token + 2, 0, "client"), info(1), "the next oldest");
        assertFailed(Status.NO_SUCH_PAGE, EngineFixture.PAGES, EngineFixture.PAGES, info(EngineFixture.PAGES));
        assertFailed(Status.NO_SUCH_PAGE, -1, EngineFixture.PAGES, info(-1));
    }

    @Test
    void lockInfo_ofAFreePageWithALine_tellsTheLine() {
        one.lock(1);
        two.waits(EngineAsks.many(1, LONG, 0, 1));
        assertEquals(new Reply.LockState(Mode.FREE, 0, 1, 0, 0, ""), info(0));
    }

    @Test
    void lockInfo_of02Holder_tellsItsName() {
        EngineClient old = fixture.open02();
        old.lock(0);
        assertEquals(new Reply.LockState(Mode.EXCLUSIVE, 1, 0, 1, 0, "netmem-0.2"), info(0));
    }

    @Test
    void oldClient_inLineWithSharedHolders_waitsForThem() {
        one.call(shared(0, 1, 0));
        EngineClient old = fixture.open02();
        assertEquals(Answer.DEFERRED, old.update02(0, 0, 7));
        assertFailed(Status.LOCKED, 0, 0, two.call(shared(0, 1, 0)));
        one.unlock(0);
        assertEquals(1, fixture.effects().size());
        assertEquals(7, fixture.value(0));
    }
}
