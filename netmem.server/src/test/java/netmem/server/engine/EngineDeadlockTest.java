package netmem.server.engine;

import static netmem.server.engine.EngineAsks.exclusive;
import static netmem.server.engine.EngineAsks.granted;
import static netmem.server.engine.EngineAsks.grantedMany;
import static netmem.server.engine.EngineAsks.many;
import static netmem.server.engine.EngineAsks.shared;
import static netmem.server.engine.EngineAsks.transact;
import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.unlock;
import static netmem.server.engine.EngineFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Reply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests that would wait for one another for ever: who is told, when, and that the others go on. Circles as such are in WaitGraphTest. */
@Timeout(30)
final class EngineDeadlockTest {
    private static final int LONG = 60_000;

    @RegisterExtension
    final EngineFixture fixture = new EngineFixture();

    private final EngineClient one = fixture.open();
    private final EngineClient two = fixture.open();
    private final EngineClient three = fixture.open();

    private static Reply deadlock(long handle) {
        return new Reply.Failed(
                Status.DEADLOCK,
                handle,
                0,
                "handle " + Long.toUnsignedString(handle) + " and others would wait for one another for ever");
    }

    @Test
    void lock_thatClosesACircle_isRefusedAndTheOthersGoOn() {
        one.lock(0);
        two.lock(1);
        long waiting = one.waits(exclusive(1, 1, LONG));
        long id = two.freshId();
        assertEquals(deadlock(1), two.call(id, exclusive(0, 1, LONG)));
        assertEquals(2, fixture.counter("locks-held"), "the owner keeps what it holds");
        assertEquals(1, fixture.counter("waiters"));
        two.unlock(1);
        assertEquals(List.of(one.completed(waiting, exclusive(1, 1, 0), 0, granted(3, 1))), fixture.effects());
        assertEquals(deadlock(1), two.call(id, exclusive(0, 1, LONG)), "recorded like any outcome");
    }

    @Test
    void lock_thatDoesNotWant_toWait_isLockedNotDeadlocked() {
        one.lock(0);
        two.lock(1);
        one.waits(exclusive(1, 1, LONG));
        assertFailed(Status.LOCKED, one.token(0), 0, two.call(exclusive(0, 1, 0)));
    }

    @Test
    void ring_ofThree_isFoundAtItsLastLink() {
        one.lock(0);
        two.lock(1);
        three.lock(2);
        two.waits(exclusive(2, 1, LONG));
        one.waits(exclusive(1, 1, LONG));
        assertEquals(deadlock(1), three.call(exclusive(0, 1, LONG)));
    }

    @Test
    void handles_ofOneSession_areDifferentOwners() {
        one.call(exclusive(0, 1, 0));
        two.call(exclusive(1, 1, 0));
        one.waits(exclusive(1, 2, LONG));
        two.waits(exclusive(0, 2, LONG));
        assertEquals(2, fixture.counter("waiters"), "two threads of each session; the holders may still unlock");
    }

    @Test
    void handles_ofOneSession_canDeadlockWithEachOther() {
        one.call(exclusive(0, 1, 0));
        one.call(exclusive(1, 2, 0));
        one.waits(exclusive(1, 1, LONG));
        assertEquals(deadlock(2), one.call(exclusive(0, 2, LONG)));
    }

    @Test
    void handle_ofAllOnes_isAnOwnerLikeAnyOther() {
        one.call(exclusive(0, -1, 0));
        two.call(exclusive(1, -1, 0));
        one.waits(exclusive(1, -1, LONG));
        assertEquals(deadlock(-1), two.call(exclusive(0, -1, LONG)));
    }

    @Test
    void sharedLocks_inACircle_areFoundOnlyWhereTheyExclude() {
        one.call(shared(0, 1, 0));
        two.call(shared(1, 1, 0));
        one.call(shared(1, 1, LONG));
        two.call(shared(0, 1, LONG));
        assertEquals(4, fixture.counter("locks-held"));
        three.waits(exclusive(0, 1, LONG));
        assertEquals(1, fixture.counter("waiters"), "the holders wait for nothing");
    }

    @Test
    void sharedHolder_behindAnExclusiveWaiterThatWaitsForIt_isDeadlocked() {
        one.call(shared(0, 1, 0));
        two.lock(1);
        three.call(shared(0, 1, 0));
        long exclusive = two.waits(exclusive(0, 1, LONG));
        assertEquals(deadlock(1), one.call(exclusive(1, 1, LONG)));
        one.unlock(0);
        assertEquals(List.of(), fixture.effects());
        three.unlock(0);
        assertEquals(List.of(two.completed(exclusive, exclusive(0, 1, 0), 0, granted(4, 1))), fixture.effects());
    }

    /** Nobody stands behind it in its lines; who waits for it waits for what its owner holds. */
    @Test
    void lockOfSeveral_thatComesToALaterLine_isDeadlockedWithWhoWaitsForItsOwner() {
        two.lock(2);
        three.lock(0);
        one.waits(transact(LONG, EngineAsks.write(1, 7), EngineAsks.write(2, 8)));
        long several = two.waits(many(1, LONG, 0, 1)); // waits for three alone
        assertEquals(List.of(), fixture.effects());
        three.unlock(0);
        assertEquals(List.of(two.completed(several, many(1, LONG, 0, 1), 0, deadlock(1))), fixture.effects());
        two.unlock(2);
        assertEquals(0, fixture.counter("waiters"));
        assertEquals(8, fixture.value(2), "the transaction was done");
    }

