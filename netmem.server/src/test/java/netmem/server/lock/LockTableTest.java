package netmem.server.lock;

import static netmem.server.lock.Claim.Mode.EXCLUSIVE;
import static netmem.server.lock.Claim.Mode.SHARED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who holds and who is next, page by page and over several pages. Circles are in WaitGraphTest. */
@Timeout(30)
final class LockTableTest {
    private static final Owner ONE = new Owner(1, 1);
    private static final Owner TWO = new Owner(2, 1);

    private final LockTable<Claiming> locks = new LockTable<>();
    private long arrivals;

    private Claiming enqueue(Claim... claims) {
        Claiming claiming = new Claiming("c" + ++arrivals, ONE, arrivals, List.of(claims));
        locks.enqueue(claiming);
        return claiming;
    }

    private static Claim exclusive(long page) {
        return new Claim(page, EXCLUSIVE);
    }

    private static Claim shared(long page) {
        return new Claim(page, SHARED);
    }

    @Test
    void grant_freePages_risingTokens() {
        assertEquals(new Holder(ONE, 5, EXCLUSIVE, 1, 77), locks.grant(5, ONE, EXCLUSIVE, 77));
        assertEquals(2, locks.grant(Long.MAX_VALUE, ONE, SHARED, 78).token());
        locks.release(5, 1);
        Holder third = locks.grant(5, TWO, EXCLUSIVE, 79);
        assertEquals(3, third.token());
        assertEquals(2, locks.held());
        assertEquals(third, locks.holder(5, 3));
        assertEquals(third, locks.exclusive(5));
        assertNull(locks.holder(5, 1));
        assertNull(locks.exclusive(Long.MAX_VALUE), "held, but not exclusively");
    }

    @Test
    void freePage_asked_hasNothing() {
        assertEquals(List.of(), List.copyOf(locks.holders(5)));
        assertEquals(List.of(), List.copyOf(locks.waiters(5)));
        assertNull(locks.holder(5, 1));
        assertNull(locks.exclusive(5));
        assertNull(locks.next());
        assertEquals(0, locks.held());
        assertTrue(locks.isOpen(List.of(exclusive(5), shared(6))));
        locks.withdraw(new Claiming("nobody", ONE, 1, List.of(exclusive(5))));
        assertEquals(0, locks.waiting());
    }

    @Test
    void grant_notAdmitted_isAProgrammersError() {
        locks.grant(5, ONE, EXCLUSIVE, 0);
        assertThrows(IllegalStateException.class, () -> locks.grant(5, ONE, EXCLUSIVE, 0));
        assertThrows(IllegalStateException.class, () -> locks.grant(5, TWO, SHARED, 0));
        locks.grant(6, ONE, SHARED, 0);
        locks.grant(6, TWO, SHARED, 0);
        assertThrows(IllegalStateException.class, () -> locks.grant(6, TWO, EXCLUSIVE, 0));
        assertEquals(3, locks.held());
    }

    @Test
    void release_otherToken_isAProgrammersError() {
        assertThrows(IllegalStateException.class, () -> locks.release(5, 1));
        locks.grant(5, ONE, EXCLUSIVE, 0);
        assertThrows(IllegalStateException.class, () -> locks.release(5, 2));
        assertThrows(IllegalStateException.class, () -> locks.release(6, 1));
        locks.release(5, 1);
        assertThrows(IllegalStateException.class, () -> locks.release(5, 1));
        assertEquals(0, locks.held());
    }

    @Test
    void isOpen_heldOrWaitedFor_isNot() {
        locks.grant(5, ONE, SHARED, 0);
        assertTrue(locks.isOpen(List.of(shared(5))));
        assertFalse(locks.isOpen(List.of(exclusive(5))));
        assertFalse(locks.isOpen(List.of(exclusive(4), exclusive(5))), "all or none");
        enqueue(exclusive(5));
        assertFalse(locks.isOpen(List.of(shared(5))), "no barging past the one that waits");
    }

    @Test
    void next_heldPage_isNobody() {
        locks.grant(5, ONE, EXCLUSIVE, 0);
        enqueue(exclusive(5));
        assertNull(locks.next());
        assertEquals(1, locks.waiting());
    }

