package netmem.server.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LockTableTest {
    private static final Owner ONE = new Owner(1, 1);
    private static final Owner TWO = new Owner(2, 1);

    private final LockTable<String> locks = new LockTable<>();

    @Test
    void grant_freePages_risingTokens() {
        assertEquals(new Holder(ONE, 1, 77), locks.grant(5, ONE, 77));
        assertEquals(2, locks.grant(Long.MAX_VALUE, ONE, 78).token());
        locks.release(5, 1);
        locks.next(5);
        assertEquals(3, locks.grant(5, TWO, 79).token());
        assertEquals(2, locks.held());
        assertEquals(3, locks.token(5));
        assertEquals(new Holder(TWO, 3, 79), locks.holder(5));
    }

    @Test
    void freePage_asked_hasNothing() {
        assertNull(locks.holder(5));
        assertNull(locks.next(5));
        assertEquals(0, locks.token(5));
        assertEquals(0, locks.waiting(5));
        assertEquals(0, locks.held());
        locks.withdraw(5, "nobody");
        assertEquals(0, locks.waiting());
    }

    @Test
    void grant_heldPage_isAProgrammersError() {
        locks.grant(5, ONE, 0);
        assertThrows(IllegalStateException.class, () -> locks.grant(5, ONE, 0));
        assertThrows(IllegalStateException.class, () -> locks.grant(5, TWO, 0));
        assertEquals(1, locks.token(5));
    }

    @Test
    void enqueue_freePageOrTwice_isAProgrammersError() {
        assertThrows(IllegalStateException.class, () -> locks.enqueue(5, "a"));
        locks.grant(5, ONE, 0);
        locks.enqueue(5, "a");
        assertThrows(IllegalStateException.class, () -> locks.enqueue(5, "a"));
        assertEquals(1, locks.waiting());
    }

    @Test
    void release_otherToken_isAProgrammersError() {
        assertThrows(IllegalStateException.class, () -> locks.release(5, 1));
        locks.grant(5, ONE, 0);
        assertThrows(IllegalStateException.class, () -> locks.release(5, 2));
        locks.release(5, 1);
        assertThrows(IllegalStateException.class, () -> locks.release(5, 1));
    }

    @Test
    void next_heldPage_isNobody() {
        locks.grant(5, ONE, 0);
        locks.enqueue(5, "a");
        assertNull(locks.next(5));
        assertEquals(1, locks.waiting(5));
    }

    @Test
    void next_released_isInOrderOfArrival() {
        locks.grant(5, ONE, 0);
        for (String waiter : new String[] {"a", "b", "c", "d"}) {
            locks.enqueue(5, waiter);
        }
        locks.withdraw(5, "c");
        locks.release(5, 1);
        assertEquals("a", locks.next(5));
        assertEquals("b", locks.next(5), "still free, so the next one is served");
        locks.grant(5, TWO, 0);
        assertNull(locks.next(5));
        assertEquals(1, locks.waiting(5));
        locks.release(5, 2);
        assertEquals("d", locks.next(5));
        assertNull(locks.next(5));
        assertEquals(0, locks.held(), "a page that is free and has no line takes no memory");
    }

    @Test
    void withdraw_ofAnotherPage_changesNothing() {
        locks.grant(5, ONE, 0);
        locks.grant(6, ONE, 0);
        locks.enqueue(5, "a");
        locks.withdraw(6, "a");
        locks.withdraw(5, "b");
        assertEquals(1, locks.waiting());
        locks.withdraw(5, "a");
        locks.withdraw(5, "a");
        assertEquals(0, locks.waiting());
    }

    @Test
    void waiting_twoPages_isCountedTogetherAndApart() {
        locks.grant(5, ONE, 0);
        locks.grant(6, ONE, 0);
        locks.enqueue(5, "a");
        locks.enqueue(6, "a");
        locks.enqueue(6, "b");
        assertEquals(1, locks.waiting(5));
        assertEquals(2, locks.waiting(6));
        assertEquals(3, locks.waiting());
    }
}
