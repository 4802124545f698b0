package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.PageRange;
import netmem.api.ServerInfo;
import netmem.api.Status;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.server.NetMemServer;
import netmem.server.NetMemServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client against the real server. */
@Timeout(60)
class ServerTest {
    private static final int PAGES = 64;
    private static final int PAGE_LENGTH = 4096;
    private static NetMemServer server;

    private NetMem mem;

    @BeforeAll
    static void start() {
        server = NetMemServer.builder()
                .pages(PAGES)
                .pageLengthBytes(PAGE_LENGTH)
                .listen("127.0.0.1", 0)
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() {
        mem = NetMem.connect(server.uri());
    }

    @AfterEach
    void close() {
        mem.close();
    }

    @Test
    void info_describesTheServer() {
        ServerInfo info = mem.info();
        assertEquals(PAGES, info.pageCount());
        assertEquals(PAGE_LENGTH, info.pageLengthBytes());
        assertEquals(PAGES, mem.pageCount());
        assertEquals(PAGE_LENGTH, mem.pageLengthBytes());
        assertTrue(info.incarnation().isKnown());
        assertTrue(info.limits().containsKey("slots"), info::toString);
        assertFalse(mem.stats().isEmpty());
    }

    @Test
    void write_thenRead_oneVersionOn() {
        long before = mem.version(1);
        assertEquals(before + 1, mem.write(1, 100, new byte[] {1, 2, 3}));
        ByteBuffer data = ByteBuffer.wrap(new byte[] {7, 8, 9});
        assertEquals(before + 2, mem.write(1, List.of(new PageRange(0, 1), new PageRange(4094, 2)), data));
        Versioned page = mem.read(1);
        assertEquals(before + 2, page.version());
        assertEquals(2, page.buffer().get(101));
        assertEquals(7, page.buffer().get(0));
        assertEquals(9, page.buffer().get(4095));
        assertSame(page, mem.read(1));
        assertEquals(8, mem.read(1, 4094, 2).buffer().get(0));
        assertEquals(7, mem.peek(1, buffer -> buffer.get(0)).byteValue());
    }

    @Test
    void read_outsideTheServersBounds_isRefused() {
        NetMemException page = assertThrows(NetMemException.Refused.class, () -> mem.read(PAGES));
        assertEquals(Status.NO_SUCH_PAGE, page.status());
        NetMemException range = assertThrows(NetMemException.Refused.class, () -> mem.read(0, PAGE_LENGTH, 1));
        assertEquals(Status.BAD_RANGE, range.status());
    }

    @Test
    void readSnapshot_someHeld_returnsAll() {
        mem.write(2, 0, new byte[] {2});
        mem.write(3, 0, new byte[] {3});
        Versioned held = mem.read(2);
        List<Versioned> pages = mem.readSnapshot(2, 3, 4);
        assertSame(held, pages.get(0));
        assertEquals(3, pages.get(1).buffer().get(0));
        assertEquals(4, pages.get(2).page());
        assertEquals(List.of(), mem.readSnapshot());
    }

    @Test
    void compareAndUpdate_bothWays() {
        Versioned seen = mem.read(5);
        byte[] bytes = seen.bytes();
        bytes[9] = 9;
        UpdateResult done = mem.compareAndUpdate(seen, bytes);
        assertEquals(new UpdateResult.Updated(seen.version() + 1), done);
        UpdateResult.Stale stale = assertInstanceOf(UpdateResult.Stale.class, mem.compareAndUpdate(seen, bytes));
        assertEquals(seen.version() + 1, stale.current().version());
        assertEquals(9, stale.current().buffer().get(9));
        assertThrows(IllegalArgumentException.class, () -> mem.compareAndUpdate(seen, new byte[3]));
        Versioned range = mem.read(5, 8, 2);
        assertEquals(new UpdateResult.Updated(range.version() + 1), mem.compareAndUpdate(range, seen.bytes()));
        assertEquals(0, mem.read(5).buffer().get(9));
    }

    @Test
    void update_byManyThreads_losesNothing() throws Exception {
        int threads = 8;
        int rounds = 50;
        int before = mem.read(6).buffer().getInt(8);
        parallel(threads, () -> {
            for (int i = 0; i < rounds; i++) {
                mem.update(6, page -> page.putInt(8, page.getInt(8) + 1));
            }
        });
        assertEquals(before + threads * rounds, mem.read(6).buffer().getInt(8));
    }

    @Test
    void update_changingNothing_leavesTheVersion() {
        long before = mem.version(7);
        assertEquals(before, mem.update(7, _ -> {}).version());
        assertEquals(before, mem.version(7));
    }

    @Test
    void lock_byManyClients_excludes() throws Exception {
        int clients = 4;
        int rounds = 25;
        parallel(clients, () -> {
            try (NetMem own = NetMem.connect(server.uri())) {
                for (int i = 0; i < rounds; i++) {
                    try (PageLock lock = own.lock(8)) {
                        lock.buffer().putInt(0, lock.buffer().getInt(0) + 1);
                        lock.commit();
                    }
                }
            }
        });
        assertEquals(clients * rounds, mem.read(8).buffer().getInt(0));
    }

    @Test
    void lock_heldByAnother_waitsOrSaysSo() {
        try (PageLock first = mem.lock(9)) {
            assertEquals(Optional.empty(), mem.tryLock(9, Duration.ZERO));
            assertEquals(Optional.empty(), mem.tryLock(9, Duration.ofMillis(20)));
            NetMem quick = mem.within(Duration.ofMillis(50));
            NetMemException lock = assertThrows(NetMemException.DeadlinePassed.class, () -> quick.lock(9));
            assertEquals(Outcome.NO_EFFECT, lock.outcome());
            NetMemException write =
                    assertThrows(NetMemException.DeadlinePassed.class, () -> quick.write(9, 0, new byte[1]));
            assertEquals(Outcome.NO_EFFECT, write.outcome());
            assertEquals(first.version(), mem.read(9).version());
            first.buffer().put(0, (byte) 1);
        }
        assertEquals(0, mem.read(9).buffer().get(0), "closing without commit discards");
        try (PageLock second = mem.tryLock(9, Duration.ZERO).orElseThrow()) {
            assertEquals(ByteOrder.LITTLE_ENDIAN, second.buffer().order());
            assertEquals(second.version(), second.commit(), "nothing changed");
        }
    }

    @Test
    void close_releasesLocksAtOnce() {
        NetMem other = NetMem.connect(server.uri());
        PageLock held = other.lock(10);
        assertEquals(Optional.empty(), mem.tryLock(10, Duration.ZERO));
        other.close();
        PageLock next = mem.tryLock(10, Duration.ZERO).orElseThrow();
        assertTrue(next.token() > held.token());
        next.close();
        held.close();
    }

    @Test
    void async_mirrorsTheOperations() throws Exception {
        NetMemAsync async = mem.async();
        long version = async.write(11, 0, new byte[] {5}).toCompletableFuture().get(10, TimeUnit.SECONDS);
        Versioned page = async.read(11).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(version, page.version());
        Thread completed = async.read(11)
                .thenApply(_ -> Thread.currentThread())
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertFalse(completed.getName().contains("reader"), completed::toString);
        Versioned updated = async.update(11, buffer -> buffer.put(1, (byte) 6))
                .thenCompose(_ -> async.read(11))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertEquals(6, updated.buffer().get(1));
        try (PageLock lock = async.tryLock(11, Duration.ZERO)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .orElseThrow()) {
            assertEquals(updated.version(), lock.version());
        }
        List<Versioned> snapshot =
                async.readSnapshot(11, 12).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(2, snapshot.size());
        Throwable failure =
                async.read(PAGES).handle((_, e) -> e).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertInstanceOf(NetMemException.Refused.class, failure);
    }

    @Test
    void cache_sharedByTwoClients_keepsOneCopy() {
        PageCache cache = PageCache.ofBytes(1 << 20);
        try (NetMem one = NetMem.builder(server.uri()).cache(cache).connect();
                NetMem two = NetMem.builder(server.uri()).cache(cache).connect()) {
            Versioned page = one.read(14);
            assertSame(page, two.read(14));
            Versioned changed = two.update(14, buffer -> buffer.putLong(0, 42));
            assertSame(changed, one.read(14));
        }
    }

    @Test
    void virtualThreads_aThousandAtOnce() throws Exception {
        long before = mem.version(13);
        parallel(1000, () -> mem.write(13, 0, new byte[] {1}));
        assertEquals(before + 1000, mem.version(13));
    }

    @Test
    void virtualThreads_moreThanSlots() throws Exception {
        NetMemServerBuilder builder = NetMemServer.builder().pages(4).listen("127.0.0.1", 0);
        try (NetMemServer small = builder.start();
                NetMem own = NetMem.connect(small.uri())) {
            parallel(3000, () -> own.read(1));
        }
    }

    @Test
    void bigPages_goBothWays() throws Exception {
        int lengthBytes = 1 << 20;
        try (NetMemServer big = NetMemServer.builder()
                        .pages(8)
                        .pageLengthBytes(lengthBytes)
                        .listen("127.0.0.1", 0)
                        .start();
                NetMem own =
                        NetMem.builder(big.uri()).cache(PageCache.ofBytes(0)).connect()) {
            byte[] bytes = new byte[lengthBytes];
            parallel(16, () -> {
                for (int i = 0; i < 8; i++) {
                    own.write(i, 0, bytes);
                    assertEquals(lengthBytes, own.read(i).length());
                }
            });
        }
    }

    @Test
    void bigPages_fewBytesChangedAndSnapshotsOfMany_fitTheFrame() {
        int lengthBytes = 1 << 20;
        try (NetMemServer big = NetMemServer.builder()
                        .pages(8)
                        .pageLengthBytes(lengthBytes)
                        .listen("127.0.0.1", 0)
                        .start();
                NetMem own = NetMem.connect(big.uri())) {
            try (LockGroup locks = own.lockAll(0, 1)) {
                for (int page = 0; page < 2; page++) {
                    locks.buffer(page).put(0, (byte) 1).put(lengthBytes - 1, (byte) 2);
                }
                assertEquals(2, locks.commit().size());
            }
            boolean _ = own.transact(transaction -> {
                for (int page = 2; page < 4; page++) {
                    transaction.buffer(page).put(0, (byte) 1).put(lengthBytes - 1, (byte) 2);
                }
                return true;
            });
            List<Versioned> all = own.readSnapshot(0, 1, 2, 3, 4, 5, 6, 7, 0);
            assertEquals(9, all.size());
            for (int i = 0; i < 4; i++) {
                assertEquals(2, all.get(i).version());
                assertEquals(1, all.get(i).buffer().get(0));
                assertEquals(2, all.get(i).buffer().get(lengthBytes - 1));
            }
        }
    }

    @Test
    void bigSnapshots_besideAWriterOfAllPages_areOfOneInstant() throws Exception {
        int lengthBytes = 1 << 20;
        AtomicBoolean going = new AtomicBoolean(true);
        try (NetMemServer big = NetMemServer.builder()
                        .pages(4)
                        .pageLengthBytes(lengthBytes)
                        .listen("127.0.0.1", 0)
                        .start();
                NetMem writing = NetMem.connect(big.uri());
                NetMem own = NetMem.connect(big.uri())) {
            FutureTask<Integer> writer = FakeServer.start(() -> {
                int rounds = 0;
                while (going.get()) {
                    TransactionBuilder all = writing.transaction();
                    for (int page = 0; page < 4; page++) {
                        all.add(page, 0, 1);
                    }
                    all.run();
                    rounds++;
                }
                return rounds;
            });
            try {
                for (int i = 0; i < 10; i++) {
                    List<Versioned> all = own.readSnapshot(0, 1, 2, 3);
                    for (Versioned page : all) {
                        assertEquals(
                                all.getFirst().buffer().getLong(0),
                                page.buffer().getLong(0));
                    }
                }
            } finally {
                going.set(false);
            }
            assertTrue(FakeServer.join(writer) > 0);
        }
    }

    private static void parallel(int threads, Runnable body) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(body));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
    }
}