    @Test
    void next_released_isInOrderOfArrival() {
        locks.grant(5, ONE, EXCLUSIVE, 0);
        Claiming a = enqueue(exclusive(5));
        Claiming b = enqueue(exclusive(5));
        Claiming c = enqueue(exclusive(5));
        Claiming d = enqueue(exclusive(5));
        locks.withdraw(c);
        assertNull(locks.next());
        locks.release(5, 1);
        assertEquals(a, locks.next());
        assertEquals(b, locks.next(), "still free, so the next one is served");
        locks.grant(5, TWO, EXCLUSIVE, 0);
        assertNull(locks.next());
        assertEquals(List.of(d), List.copyOf(locks.waiters(5)));
        locks.release(5, 2);
        assertEquals(d, locks.next());
        assertNull(locks.next());
        assertEquals(0, locks.waiting());
    }

    @Test
    void next_sharedBehindOneAnother_areServedTogetherUpToTheExclusive() {
        locks.grant(5, ONE, EXCLUSIVE, 0);
        Claiming a = enqueue(shared(5));
        Claiming b = enqueue(shared(5));
        Claiming c = enqueue(exclusive(5));
        Claiming d = enqueue(shared(5));
        locks.release(5, 1);
        assertEquals(a, locks.next());
        locks.grant(5, ONE, SHARED, 0);
        assertEquals(b, locks.next());
        locks.grant(5, TWO, SHARED, 0);
        assertNull(locks.next(), "the exclusive one waits for both, the last shared one for the exclusive one");
        locks.release(5, 2);
        assertNull(locks.next());
        locks.release(5, 3);
        assertEquals(c, locks.next());
        locks.grant(5, ONE, EXCLUSIVE, 0);
        locks.release(5, 4);
        assertEquals(d, locks.next());
    }

    @Test
    void next_severalPages_waitsForAllAndHoldsNone() {
        locks.grant(5, ONE, EXCLUSIVE, 0);
        locks.grant(6, ONE, EXCLUSIVE, 0);
        Claiming both = enqueue(exclusive(4), exclusive(5), exclusive(6));
        Claiming behind = enqueue(exclusive(4));
        locks.release(5, 1);
        assertNull(locks.next());
        assertEquals(List.of(), List.copyOf(locks.holders(5)), "nothing is held on the way");
        assertFalse(locks.isOpen(List.of(exclusive(5))), "but nobody passes either");
        locks.release(6, 2);
        assertEquals(both, locks.next());
        locks.grant(4, TWO, EXCLUSIVE, 0);
        assertNull(locks.next());
        locks.release(4, 3);
        assertEquals(behind, locks.next());
        assertEquals(0, locks.waiting());
    }

    @Test
    void withdraw_firstInLine_letsTheNextMove() {
        locks.grant(5, ONE, SHARED, 0);
        locks.grant(6, ONE, EXCLUSIVE, 0);
        Claiming exclusive = enqueue(exclusive(4), exclusive(5), exclusive(6));
        Claiming shared = enqueue(shared(5));
        Claiming other = enqueue(exclusive(4));
        assertNull(locks.next());
        locks.withdraw(exclusive);
        assertEquals(List.of(other, shared), List.of(serve(TWO, EXCLUSIVE), serve(TWO, SHARED)));
        locks.withdraw(exclusive);
        assertEquals(0, locks.waiting());
    }

    private Claiming serve(Owner owner, Claim.Mode mode) {
        Claiming next = locks.next();
        if (next == null) {
            throw new AssertionError("nobody is next");
        }
        next.claims().forEach(claim -> locks.grant(claim.page(), owner, mode, 0));
        return next;
    }

    @Test
    void waiting_severalPages_countsTheClaimantOnce() {
        locks.grant(5, ONE, EXCLUSIVE, 0);
        locks.grant(6, ONE, EXCLUSIVE, 0);
        Claiming both = enqueue(exclusive(5), exclusive(6));
        Claiming single = enqueue(exclusive(6));
        assertEquals(List.of(both), List.copyOf(locks.waiters(5)));
        assertEquals(List.of(single), List.copyOf(locks.waiters(6)), "it comes to page 6 once page 5 is free for it");
        assertEquals(2, locks.waiting());
        locks.release(5, 1);
        assertNull(locks.next());
        assertEquals(List.of(single, both), List.copyOf(locks.waiters(6)));
        assertEquals(List.of(both), List.copyOf(locks.waiters(5)), "nobody passes it at page 5");
        assertEquals(2, locks.waiting());
    }

    @Test
    void next_severalPages_letsTheHolderOfTheFirstHaveTheSecond() {
        locks.grant(1, ONE, EXCLUSIVE, 0);
        Claiming both = enqueue(exclusive(1), exclusive(2));
        assertTrue(locks.isOpen(List.of(exclusive(2))), "it does not stand in the way of who holds page 1");
        locks.grant(2, ONE, EXCLUSIVE, 0);
        locks.release(2, 2);
        locks.release(1, 1);
        assertEquals(both, locks.next());
    }
}
