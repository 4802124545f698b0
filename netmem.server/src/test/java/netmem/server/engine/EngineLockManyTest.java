package netmem.server.engine;

import static netmem.server.engine.EngineAsks.exclusive;
import static netmem.server.engine.EngineAsks.granted;
import static netmem.server.engine.EngineAsks.grantedMany;
import static netmem.server.engine.EngineAsks.many;
import static netmem.server.engine.EngineAsks.shared;
import static netmem.server.engine.EngineAsks.tokens;
import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.PAGES;
import static netmem.server.engine.EngineFixture.unlock;
import static netmem.server.engine.EngineFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import netmem.api.Status;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Reply.GrantedMany.Grant;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** LOCK_MANY: all pages or none, in its turn in each line. Circles are in EngineDeadlockTest. */
@Timeout(30)
final class EngineLockManyTest {
    private static final int LONG = 60_000;

    @RegisterExtension
    final EngineFixture fixture =
            new EngineFixture(Map.of("locks-per-session-max", 4L, "waiters-per-page-max", 2L, "waiters-max", 8L));

    private final EngineClient one = fixture.open();
    private final EngineClient two = fixture.open();
    private final EngineClient three = fixture.open();

    @Test
    void pages_allFree_areGrantedAtOnceInTheirOrder() {
        one.call(write(2, 0, 5));
        Reply reply = two.call(many(1, 0, 0, 2, 7));
        assertEquals(grantedMany(new Grant(1, 1), new Grant(2, 2), new Grant(3, 1)), reply);
        assertEquals(3, fixture.counter("locks-held"));
        assertFailed(Status.LOCKED, 2, 0, one.call(write(2, 0, 6)));
        assertEquals(new Reply.Written(3), two.call(unlock(2, 2, 6)));
        assertEquals(new Reply.Written(1), two.call(unlock(0, 1)));
        assertEquals(1, fixture.counter("locks-held"), "each is given back by itself");
    }

    @Test
    void pages_inMixedModes_areGrantedAsAskedFor() {
        one.call(shared(1, 1, 0));
        Reply reply = two.call(many(1, 0, new Request.LockMany.Want(0, false), new Request.LockMany.Want(1, true)));
        assertEquals(List.of(2L, 3L), tokens(reply));
        assertFailed(Status.LOCKED, 0, 0, three.call(exclusive(1, 1, 0)));
        assertEquals(4, EngineAsks.token(three.call(shared(1, 1, 0))));
        assertFailed(Status.LOCKED, 2, 0, three.call(shared(0, 1, 0)));
    }

    @Test
    void onePage_held_leavesAllFreeAndIsNamed() {
        long token = one.lock(2);
        assertFailed(Status.LOCKED, token, 0, two.call(many(1, 0, 0, 2, 3)));
        assertEquals(1, fixture.counter("locks-held"));
        three.lock(0);
        three.lock(3);
    }

    @Test
    void waiting_holdsNothingButItsPlaces() {
        one.lock(1);
        long waiting = two.waits(many(1, LONG, 0, 1));
        assertEquals(1, fixture.counter("locks-held"));
        assertEquals(new Reply.Data(1, EngineFixture.number(0)), three.call(new Request.Read(0, 0, Ranges.of(0, 4))));
        long behind = three.waits(exclusive(0, 1, LONG));
        one.unlock(1);
        assertEquals(
                List.of(two.completed(waiting, many(1, 0, 0, 1), 0, grantedMany(new Grant(2, 1), new Grant(3, 1)))),
                fixture.effects());
        two.unlock(0);
        assertEquals(List.of(three.completed(behind, exclusive(0, 1, 0), 0, granted(4, 1))), fixture.effects());
    }

    @Test
    void waiting_isServedInItsTurnAmongSingleLocks() {
        one.lock(0);
        one.lock(1);
        long before = two.waits(exclusive(1, 1, LONG));
        long many = three.waits(many(1, LONG, 0, 1));
        one.unlock(0);
        assertEquals(List.of(), fixture.effects(), "first in line of page 0, second in that of page 1");
        one.unlock(1);
        assertEquals(List.of(two.completed(before, exclusive(1, 1, 0), 0, granted(3, 1))), fixture.effects());
        long late = one.waits(exclusive(0, 2, LONG));
        assertEquals(List.of(), fixture.effects(), "page 0 is free, but nobody passes");
        two.unlock(1);
        assertEquals(
                List.of(three.completed(many, many(1, 0, 0, 1), 0, grantedMany(new Grant(4, 1), new Grant(5, 1)))),
                fixture.effects());
        three.unlock(0);
        assertEquals(List.of(one.completed(late, exclusive(0, 2, 0), 0, granted(6, 1))), fixture.effects());
    }

