package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import netmem.api.NetMemException;
import netmem.api.Versioned;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.NetMemServer;
import netmem.server.NetMemServerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a client declares its locks lost. */
@Timeout(60)
class LeaseTest {
    private static final int LEASE_MILLIS = 1000;

    private static Reply.Welcome welcome(boolean resumed, long session) {
        return FakeServer.welcome(
                resumed, new SessionId(3, session), FakeServer.INCARNATION, LEASE_MILLIS, FakeServer.SLOTS);
    }

    private static PageLock locked(FakeServer.Pair pair) throws Exception {
        FutureTask<PageLock> locking = FakeServer.start(() -> pair.mem().lock(1));
        FakeServer.Frame frame = pair.peer().nextCall();
        assertTrue(frame.request() instanceof Request.Lock);
        pair.peer().reply(new Reply.Granted(9, 4, Reply.Granted.Content.FULL, FakeServer.page(1)), frame);
        return FakeServer.join(locking);
    }

    @Test
    void left_isCountedFromTheNewestProof_lessOnePercent() {
        Lease lease = new Lease(1000, 50);
        assertEquals(990, lease.leftNanos(50));
        lease.heard(150);
        lease.heard(100);
        assertEquals(1, lease.leftNanos(1139));
        assertEquals(0, lease.leftNanos(1140));
        lease.end();
        assertEquals(0, lease.leftNanos(150));
        assertTrue(lease.isOver());
    }

    @Test
    void onLost_whenTheServerFallsSilent_runsOnceWithinTheLease() throws Exception {
        try (FakeServer server = new FakeServer();
                NetMem mem = connected(server)) {
            assertTrue(mem.pageCount() > 0);
        }
    }

