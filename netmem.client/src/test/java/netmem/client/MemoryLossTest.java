package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** The server restarts with another memory: no client of the old one goes on as if nothing had happened. */
@Timeout(60)
class MemoryLossTest {
    private NetMemServer server = start(0);
    private final int port = server.port();
    private final NetMem mem = connect();

    private static NetMemServer start(int port) {
        return NetMemServer.builder()
                .pages(16)
                .pageLengthBytes(256)
                .listen("127.0.0.1", port)
                .start();
    }

    private NetMem connect() {
        return NetMem.builder("netmem://127.0.0.1:" + port)
                .deadline(Duration.ofSeconds(20))
                .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                .connect();
    }

    private void restart() {
        server.close();
        server = start(port);
    }

    @AfterEach
    void close() {
        mem.close();
        server.close();
    }

    private static void assertLost(Executable call) {
        NetMemException e = assertThrows(NetMemException.SessionLost.class, call);
        assertEquals(Status.INCARNATION_CHANGED, e.status());
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        assertTrue(String.valueOf(e.getMessage()).contains("NetMem.renew()"), e::getMessage);
    }

    @Test
    void everyCall_ofAnIdleClient_failsUntilItRenews() throws Exception {
        mem.write(3, 0, new byte[] {100});
        Versioned base = mem.read(3);
        PageLock lock = mem.lock(5);
        restart();
        NetMem view = mem.within(Duration.ofSeconds(10));
        List<Executable> calls = List.of(
                () -> mem.atomic(3, 0, WordFunction.ADD, -1),
                () -> mem.compareAndSet(3, 0, 0, 1),
                () -> mem.update(3, page -> page.put(0, (byte) 1)),
                () -> mem.transact(transaction -> transaction.read(3)),
                () -> mem.compareAndUpdate(base, new byte[256]),
                () -> mem.transaction().write(3, 0, new byte[1]).run(),
                () -> mem.read(3),
                () -> mem.read(3, 0, 8),
                () -> mem.readSnapshot(3, 4),
                () -> mem.version(3),
                () -> mem.write(3, 0, new byte[1]),
                () -> mem.lock(3),
                () -> mem.tryLock(3, Duration.ZERO),
                () -> mem.lockShared(3),
                () -> mem.lockAll(3, 4),
                () -> mem.lockInfo(3),
                () -> mem.awaitNewer(3, base.version(), Duration.ZERO),
                () -> mem.watch(3, 1, (page, version) -> {}),
                () -> mem.info(),
                () -> mem.stats(),
                () -> view.read(3));
        assertLost(() -> mem.read(3)); // first: no effect for certain, should it still leave on the old connection
        for (Executable call : calls) {
            assertLost(call);
        }
        NetMemException staged = (NetMemException)
                mem.async().read(3).handle((_, e) -> e).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(Status.INCARNATION_CHANGED, staged.status());
        assertThrows(NetMemException.LockLost.class, lock::commit);
        lock.close();

        mem.renew();

        assertEquals(1, mem.version(3));
        assertEquals(0, mem.atomic(3, 0, WordFunction.ADD, 7).old());
        NetMemException other =
                assertThrows(NetMemException.SessionLost.class, () -> mem.compareAndUpdate(base, new byte[256]));
        assertEquals(Outcome.NO_EFFECT, other.outcome());
        restart();
        assertLost(() -> mem.read(3));
    }

    @Test
    void onMemoryLost_setsUpTheNewMemory_andCallsGoOnOnceItReturned() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        BlockingQueue<NetMem> given = new LinkedBlockingQueue<>();
        mem.onMemoryLost(fresh -> {
            fresh.write(3, 0, new byte[] {42});
            given.add(fresh);
            begun.countDown();
            await(mayEnd);
            Thread.currentThread().interrupt();
        });
        restart();
        await(begun);
        assertLost(() -> mem.read(3));
        mayEnd.countDown();
        assertEquals(42, goesOn().buffer().get(0));

        NetMem first = given.take();
        restart();
        NetMem second = given.take();
        goesOn();
        assertLost(() -> first.read(3));
        assertEquals(42, second.read(3).buffer().get(0));
    }

    @Test
    void onMemoryLost_thatThrows_leavesCallsFailing_andTheNextHandlerIsCalledAtOnce() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        mem.onMemoryLost(_ -> {
            told.add("first");
            throw new AssertionError("planned");
        });
        restart();
        assertEquals("first", told.poll(20, TimeUnit.SECONDS));
        assertLost(() -> mem.read(3));
        mem.onMemoryLost(fresh -> told.add("second " + fresh.version(3)));
        assertEquals("second 1", told.poll(20, TimeUnit.SECONDS));
        assertEquals(1, goesOn().version());
    }

    @Test
    void watch_tellsTheLossBeforeAnyVersionOfTheNewMemory_andGoesOnWhateverItsListenerDoes() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        mem.write(3, 0, new byte[] {1});
        Watch watch = mem.watch(3, 1, new Watch.Listener() {
            @Override
            public void changed(long page, long version) {
                told.add("version " + version);
                Thread.currentThread().interrupt();
                throw new AssertionError("planned");
            }

            @Override
            public void memoryLost() {
                told.add("lost");
                MemoryLossTest.<RuntimeException>throwUnchecked(new Exception("planned"));
            }
        });
        mem.write(3, 0, new byte[] {2});
        assertEquals("version 3", told.poll(20, TimeUnit.SECONDS));
        restart();
        assertEquals("lost", told.poll(20, TimeUnit.SECONDS));
        assertEquals("version 1", told.poll(20, TimeUnit.SECONDS));
        mem.renew();
        mem.write(3, 0, new byte[] {3});
        assertEquals("version 2", told.poll(20, TimeUnit.SECONDS));
        assertEquals(Optional.empty(), watch.failure());
        watch.close();
    }

    /** The first answer, once calls go on. */
    private Versioned goesOn() {
        for (; ; ) {
            try {
                return mem.read(3);
            } catch (NetMemException.SessionLost e) {
                Thread.onSpinWait();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked") // throws checked exceptions as other languages do
    private static <E extends Throwable> void throwUnchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