    @Test
    void twoThatOverlap_areServedOneAfterTheOther() {
        one.lock(1);
        long first = two.waits(many(1, LONG, 0, 1));
        long second = three.waits(many(1, LONG, 1, 2));
        one.unlock(1);
        assertEquals(
                List.of(two.completed(first, many(1, 0, 0, 1), 0, grantedMany(new Grant(2, 1), new Grant(3, 1)))),
                fixture.effects());
        two.unlock(1);
        assertEquals(
                List.of(three.completed(second, many(1, 0, 1, 2), 0, grantedMany(new Grant(4, 1), new Grant(5, 1)))),
                fixture.effects());
    }

    @Test
    void waiting_pastItsLimit_leavesAllItsLines() {
        one.lock(1);
        long late = two.waits(many(1, 20, 0, 1, 2));
        long behind = three.waits(exclusive(0, 1, LONG));
        fixture.pass(20);
        Reply timeout = new Reply.Failed(Status.TIMEOUT, 20, 20, "page 0 and 2 more were not free within 20 ms");
        assertEquals(
                List.of(
                        two.completed(late, many(1, 20, 0, 1, 2), 20, timeout),
                        three.completed(behind, exclusive(0, 1, 0), 20, granted(2, 1))),
                fixture.effects());
        one.unlock(1);
        assertEquals(List.of(), fixture.effects(), "never granted later");
    }

    @Test
    void sessionOfTheFirst_over_letsTheNextHaveAll() {
        EngineClient mortal = fixture.open(1000);
        one.lock(1);
        mortal.waits(many(1, LONG, 0, 1));
        long next = two.waits(many(1, LONG, 0, 1));
        fixture.passUnnoticed(1000);
        one.unlock(1);
        assertEquals(
                two.completed(next, many(1, 0, 0, 1), 1000, grantedMany(new Grant(2, 1), new Grant(3, 1))),
                fixture.effects().getLast());
        assertEquals(1, fixture.counter("sessions-expired"), "a grant is made to a live session only");
    }

    @Test
    void page_heldOrWaitedForByThisHandle_isAlreadyLocked() {
        one.lock(1);
        two.lock(3);
        one.waits(exclusive(3, 1, LONG));
        assertFailed(Status.ALREADY_LOCKED, 1, 0, one.call(many(1, LONG, 0, 1)));
        assertFailed(Status.ALREADY_LOCKED, 1, 0, one.call(many(1, LONG, 0, 3)));
        assertFailed(Status.ALREADY_LOCKED, 1, 0, one.call(exclusive(3, 1, LONG)));
        one.call(many(2, 0, 0, 2));
    }

    @Test
    void page_thatIsNotThere_isRefusedBeforeAnythingIsTaken() {
        assertFailed(Status.NO_SUCH_PAGE, PAGES, PAGES, one.call(many(1, 0, 0, PAGES)));
        assertFailed(Status.NO_SUCH_PAGE, -1, PAGES, one.call(many(1, 0, 0, -1)));
        assertEquals(0, fixture.counter("locks-held"));
    }

    @Test
    void locks_beyondTheSessionsLimit_areBusyAllTogether() {
        assertFailed(Status.BUSY, 5, 4, one.call(many(1, 0, 0, 1, 2, 3, 4)));
        one.lock(0);
        two.lock(1);
        one.waits(many(1, LONG, 1, 2));
        assertFailed(Status.BUSY, 5, 4, one.call(many(1, 0, 3, 4)));
        assertEquals(2, fixture.counter("locks-held"));
        one.call(exclusive(3, 1, 0));
        assertFailed(Status.BUSY, 5, 4, one.call(exclusive(4, 1, 0)));
    }

    @Test
    void line_fullAtOnePage_isBusyAndNoLineIsJoined() {
        one.lock(1);
        two.waits(exclusive(1, 1, LONG));
        two.waits(exclusive(1, 2, LONG));
        assertFailed(Status.BUSY, 2, 2, three.call(many(1, LONG, 0, 1)));
        three.lock(0);
    }

    @Test
    void grants_repeated_areTheSame() {
        long id = one.freshId();
        Reply first = one.call(id, many(1, 0, 0, 1));
        one.unlock(0);
        assertEquals(first, one.call(id, many(1, 0, 0, 1)));
        assertEquals(1, fixture.counter("locks-held"));
    }

    @Test
    void waiting_repeated_waitsOnce() {
        one.lock(1);
        long id = two.waits(many(1, LONG, 0, 1));
        assertEquals(Answer.DEFERRED, two.send(id, many(1, LONG, 0, 1)));
        assertEquals(1, fixture.counter("waiters"));
        two.disconnect();
        one.unlock(1);
        assertEquals(List.of(), fixture.effects(), "granted to a live session without a connection");
        two.resume();
        assertEquals(grantedMany(new Grant(2, 1), new Grant(3, 1)), two.call(id, many(1, LONG, 0, 1)));
    }
}
