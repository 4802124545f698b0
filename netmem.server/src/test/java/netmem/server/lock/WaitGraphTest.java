package netmem.server.lock;

import static netmem.server.lock.Claim.Mode.EXCLUSIVE;
import static netmem.server.lock.Claim.Mode.SHARED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Circles of waiting: found when they are there, not when they only look so; owners A, B, ... and pages 1, 2, ... */
@Timeout(30)
final class WaitGraphTest {
    private static final Owner A = new Owner(1, 1);
    private static final Owner B = new Owner(2, 1);
    private static final Owner C = new Owner(3, 1);

    private final LockTable<Claiming> locks = new LockTable<>();
    private final List<Claiming> all = new ArrayList<>();

    private Claiming waits(Owner owner, Claim.Mode mode, long... pages) {
        List<Claim> claims = new ArrayList<>();
        for (long page : pages) {
            claims.add(new Claim(page, mode));
        }
        Claiming claiming = new Claiming("c" + all.size(), owner, all.size() + 1, claims);
        locks.enqueue(claiming);
        all.add(claiming);
        return claiming;
    }

    private void holds(Owner owner, Claim.Mode mode, long page) {
        locks.grant(page, owner, mode, 0);
    }

    /** The youngest of the circle that this one is in; null when it is in none. */
    private @Nullable Claiming youngest(Claiming start) {
        List<Claiming> circles = new WaitGraph<>(
                        locks,
                        owner -> all.stream()
                                .filter(one -> one.owner().equals(owner))
                                .toList())
                .inCircles(List.of(start), List.of());
        return circles.contains(start)
                ? circles.stream()
                        .max(Comparator.comparingLong(Claiming::number))
                        .orElse(null)
                : null;
    }

    @Test
    void twoOwners_eachHoldsWhatTheOtherWantsNext_areACircle() {
        holds(A, EXCLUSIVE, 1);
        holds(B, EXCLUSIVE, 2);
        Claiming a = waits(A, EXCLUSIVE, 2);
        assertNull(youngest(a));
        Claiming b = waits(B, EXCLUSIVE, 1);
        assertEquals(b, youngest(a));
        assertEquals(b, youngest(b));
    }

    @Test
    void threeOwners_inARing_areACircleWhoeverAsks() {
        holds(A, EXCLUSIVE, 1);
        holds(B, EXCLUSIVE, 2);
        holds(C, SHARED, 3);
        List<Claiming> ring = List.of(waits(B, EXCLUSIVE, 3), waits(A, EXCLUSIVE, 2), waits(C, SHARED, 1));
        ring.forEach(one -> assertEquals(ring.get(2), youngest(one)));
    }

    @Test
    void otherHandleOfASession_isAnotherOwner() {
        holds(A, EXCLUSIVE, 1);
        holds(B, EXCLUSIVE, 2);
        waits(A, EXCLUSIVE, 2);
        assertNull(youngest(waits(new Owner(B.session(), 2), EXCLUSIVE, 1)));
    }

    @Test
    void sharedHolders_besideOneAnother_doNotWait() {
        holds(A, SHARED, 1);
        holds(B, SHARED, 2);
        Claiming a = waits(A, SHARED, 2);
        assertNull(youngest(waits(B, SHARED, 1)));
        assertNull(youngest(a));
    }

    @Test
    void sharedBehindExclusive_waitsForIt() {
        holds(A, SHARED, 1);
        holds(C, EXCLUSIVE, 2);
        Claiming exclusive = waits(B, EXCLUSIVE, 1);
        Claiming shared = waits(C, SHARED, 1);
        assertNull(youngest(shared), "C waits for B, who waits for A, who waits for nothing");
        Claiming a = waits(A, EXCLUSIVE, 2);
        assertEquals(a, youngest(a), "A waits for C, C for B, B for A");
        assertNull(youngest(exclusive), "its owner holds nothing, so that nobody waits for what it wants");
    }

    @Test
    void requestOfNobody_inBetween_closesTheCircle() {
        holds(B, EXCLUSIVE, 1);
        holds(A, EXCLUSIVE, 2);
        Claiming before = waits(C, EXCLUSIVE, 0, 1);
        Claiming transaction = waits(Owner.NOBODY, EXCLUSIVE, 0, 2);
        assertNull(youngest(transaction), "it waits at page 0");
        locks.withdraw(before);
        assertNull(locks.next());
        Claiming behind = waits(A, EXCLUSIVE, 0);
        assertEquals(
                behind, youngest(behind), "A stands behind the transaction, which has come to page 2 and waits for A");
        assertEquals(behind, youngest(transaction));
    }

    @Test
    void requestsOfNobody_neverWaitForOneAnotherInACircle() {
        holds(A, EXCLUSIVE, 1);
        List<Claiming> line = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            line.add(waits(Owner.NOBODY, EXCLUSIVE, i % 3 + 1, i % 3 + 2));
        }
        line.forEach(one -> assertNull(youngest(one)));
    }

    @Test
    void ownerInTwoLines_isInTheCircleOfEither() {
        holds(A, EXCLUSIVE, 1);
        holds(B, EXCLUSIVE, 2);
        Claiming harmless = waits(B, EXCLUSIVE, 3, 2000);
        Claiming b = waits(B, EXCLUSIVE, 1);
        Claiming a = waits(A, EXCLUSIVE, 2);
        assertEquals(a, youngest(b));
        assertNull(youngest(harmless), "nobody waits for it but by way of its owner, and it waits for nobody");
    }

    @Test
    void claimant_thatOnlyStandsBeforeOneInACircle_isNotInIt() {
        holds(A, EXCLUSIVE, 1);
        holds(B, EXCLUSIVE, 2);
        holds(C, EXCLUSIVE, 3);
        Claiming a = waits(A, EXCLUSIVE, 2);
        Claiming c = waits(C, EXCLUSIVE, 1);
        Claiming b = waits(B, EXCLUSIVE, 1, 3);
        List.of(a, b).forEach(one -> assertEquals(b, youngest(one)));
        assertNull(youngest(c), "without it the circle would still be there");
        locks.withdraw(b);
        all.remove(b);
        List.of(a, c).forEach(one -> assertNull(youngest(one)));
    }

    @Test
    void blockedByACircle_butNotInIt_isNoVictim() {
        holds(A, EXCLUSIVE, 1);
        holds(B, EXCLUSIVE, 2);
        Claiming a = waits(A, EXCLUSIVE, 2);
        Claiming b = waits(B, EXCLUSIVE, 1);
        Claiming outside = waits(C, EXCLUSIVE, 1);
        assertNull(youngest(outside), "it waits for a circle, but nobody waits for it");
        assertEquals(b, youngest(a));
    }

    @Test
    void longLines_ofTwoPages_areSearchedInNoTime() {
        holds(A, EXCLUSIVE, 1);
        holds(B, EXCLUSIVE, 2);
        for (int i = 0; i < 20_000; i++) {
            waits(new Owner(100 + i, 1), EXCLUSIVE, 1, 2);
        }
        waits(B, EXCLUSIVE, 1);
        Claiming a = waits(A, EXCLUSIVE, 2);
        assertEquals(a, youngest(a));
    }
}
