package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.FutureTask;
import netmem.api.LockState;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shared locks, owners, groups and questions about locks, against the real server. */
@Timeout(60)
class LocksTest {
    private NetMemServer server;
    private NetMem mem;
    private NetMem other;

    @BeforeEach
    void start() {
        server = NetMemServer.builder()
                .pages(16)
                .pageLengthBytes(64)
                .listen("127.0.0.1", 0)
                .start();
        mem = NetMem.builder(server.uri()).name("one").connect();
        other = NetMem.builder(server.uri()).name("two").connect();
    }

    @AfterEach
    void stop() {
        mem.close();
        other.close();
        server.close();
    }

    private void awaitWaiters(long count) {
        while (!Long.valueOf(count).equals(mem.stats().get("waiters"))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void lockShared_letsOthersShare_andKeepsWritersOut() {
        try (PageLock first = mem.lockShared(1);
                PageLock second = other.lockShared(1)) {
            assertTrue(first.isShared() && first.isHeld() && second.isHeld());
            assertThrows(ReadOnlyBufferException.class, () -> first.buffer().put(0, (byte) 1));
            assertTrue(mem.tryLock(1, Duration.ZERO).isEmpty());
            LockState state = mem.lockInfo(1);
            assertEquals(LockState.Mode.SHARED, state.mode());
            assertEquals(2, state.holders());
            assertEquals(1, first.commit());
            assertFalse(first.isHeld());
        }
        assertEquals(LockState.Mode.FREE, mem.lockInfo(1).mode());
    }

    @Test
    void tryLockShared_onAnExclusivePage_isEmpty() {
        try (PageLock lock = other.lock(1)) {
            assertTrue(mem.tryLockShared(1, Duration.ofMillis(10)).isEmpty());
            assertFalse(lock.isShared());
        }
        assertTrue(mem.tryLockShared(1, Duration.ZERO).isPresent());
    }

    @Test
    void lockInfo_namesTheHolderAndCountsTheLine() throws Exception {
        PageLock lock = other.lock(2);
        FutureTask<Long> waiting = FakeServer.start(() -> {
            try (PageLock mine = mem.lock(2)) {
                return mine.token();
            }
        });
        awaitWaiters(1);
        LockState state = mem.lockInfo(2);
        assertEquals(LockState.Mode.EXCLUSIVE, state.mode());
        assertEquals("two", state.holderName());
        assertEquals(lock.token(), state.token());
        assertEquals(1, state.waiters());
        lock.close();
        assertTrue(Long.compareUnsigned(FakeServer.join(waiting), state.token()) > 0);
    }

    @Test
    void owner_inACircle_getsDeadlockWithoutEffect() throws Exception {
        Locks left = mem.owner();
        Locks right = other.owner();
        PageLock one = left.lock(1);
        PageLock two = right.lock(2);
        FutureTask<PageLock> waiting = FakeServer.start(() -> left.lock(2));
        awaitWaiters(1);
        NetMemException.Deadlocked deadlocked = assertThrows(NetMemException.Deadlocked.class, () -> right.lock(1));
        assertEquals(Outcome.NO_EFFECT, deadlocked.outcome());
        assertEquals(Status.DEADLOCK, deadlocked.status());
        assertTrue(two.isHeld());
        two.close();
        FakeServer.join(waiting).close();
        one.close();
    }

    @Test
    void owner_thatHoldsThePage_isRefused() {
        Locks owner = mem.owner();
        try (PageLock lock = owner.lock(1)) {
            NetMemException.Refused refused = assertThrows(NetMemException.Refused.class, () -> owner.lock(1));
            assertEquals(Status.ALREADY_LOCKED, refused.status());
            assertTrue(lock.isHeld());
        }
    }

    @Test
    void lockAll_publishesAllChangesAndReleasesAllLocks() {
        mem.write(3, 0, new byte[] {5});
        try (LockGroup group = mem.lockAll(7, 3, 5)) {
            assertEquals(2, group.version(3));
            assertEquals(5, group.buffer(3).get(0));
            assertTrue(Long.compareUnsigned(group.token(7), 0) > 0);
            group.buffer(3).put(0, (byte) 6);
            group.buffer(7).put(0, (byte) 7);
            assertTrue(group.isHeld());
            assertEquals(0, other.read(7).buffer().get(0));
            assertEquals(Map.of(3L, 3L, 7L, 2L), group.commit());
            assertFalse(group.isHeld());
            assertThrows(IllegalStateException.class, group::commit);
            assertThrows(IllegalArgumentException.class, () -> group.buffer(4));
        }
        assertEquals(6, other.read(3).buffer().get(0));
        assertEquals(7, mem.update(7, page -> {}).buffer().get(0));
        assertEquals(1, other.version(5));
        assertEquals(LockState.Mode.FREE, other.lockInfo(5).mode());
    }

    @Test
    void lockAll_withoutCommit_discardsChanges() {
        try (LockGroup group = mem.lockAll(1, 2)) {
            group.buffer(1).put(0, (byte) 1);
        }
        assertEquals(1, mem.version(1));
        assertTrue(other.tryLock(1, Duration.ZERO).isPresent());
    }

    @Test
    void lockAll_whileOneIsHeld_takesNone_andIsLate() {
        try (PageLock lock = other.lock(2)) {
            NetMem hasty = mem.within(Duration.ofMillis(20));
            assertThrows(NetMemException.DeadlinePassed.class, () -> hasty.lockAll(1, 2, 3));
            assertEquals(LockState.Mode.FREE, mem.lockInfo(1).mode());
            assertTrue(lock.isHeld());
        }
    }

    @Test
    void lockAll_ofNothingOrOfAPageTwice_isRefused() {
        assertThrows(IllegalArgumentException.class, mem::lockAll);
        assertThrows(IllegalArgumentException.class, () -> mem.lockAll(1, 1));
    }

    @Test
    void lockAll_ofWaitersInAnyOrder_neverDeadlocks() throws Exception {
        int rounds = 30;
        FutureTask<Void> up = FakeServer.start(() -> add(mem, rounds, 1, 2, 3));
        FutureTask<Void> down = FakeServer.start(() -> add(other, rounds, 3, 1));
        FakeServer.join(up);
        FakeServer.join(down);
        assertEquals(2 * rounds, mem.read(1).buffer().getInt(0));
        assertEquals(rounds, mem.read(2).buffer().getInt(0));
    }

    private static Void add(NetMem client, int rounds, long... pages) {
        for (int round = 0; round < rounds; round++) {
            try (LockGroup group = client.within(Duration.ofSeconds(20)).lockAll(pages)) {
                for (long page : pages) {
                    group.buffer(page).putInt(0, group.buffer(page).getInt(0) + 1);
                }
                group.commit();
            }
        }
        return null;
    }
}
