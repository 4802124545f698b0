package netmem.samples.migrating;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import netmem.api.Fetched;
import netmem.api.LockState;
import netmem.api.NetMemException;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.client.LockGroup;
import netmem.client.Locks;
import netmem.client.NetMem;
import netmem.client.PageLock;
import netmem.samples.DocumentedCode;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the code of docs/migrating.md, which has to be in this file word for word. */
@Timeout(60)
class MigratingTest {
    private static final long STOCK = 1;
    private static final long ORDERS = 2;
    private static final long LEADER = 3;
    private static final int SNIPPETS_MIN = 8;

    /** Something outside of NetMem that keeps the largest token that it has seen. */
    private static final class Storage {
        private long largest;
        private String kept = "";

        boolean put(String value, long token) {
            if (Long.compareUnsigned(token, largest) < 0) {
                return false;
            }
            largest = token;
            kept = value;
            return true;
        }
    }

    private NetMemServer server;
    private NetMem mem;

    @BeforeEach
    void start() {
        server = NetMemServer.builder()
                .pages(8)
                .pageLengthBytes(64)
                .listen("127.0.0.1", 0)
                .start();
        mem = NetMem.connect(server.uri());
    }

    @AfterEach
    void stop() {
        mem.close();
        server.close();
    }

    @Test
    void page_code_isRunHere() throws Exception {
        DocumentedCode.assertIsRun(Path.of("../docs/migrating.md"), SNIPPETS_MIN, getClass());
    }

    @Test
    void lock_commits() {
        try (PageLock lock = mem.lock(STOCK)) {
            lock.buffer().putLong(0, lock.buffer().getLong(0) - 1);
            lock.commit();
        }
        assertEquals(-1, mem.read(STOCK).buffer().getLong(0));
    }

    @Test
    void tryLock_waits() {
        Optional<PageLock> taken = mem.tryLock(STOCK, Duration.ofSeconds(2));
        if (taken.isPresent()) {
            try (PageLock lock = taken.get()) {
                lock.buffer().putLong(0, 7);
                lock.commit();
            }
        }
        assertEquals(7, mem.read(STOCK).buffer().getLong(0));
    }

    @Test
    void atomic_needsNoLock() {
        Fetched before = mem.atomic(STOCK, 0, WordFunction.ADD, -1);
        Versioned after = mem.update(STOCK, page -> page.putLong(8, page.getLong(8) + 1));
        assertEquals(0, before.old());
        assertEquals(1, after.buffer().getLong(8));
    }

    @Test
    void lockAll_movesBetweenPages() {
        try (LockGroup both = mem.lockAll(STOCK, ORDERS)) {
            both.buffer(STOCK).putLong(0, both.buffer(STOCK).getLong(0) - 1);
            both.buffer(ORDERS).putLong(0, both.buffer(ORDERS).getLong(0) + 1);
            both.commit();
        }
        assertEquals(1, mem.read(ORDERS).buffer().getLong(0));
    }

    @Test
    void owner_triesAgainAfterADeadlock() {
        Locks owner = mem.owner();
        boolean done = false;
        while (!done) {
            try (PageLock stock = owner.lock(STOCK);
                    PageLock orders = owner.lock(ORDERS)) {
                stock.buffer().putLong(0, 5);
                orders.buffer().putLong(0, 6);
                orders.commit();
                stock.commit();
                done = true;
            } catch (NetMemException.Deadlocked e) {
                // both are given back by now: somebody else goes first, and we begin again
            }
        }
        assertEquals(5, mem.read(STOCK).buffer().getLong(0));
        assertEquals(6, mem.read(ORDERS).buffer().getLong(0));
    }

    @Test
    void token_fencesWhatLiesOutside() {
        Storage storage = new Storage();
        try (PageLock lock = mem.lock(LEADER)) {
            lock.onLost(() -> System.err.println("no longer the leader"));
            assertTrue(storage.put("report", lock.token()));
        }
        assertEquals("report", storage.kept);
        assertFalse(storage.put("late", 0));
    }

    @Test
    void ifHeld_guardsOtherPages() {
        try (PageLock lock = mem.lock(LEADER)) {
            TransactionResult result = mem.transaction()
                    .ifHeld(lock)
                    .write(ORDERS, 0, "shipped".getBytes(UTF_8))
                    .run();
            boolean stillLeader = result instanceof TransactionResult.Committed;
            assertTrue(stillLeader);
        }
        assertEquals('s', mem.read(ORDERS).buffer().get(0));
    }

    @Test
    void lockInfo_tellsWhoHoldsIt() {
        try (PageLock lock = mem.lock(STOCK)) {
            LockState state = mem.lockInfo(STOCK);
            System.out.println(state.holderName() + " for " + state.ageMillis() + " ms; " + state.waiters() + " wait");
            assertEquals(lock.token(), state.token());
        }
    }

    @Test
    void async_locksInStages() throws Exception {
        CompletionStage<Long> version = mem.async().lock(STOCK).thenApply(lock -> {
            try (lock) {
                lock.buffer().putLong(0, 9);
                return lock.commit();
            }
        });
        assertEquals(2, version.toCompletableFuture().get(20, TimeUnit.SECONDS).longValue());
    }
}
