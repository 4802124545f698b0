package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import netmem.api.LockState;
import netmem.api.NetMemException;
import netmem.api.Status;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The short forms for what programs do most: words, a change under a lock, a lock that is given up on purpose or not.
 */
@Timeout(60)
class WordsTest extends ServerFixture {
    private final BlockingQueue<String> logged = new LinkedBlockingQueue<>();
    private final ClientLog log = new ClientLog(line -> {
        if (line.getMessage().contains("not committed")) { // other lines may be of clients of other tests
            logged.add(line.getMessage());
        }
    });

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void addAndGet_returnsTheWordAfterIt() throws Exception {
        assertEquals(5, mem.addAndGet(1, 8, 5));
        assertEquals(3, mem.addAndGet(1, 8, -2));
        assertEquals(3, mem.getLong(1, 8));
        assertEquals(Long.MIN_VALUE, mem.addAndGet(1, 8, Long.MAX_VALUE - 2));
        assertEquals(7, mem.async().addAndGet(1, 16, 7).toCompletableFuture().get());
        assertEquals(7, mem.async().getLong(1, 16).toCompletableFuture().get());
    }

    @Test
    void versioned_readsWordsOfEachKind() {
        mem.locked(
                2, page -> page.putLong(0, -2).putInt(8, -3).putDouble(16, 0.5).put(63, (byte) 9));
        Versioned page = mem.read(2);
        assertEquals(-2, page.getLong(0));
        assertEquals(-3, page.getInt(8));
        assertEquals(0.5, page.getDouble(16));
        assertEquals(9, page.getByte(63));
        assertThrows(IndexOutOfBoundsException.class, () -> page.getLong(57));
        assertThrows(IndexOutOfBoundsException.class, () -> page.getInt(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> page.getByte(64));
    }

    @Test
    void locked_changesThePageOnce_orNotAtAll() throws Exception {
        assertEquals(Long.valueOf(4), mem.locked(3, page -> {
            assertEquals(LockState.Mode.EXCLUSIVE, mem.lockInfo(3).mode());
            page.putLong(0, 4);
            return page.getLong(0);
        }));
        assertEquals(2, mem.version(3));
        assertThrows(
                IllegalStateException.class,
                () -> mem.locked(3, page -> {
                    page.putLong(0, 9);
                    throw new IllegalStateException("as the test says");
                }));
        assertEquals(4, mem.getLong(3, 0));
        assertEquals(LockState.Mode.FREE, mem.lockInfo(3).mode());
        ByteBuffer _ = mem.async()
                .locked(3, page -> page.putLong(0, 6))
                .toCompletableFuture()
                .get();
        assertEquals(6, mem.getLong(3, 0));
        assertTrue(logged.isEmpty(), logged::toString);
    }

    @Test
    void locked_interruptedBeforeItsCommit_changesNothingAndIsNotWarnedOf() {
        assertThrows(
                NetMemException.Interrupted.class,
                () -> mem.locked(3, page -> {
                    Thread.currentThread().interrupt();
                    return page.putLong(0, 9);
                }));
        assertTrue(Thread.interrupted());
        assertEquals(0, mem.getLong(3, 0));
        Log.flush();
        assertTrue(logged.isEmpty(), logged::toString);
    }

    @Test
    void whatTouchesNoPage_ofAClosedClient_failsAsAllElse() {
        NetMem closed = NetMem.connect(server.uri());
        assertEquals(List.of(), closed.readSnapshot());
        assertEquals("done", closed.transact(_ -> "done"));
        closed.close();
        assertThrows(NetMemException.class, closed::readSnapshot);
        assertThrows(NetMemException.class, () -> closed.transact(_ -> "done"));
    }

    @Test
    void ifHeld_ofASharedLock_whosePageIsChanged_isRefusedByName() {
        try (PageLock shared = mem.lockShared(3)) {
            IllegalStateException refused = assertThrows(
                    IllegalStateException.class,
                    () -> mem.transaction()
                            .write(3, 0, new byte[1])
                            .ifHeld(shared)
                            .run());
            assertEquals(
                    "ifHeld: the lock of page 3 is shared, and the transaction changes that page (expected: an exclusive"
                            + " lock)",
                    refused.getMessage());
            assertTrue(
                    mem.transaction().ifHeld(shared).write(4, 0, new byte[1]).run()
                            instanceof TransactionResult.Committed);
        }
    }

    @Test
    void close_withChangesThatWereNotCommitted_saysSoOnce() throws Exception {
        try (PageLock untouched = mem.lock(4)) {
            assertTrue(untouched.isHeld());
        }
        try (PageLock meant = mem.lock(4)) {
            meant.buffer().put(0, (byte) 1);
            meant.discard();
        }
        try (LockGroup meant = mem.lockAll(4, 5)) {
            meant.buffer(5).put(0, (byte) 1);
            meant.discard();
        }
        mem.lock(4).close();
        assertTrue(logged.isEmpty(), logged::toString);
        try (LockGroup forgotten = mem.lockAll(4, 5)) {
            forgotten.buffer(5).put(0, (byte) 1);
        }
        String line = logged.poll(20, TimeUnit.SECONDS);
        assertTrue(String.valueOf(line).contains("closed with changes that were not committed"), () -> line + "");
        try (PageLock forgotten = mem.lock(4)) {
            forgotten.buffer().put(0, (byte) 1);
        }
        try (NetMem other = NetMem.connect(server.uri());
                PageLock forgotten = other.lock(4)) {
            forgotten.buffer().put(0, (byte) 1);
        }
        String next = logged.poll(20, TimeUnit.SECONDS);
        assertTrue(String.valueOf(next).contains("the lock of page 4"), () -> next + ": of the other client");
        assertEquals(List.of(), List.copyOf(logged), "each client once");
        assertEquals(1, mem.version(4));
    }

    @Test
    void awaitNewer_ofAPageSeenInALostMemory_isNotComparedWithTheNext() {
        mem.write(6, 0, new byte[] {1});
        Versioned seen = mem.read(6);
        assertTrue(mem.awaitNewer(seen, Duration.ZERO).isEmpty());
        mem.write(6, 0, new byte[] {2});
        assertEquals(
                2, mem.awaitNewer(seen, Duration.ofSeconds(10)).orElseThrow().getByte(0));
        int port = server.port();
        server.close();
        server = server(port);
        assertThrows(NetMemException.SessionLost.class, () -> mem.version(6));
        mem.renew();
        NetMemException e =
                assertThrows(NetMemException.SessionLost.class, () -> mem.awaitNewer(seen, Duration.ofSeconds(10)));
        assertEquals(Status.INCARNATION_CHANGED, e.status());
        assertEquals(1, mem.version(6), "the program knows");
    }
}