    @Test
    void grant_thatClosesACircle_endsTheYoungestInIt() {
        three.lock(0);
        two.lock(1);
        long first = one.waits(exclusive(0, 1, LONG)); // granted below
        long second = one.waits(exclusive(1, 1, LONG)); // the same handle in another line
        long youngest = two.waits(exclusive(0, 1, LONG)); // behind the first
        assertEquals(List.of(), fixture.effects(), "three holds page 0 and waits for nothing");
        fixture.passUnnoticed(5);
        three.unlock(0);
        assertEquals(
                List.of(
                        one.completed(first, exclusive(0, 1, 0), 5, granted(3, 1)),
                        two.completed(youngest, exclusive(0, 1, 0), 5, deadlock(1))),
                fixture.effects());
        assertEquals(deadlock(1), two.call(youngest, exclusive(0, 1, LONG)), "recorded like any outcome");
        two.unlock(1);
        assertEquals(List.of(one.completed(second, exclusive(1, 1, 0), 5, granted(4, 1))), fixture.effects());
    }

    @Test
    void grantOfMany_thatClosesACircle_endsTheYoungestInIt() {
        three.lock(0);
        two.lock(2);
        long both = one.waits(many(1, LONG, 0, 1));
        long more = one.waits(exclusive(2, 1, LONG));
        long youngest = two.waits(many(1, LONG, 0, 3));
        three.unlock(0);
        assertEquals(
                List.of(
                        one.completed(
                                both,
                                many(1, 0, 0, 1),
                                0,
                                grantedMany(new Reply.GrantedMany.Grant(3, 1), new Reply.GrantedMany.Grant(4, 1))),
                        two.completed(youngest, many(1, 0, 0, 3), 0, deadlock(1))),
                fixture.effects());
        assertEquals(Answer.DEFERRED, one.send(more, exclusive(2, 1, LONG)), "it goes on waiting");
    }

    @Test
    void lockMany_ofAllAtOnce_neverDeadlocks() {
        three.lock(1);
        one.waits(many(1, LONG, 0, 1, 2));
        two.waits(many(1, LONG, 1, 2, 3));
        three.waits(many(2, LONG, 0, 3));
        three.unlock(1);
        assertEquals(1, fixture.effects().size());
        assertEquals(2, fixture.counter("waiters"), "whoever holds waits for nothing");
    }

    @Test
    void lockMany_thatClosesACircle_isRefusedAndLeavesAllItsLines() {
        one.lock(0);
        two.lock(1);
        one.waits(exclusive(1, 1, LONG));
        assertEquals(deadlock(1), two.call(many(1, LONG, 0, 2, 3)));
        assertEquals(1, fixture.counter("waiters"));
        three.lock(2);
        three.lock(3);
    }

    @Test
    void transaction_inTheCircle_isNeverTheOneThatIsTold() {
        three.lock(0);
        one.lock(1);
        long transaction = two.waits(transact(LONG, EngineAsks.write(0, 7), EngineAsks.write(1, 8)));
        long behind = one.waits(exclusive(0, 1, LONG));
        three.unlock(0);
        assertEquals(
                List.of(one.completed(behind, exclusive(0, 1, 0), 0, deadlock(1))),
                fixture.effects(),
                "the transaction came to page 1, which the one behind it at page 0 holds");
        one.unlock(1);
        Effect.Completed done = (Effect.Completed) fixture.effects().getFirst();
        assertEquals(transaction, done.requestId());
        assertEquals(Status.OK, done.reply().status());
        assertEquals(8, fixture.value(1));
    }

    @Test
    void locksInRisingOrder_besideJointOnes_areNoCircle() {
        one.lock(0);
        two.waits(transact(LONG, EngineAsks.write(0, 7), EngineAsks.write(1, 8)));
        three.waits(many(1, LONG, 0, 1));
        EngineAsks.token(one.call(exclusive(1, 2, LONG)));
        assertEquals(2, fixture.counter("locks-held"), "whoever holds page 0 has page 1 next, under any handle");
        one.unlock(1);
        one.unlock(0);
        assertEquals(2, fixture.effects().size());
        assertEquals(0, fixture.counter("waiters"));
    }

    @Test
    void writes_behindAndBefore_closeNoCircle() {
        one.lock(0);
        two.lock(1);
        one.waits(write(1, LONG, 1));
        two.waits(write(0, LONG, 2));
        assertEquals(2, fixture.counter("waiters"), "a write holds nothing, and its handle is not known");
    }

    @Test
    void circle_thatATimeoutOpens_isNotReported() {
        one.lock(0);
        two.lock(1);
        one.waits(exclusive(1, 1, 10));
        fixture.pass(10);
        fixture.effects();
        two.waits(exclusive(0, 1, LONG));
        assertEquals(1, fixture.counter("waiters"));
    }

    @Test
    void circle_openedByADroppedRequest_isNotReported() {
        one.lock(0);
        two.lock(1);
        long dropped = one.waits(exclusive(1, 1, LONG));
        int slot = FrameHeader.slot(dropped);
        long newer = FrameHeader.requestId(slot, FrameHeader.sequence(dropped) + 100);
        one.call(newer, unlock(0, one.token(0)));
        two.call(exclusive(0, 1, LONG));
        assertEquals(0, fixture.counter("waiters"));
    }
}
