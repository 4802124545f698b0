package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import netmem.api.LockState;
import netmem.api.NetMemException;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.wire.Request;
import netmem.server.NetMemServer;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bugs that users of other projects met, looked for here: real server, real clients, real sockets. Named by project and number. */
@Timeout(120)
class FoundByOthersTest {
    private static final long SEED = Long.getLong("netmem.seed", new Random().nextLong());
    private static final int LEASE_MILLIS = 300;

    private NetMemServer server;
    private NetMem mem;

    @BeforeEach
    void start() {
        server = NetMemServer.builder()
                .pages(64)
                .pageLengthBytes(64)
                .listen("127.0.0.1", 0)
                .limits(ServerLimits.DEFAULTS.with(Map.of("lease-min-millis", 10L)))
                .start();
        mem = NetMem.connect(server.uri());
    }

    @AfterEach
    void stop() {
        mem.close();
        server.close();
    }

    private NetMem shortLived() {
        return NetMem.builder(server.uri())
                .lease(Duration.ofMillis(LEASE_MILLIS))
                .connect();
    }

    /**
     * Lettuce 3481: a fill of the client-side cache raced the invalidation of its key, and the old value stayed. Here a cache entry is replaced only by a
     * higher version, and no copy is shown before the server has said that it is current.
     */
    @Test
    void lettuce3481_fillThatRacesAChange_neverBringsTheOldPageBack() throws Exception {
        PageCache cache = PageCache.ofBytes(1 << 20);
        AtomicLong written = new AtomicLong();
        try (NetMem one = NetMem.builder(server.uri()).cache(cache).connect();
                NetMem two = NetMem.builder(server.uri()).cache(cache).connect()) {
            List<FutureTask<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                NetMem reader = i % 2 == 0 ? one : two;
                readers.add(FakeServer.start(() -> readUntil(reader, written, 3_000)));
            }
            for (int value = 1; value <= 3_000; value++) {
                int next = value;
                mem.update(1, page -> page.putInt(0, next));
                written.set(value);
            }
            for (FutureTask<Integer> reader : readers) {
                assertTrue(FakeServer.join(reader) > 0);
            }
        }
    }

    /** Reads until the last value is there; each read shows at least what was written before it began. */
    private static int readUntil(NetMem reader, AtomicLong written, int last) {
        int reads = 0;
        for (int value = 0; value < last; reads++) {
            long floor = Math.max(value, written.get());
            value = reader.read(1).buffer().getInt(0);
            int shown = value;
            assertTrue(shown >= floor, () -> "read: " + shown + " (expected: >= " + floor + ")");
        }
        return reads;
    }

    /**
     * The etcd 3.4.3 report (Jepsen): a lock was granted to a waiter whose lease had ended meanwhile. Here a waiter leaves the line with its session, and
     * who is granted is looked at again at that instant.
     */
    @Test
    void etcd343_waiterWhoseSessionEnded_isPassed() throws Exception {
        try (SilentClient dead = new SilentClient(server.port(), LEASE_MILLIS)) {
            PageLock held = mem.lock(2);
            dead.ask(new Request.Lock(2, 1, 60_000, false, 0));
            await(() -> mem.lockInfo(2).waiters() == 1);
            FutureTask<PageLock> next = FakeServer.start(() -> mem.owner().lock(2));

            await(() -> mem.stats().getOrDefault("sessions", 0L) == 1);
            held.close();

            try (PageLock granted = FakeServer.join(next)) {
                assertEquals(held.token() + 1, granted.token(), "nobody was granted between");
            }
            assertEquals(0, dead.grantsUntilTheEnd());
        }
    }

    /**
     * Redisson 7272: the watchdog renewed a lock after its unlock, which then belonged to nobody for ever. Here only sessions are renewed; a lock that was
     * given back is gone whatever its client goes on to say.
     */
    @Test
    void redisson7272_heartbeatsAfterUnlock_renewNoLock() {
        try (NetMem first = shortLived();
                NetMem second = shortLived()) {
            for (int round = 0; round < 100; round++) {
                first.lock(3).close();
                PageLock lock = second.tryLock(3, Duration.ZERO).orElseThrow();
                assertEquals(lock.token(), mem.lockInfo(3).token());
                lock.close();
            }
            first.lock(3).commit();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(3 * LEASE_MILLIS);
            while (System.nanoTime() < end) {
                assertEquals(LockState.Mode.FREE, mem.lockInfo(3).mode());
            }
            assertEquals(3, mem.stats().get("sessions"), "their sessions were renewed all the time");
        }
    }

    /**
     * Hazelcast 7475: a caller was told that its lock failed, and the lock was acquired for it nevertheless. Here a request past its limit is out of the line, and
     * a grant that comes after its caller has gone is given back.
     */
    @Test
    void hazelcast7475_lockThatFailed_isHeldByNobody() throws Exception {
        Random random = new Random(SEED);
        int failed = 0;
        try (NetMem other = NetMem.connect(server.uri())) {
            for (int round = 0; round < 200; round++) {
                PageLock held = mem.lock(4);
                Duration patience = Duration.ofNanos(1_000_000 + random.nextInt(2_000_000));
                boolean atTheServer = random.nextBoolean();
                FutureTask<Boolean> tried = FakeServer.start(() -> lockFor(other, patience, atTheServer));
                long release = System.nanoTime() + patience.toNanos() - 500_000 + random.nextInt(1_000_000);
                while (System.nanoTime() < release) {
                    Thread.onSpinWait();
                }
                held.close();
                failed += FakeServer.join(tried) ? 0 : 1;
                mem.tryLock(4, Duration.ofSeconds(4)).orElseThrow().close();
            }
        }
        int times = failed;
        assertTrue(times > 0, () -> "never failed, seed " + SEED);
    }

    private static boolean lockFor(NetMem other, Duration patience, boolean atTheServer) {
        try {
            Optional<PageLock> lock = atTheServer
                    ? other.tryLock(4, patience)
                    : Optional.of(other.within(patience).lock(4));
            lock.ifPresent(PageLock::close);
            return lock.isPresent();
        } catch (NetMemException.DeadlinePassed e) {
            return false;
        }
    }

    /**
     * The jetcd report (Jepsen): the client sent a transaction again after a lost reply, and it ran twice. Here it is sent again under its request id, and the
     * server repeats the recorded outcome.
     */
    @Test
    void jetcd_transactionWhoseReplyWasLost_runsOnce() throws Exception {
        int rounds = 400;
        try (CuttingProxy proxy = new CuttingProxy(server.port(), 1_500, SEED);
                NetMem cut = NetMem.builder(proxy.uri())
                        .deadline(Duration.ofSeconds(60))
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
                        .connect()) {
            for (int round = 0; round < rounds; round++) {
                assertInstanceOf(
                        TransactionResult.Committed.class,
                        cut.transaction().add(5, 0, 1).add(6, 0, -1).run());
            }
            assertTrue(proxy.cuts() > 10, () -> "cuts: " + proxy.cuts());
        }
        assertEquals(rounds, mem.read(5).buffer().getLong(0), () -> "seed " + SEED);
        assertEquals(-rounds, mem.read(6).buffer().getLong(0), () -> "seed " + SEED);
    }

    /**
     * Lettuce 1564: after a cancelled command its reply went to the next caller, and all after it were off by one. Here replies find their callers by request
     * id, never by order.
     */
    @Test
    void lettuce1564_replyToACancelledCall_reachesNobodyElse() throws Exception {
        for (int page = 0; page < 64; page++) {
            mem.write(page, 0, new byte[] {(byte) page});
        }
        Random random = new Random(SEED);
        try (NetMem uncached =
                NetMem.builder(server.uri()).cache(PageCache.ofBytes(0)).connect()) {
            List<CompletableFuture<Versioned>> reads = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                int page = random.nextInt(64);
                CompletableFuture<Versioned> read = uncached.async().read(page).toCompletableFuture();
                if (random.nextBoolean()) {
                    read.cancel(true);
                } else {
                    reads.add(read.whenComplete((copy, _) -> {
                        if (copy != null) {
                            assertEquals(page, copy.buffer().get(0), () -> "seed " + SEED);
                        }
                    }));
                }
                if (reads.size() >= 100) {
                    CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
                            .get(20, TimeUnit.SECONDS);
                    reads.clear();
                }
            }
            CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
        }
    }

    /**
     * Valkey 4143: what the server kept for clients of tracking was not freed with them, and grew. Here all of a client hangs on its session, which its lease ends.
     */
    @Test
    void valkey4143_clientsThatDie_leaveNothingBehind() throws Exception {
        PageLock held = mem.lock(7);
        for (int i = 0; i < 300; i++) {
            SilentClient client = new SilentClient(server.port(), LEASE_MILLIS);
            client.ask(new Request.Watch(0, 64, List.of()));
            client.ask(new Request.Lock(7, 1, 60_000, false, 0));
            client.ask(new Request.AwaitNewer(8, 1, 60_000));
            client.ask(new Request.Lock(i % 40 + 10, 1, 60_000, true, false, 0));
            client.reset();
            mem.write(9, 0, new byte[] {(byte) i});
        }
        await(() -> mem.stats().getOrDefault("sessions", 0L) == 1);
        Map<String, Long> stats = mem.stats();
        assertEquals(1, stats.get("locks-held"), stats::toString);
        for (String none : List.of("waiters", "waiting-bytes", "watches", "changes-unsent")) {
            assertEquals(0, stats.get(none), () -> none + " in " + stats);
        }
        held.close();
    }

    /** A program that is busy in all ways that a client knows when its main method ends. */
    static final class Leaver {
        public static void main(String[] args) {
            NetMem mem = NetMem.connect(args[0]);
            mem.lock(1).onLost(() -> {});
            mem.watch(0, 8, (_, _) -> {});
            CompletableFuture<Versioned> waiting = mem.async().read(2).toCompletableFuture();
            waiting.join();
            Thread.ofVirtual().start(() -> mem.awaitNewer(3, 1, Duration.ofMinutes(1)));
            System.out.println("left");
        }
    }

    /**
     * Redisson 4914: threads of a client that nobody closed kept the JVM alive. Here
     * all threads of a client are daemons or virtual.
     */
    @Test
    void redisson4914_clientThatNobodyCloses_letsItsProgramEnd() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Leaver.class.getName(),
                        server.uri())
                .redirectErrorStream(true)
                .start();
        try {
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the program goes on");
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("left\n", output);
            assertEquals(0, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not within 30 s");
        }
    }
}
