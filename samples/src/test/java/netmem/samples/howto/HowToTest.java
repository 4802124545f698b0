package netmem.samples.howto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Versioned;
import netmem.api.WordResult;
import netmem.client.NetMem;
import netmem.client.PageLock;
import netmem.client.Watch;
import netmem.samples.DocumentedCode;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the code of docs/how-to.md, which has to be in this file word for word. */
@Timeout(60)
class HowToTest {
    private static final long COUNTS = 1;
    private static final long STOCK = 2;
    private static final long FROM = 3;
    private static final long TO = 4;
    private static final long LEADER = 5;
    private static final long NEWS = 6;
    private static final long FIRST = 16;
    private static final int SNIPPETS_MIN = 12;

    private NetMemServer server;
    private NetMem mem;

    @BeforeEach
    void start() {
        server = start(0);
        mem = NetMem.connect(server.uri());
    }

    private static NetMemServer start(int port) {
        return NetMemServer.builder()
                .pages(128)
                .pageLengthBytes(64)
                .listen("127.0.0.1", port)
                .start();
    }

    @AfterEach
    void stop() {
        mem.close();
        server.close();
    }

    @Test
    void page_code_isRunHere() throws Exception {
        DocumentedCode.assertIsRun(Path.of("../docs/how-to.md"), SNIPPETS_MIN, getClass());
    }

    @Test
    void count() {
        long visits = mem.addAndGet(COUNTS, 0, 1);
        boolean first = mem.compareAndSet(COUNTS, 8, 0, 1) instanceof WordResult.Set;
        long seen = mem.getLong(COUNTS, 0);
        assertEquals(1, visits);
        assertTrue(first);
        assertEquals(1, seen);
        assertFalse(mem.compareAndSet(COUNTS, 8, 0, 1) instanceof WordResult.Set);
    }

    @Test
    void changeAPage() {
        mem.update(STOCK, page -> page.putLong(8, page.getLong(8) + 1));
        long left = mem.locked(STOCK, page -> {
            page.putLong(0, page.getLong(0) - 1);
            return page.getLong(0);
        });
        assertEquals(-1, left);
        assertEquals(1, mem.getLong(STOCK, 8));
    }

    @Test
    void changeSeveralPages() {
        mem.addAndGet(FROM, 0, 40);
        assertTrue(pay());
        assertFalse(pay());
        List<Versioned> both = mem.readSnapshot(FROM, TO);
        long sum = both.get(0).getLong(0) + both.get(1).getLong(0);
        assertEquals(40, sum);
        assertEquals(10, both.get(0).getLong(0));
    }

    private boolean pay() {
        boolean paid = mem.transact(pages -> {
            long balance = pages.read(FROM).getLong(0);
            if (balance < 30) {
                return false;
            }
            pages.buffer(FROM).putLong(0, balance - 30);
            pages.buffer(TO).putLong(0, pages.buffer(TO).getLong(0) + 30);
            return true;
        });
        return paid;
    }

    @Test
    void holdAPage() {
        try (PageLock lock = mem.lock(LEADER)) {
            lock.onLost(() -> System.err.println("no longer the leader"));
            lock.buffer().putLong(0, ProcessHandle.current().pid());
            lock.commit();
        }
        assertEquals(ProcessHandle.current().pid(), mem.getLong(LEADER, 0));
    }

    @Test
    void waitForAChange() throws Exception {
        Thread writer = Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                mem.addAndGet(NEWS, 0, 1);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        });
        Versioned seen = mem.read(NEWS);
        Optional<Versioned> newer = mem.awaitNewer(seen, Duration.ofSeconds(30));
        writer.interrupt();
        writer.join();
        assertTrue(newer.orElseThrow().getLong(0) > seen.getLong(0));
    }

    @Test
    void beToldOfChanges() {
        Watch watch = mem.watch(FIRST, 100, (page, version) -> System.out.println(page + " is now at " + version));
        mem.addAndGet(FIRST + 99, 0, 1);
        assertEquals(Optional.empty(), watch.failure());
        watch.close();
    }

    @Test
    void goOnAfterARestart() {
        byte[] stockAtStart = {7, 0, 0, 0, 0, 0, 0, 0};
        mem.onMemoryLost(fresh -> fresh.write(STOCK, 0, stockAtStart));
        int port = server.port();
        server.close();
        server = start(port);
        long stock = 0;
        while (stock == 0) {
            try {
                stock = mem.getLong(STOCK, 0);
            } catch (NetMemException.SessionLost e) {
                Thread.onSpinWait(); // until the handler has returned
            }
        }
        assertEquals(7, stock);
    }

    @Test
    void knowWhatBecameOfACall() {
        server.close();
        NetMemException failed = assertThrows(
                NetMemException.class, () -> mem.within(Duration.ofMillis(50)).addAndGet(COUNTS, 0, 1));
        assertEquals(Outcome.NO_EFFECT, failed.outcome());
        server = start(server.port());
        mem.renew();
        try {
            mem.addAndGet(COUNTS, 0, 1);
        } catch (NetMemException e) {
            if (e.outcome() == Outcome.UNKNOWN) {
                System.err.println("it may have been counted: " + e.getMessage());
            }
        }
    }

    @Test
    void setTheClientUp() {
        try (NetMemServer closed = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .credential("secret")
                .start()) {
            String address = closed.uri();
            NetMem client = NetMem.builder(address)
                    .credential("secret")
                    .deadline(Duration.ofSeconds(2))
                    .lease(Duration.ofSeconds(4))
                    .onConnection(event -> System.err.println(event))
                    .connect();
            assertEquals(1, client.version(0));
            client.close();
        }
    }

    @Test
    void notBlock() throws Exception {
        CompletionStage<Long> total = mem.async().addAndGet(COUNTS, 0, 1).thenApply(count -> count * 2);
        assertEquals(2, total.toCompletableFuture().get(20, TimeUnit.SECONDS).longValue());
    }
}