    /** The client of a silent server, after its lock was lost. */
    private static NetMem connected(FakeServer server) throws Exception {
        FakeServer.Pair pair = server.connect(builder -> builder, welcome(false, 4));
        long start = System.nanoTime();
        PageLock lock = locked(pair);
        CountDownLatch lost = new CountDownLatch(1);
        lock.onLost(() -> {
            assertFalse(Thread.currentThread().isVirtual());
            lost.countDown();
        });
        assertTrue(lock.isHeld());
        assertTrue(lost.await(20, TimeUnit.SECONDS));
        assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(LEASE_MILLIS / 100 * 99) / 2);
        assertFalse(lock.isHeld());
        pair.peer().reset();
        return pair.mem();
    }

    @Test
    void isHeld_whileHeartbeatsAreAnswered_staysTrueBeyondTheLease() throws Exception {
        try (FakeServer server = new FakeServer()) {
            FakeServer.Pair pair = server.connect(builder -> builder, welcome(false, 4));
            try (NetMem mem = pair.mem();
                    FakeServer.Peer peer = pair.peer()) {
                PageLock lock = locked(pair);
                AtomicInteger lost = new AtomicInteger();
                lock.onLost(lost::incrementAndGet);
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * LEASE_MILLIS);
                while (System.nanoTime() - end < 0) {
                    FakeServer.Frame frame = peer.next();
                    peer.reply(new Reply.Done(), frame);
                }
                FutureTask<Long> committing = FakeServer.start(lock::commit);
                FakeServer.Frame unlock = peer.nextCall();
                peer.reply(new Reply.Written(4), unlock);
                assertEquals(4, FakeServer.join(committing));
                assertEquals(0, lost.get());
                assertEquals(16, mem.pageCount());
                peer.reset();
            }
        }
    }

    /** Its server was stopped, or heard the client all the time: the program has let go of the lock, the server has not. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lock_saidToBeLost_whenTheSessionGoesOn_staysLostAndIsGivenBack(boolean byIsHeld) throws Exception {
        try (FakeServer server = new FakeServer()) {
            FakeServer.Pair pair = server.connect(builder -> builder, welcome(false, 4));
            try (NetMem mem = pair.mem()) {
                PageLock lock = locked(pair);
                CountDownLatch lost = new CountDownLatch(1);
                if (byIsHeld) {
                    awaitFalse(lock);
                } else {
                    lock.onLost(lost::countDown);
                    assertTrue(lost.await(20, TimeUnit.SECONDS));
                }
                try (FakeServer.Peer again = server.accept()) {
                    again.greet(welcome(true, 4));
                    FakeServer.Frame frame = again.nextCall();
                    Request.Unlock unlock = (Request.Unlock) frame.request();
                    assertEquals(1, unlock.page());
                    assertEquals(9, unlock.token());
                    again.reply(new Reply.Written(4), frame);
                    FutureTask<List<Versioned>> asking = FakeServer.start(mem::readSnapshot); // asks for a sign of life
                    again.reply(new Reply.Done(), again.next());
                    assertEquals(List.of(), FakeServer.join(asking));
                    assertFalse(lock.isHeld());
                    assertThrows(NetMemException.LockLost.class, lock::commit);
                    CountDownLatch late = new CountDownLatch(1);
                    lock.onLost(late::countDown);
                    assertTrue(late.await(20, TimeUnit.SECONDS));
                    again.reset();
                }
            }
        }
    }

    private static void awaitFalse(PageLock lock) {
        while (lock.isHeld()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Test
    void commit_afterTheSessionWasReplaced_failsAtOnce_andOnLostHasRun() throws Exception {
        try (FakeServer server = new FakeServer()) {
            FakeServer.Pair pair = server.connect(builder -> builder, welcome(false, 4));
            try (NetMem mem = pair.mem()) {
                PageLock lock = locked(pair);
                CountDownLatch lost = new CountDownLatch(1);
                lock.onLost(lost::countDown);
                pair.peer().reset();
                try (FakeServer.Peer again = server.accept()) {
                    again.greet(welcome(false, 5));
                    assertTrue(lost.await(20, TimeUnit.SECONDS));
                    assertFalse(lock.isHeld());
                    assertThrows(NetMemException.LockLost.class, lock::commit);
                    assertEquals(16, mem.pageCount());
                    again.reset();
                }
            }
        }
    }

    @Test
    void onLost_whileAllCarriersAreBusy_runsWithinTheLease() throws Exception {
        try (FakeServer server = new FakeServer()) {
            FakeServer.Pair pair = server.connect(builder -> builder, welcome(false, 4));
            try (NetMem mem = pair.mem();
                    FakeServer.Peer peer = pair.peer()) {
                PageLock lock = locked(pair);
                long start = System.nanoTime();
                AtomicLong ran = new AtomicLong();
                CountDownLatch lost = new CountDownLatch(1);
                AtomicBoolean busy = BusyCarriers.start();
                lock.onLost(() -> {
                    ran.set(System.nanoTime());
                    lost.countDown();
                });
                try {
                    assertTrue(lost.await(20, TimeUnit.SECONDS));
                } finally {
                    busy.set(false);
                }
                long elapsed = TimeUnit.NANOSECONDS.toMillis(ran.get() - start);
                assertTrue(elapsed < LEASE_MILLIS, "the server may have given it to others after " + elapsed + " ms");
                assertEquals(16, mem.pageCount());
                peer.reset();
            }
        }
    }

    @Test
    void onLost_ofLocksThatWereGivenBack_keepsNothing() {
        NetMemServerBuilder builder = NetMemServer.builder().pages(4).listen("127.0.0.1", 0);
        try (NetMemServer server = builder.start();
                NetMem mem = NetMem.builder(server.uri())
                        .lease(Duration.ofSeconds(60))
                        .connect()) {
            AtomicInteger lost = new AtomicInteger();
            LockAlarms alarms = ((RemoteNetMem) mem).calls().lockAlarms();
            for (int i = 0; i < 1000; i++) {
                try (PageLock lock = mem.lock(1)) {
                    lock.onLost(lost::incrementAndGet);
                    lock.onLost(lost::incrementAndGet);
                    assertEquals(2, alarms.count());
                    if (i % 2 == 0) {
                        lock.commit();
                    }
                }
                try (LockGroup locks = mem.lockAll(2, 3)) {
                    locks.onLost(lost::incrementAndGet);
                }
            }
            assertEquals(0, alarms.count());
            assertEquals(0, lost.get());
        }
    }

    @Test
    void close_ofTheClient_losesItsLocksAtOnce() throws Exception {
        NetMemServerBuilder builder = NetMemServer.builder().pages(4).listen("127.0.0.1", 0);
        try (NetMemServer server = builder.start()) {
            NetMem mem = NetMem.connect(server.uri());
            PageLock lock = mem.lock(1);
            CountDownLatch lost = new CountDownLatch(1);
            lock.onLost(lost::countDown);
            mem.close();
            assertFalse(lock.isHeld(), "the server has given it to others");
            assertTrue(lost.await(20, TimeUnit.SECONDS));
            assertThrows(NetMemException.LockLost.class, lock::commit);
        }
    }
}
