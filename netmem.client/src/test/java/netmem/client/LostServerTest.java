package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.server.NetMemServer;
import netmem.server.NetMemServerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client and the real server over connections that break, servers that restart, and programs that just end. */
@Timeout(120)
class LostServerTest {
    private static NetMemServerBuilder small(int port) {
        return NetMemServer.builder().pages(16).pageLengthBytes(256).listen("127.0.0.1", port);
    }

    @Test
    void updates_connectionsCutAtAnyByte_runExactlyOnce() throws Exception {
        long seed = Long.getLong("netmem.seed", new Random().nextLong());
        int threads = 6;
        int rounds = 60;
        try (NetMemServer server = small(0).start();
                CuttingProxy proxy = new CuttingProxy(server.port(), 8_000, seed);
                NetMem mem = NetMem.builder(proxy.uri())
                        .deadline(Duration.ofSeconds(60))
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                        .connect();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                futures.add(executor.submit(() -> {
                    for (int round = 0; round < rounds; round++) {
                        mem.update(0, page -> page.putInt(0, page.getInt(0) + 1));
                        mem.write(1, 4 * thread, new byte[] {(byte) round});
                        try (PageLock lock = mem.lock(2)) {
                            lock.buffer().putInt(0, lock.buffer().getInt(0) + 1);
                            lock.commit();
                        }
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
            try (NetMem direct = NetMem.connect(server.uri())) {
                assertEquals(threads * rounds, direct.read(0).buffer().getInt(0), () -> "seed " + seed);
                assertEquals(1 + threads * rounds, direct.version(1), () -> "seed " + seed);
                assertEquals(threads * rounds, direct.read(2).buffer().getInt(0), () -> "seed " + seed);
            }
            assertTrue(proxy.cuts() > 5, () -> "cuts: " + proxy.cuts());
        }
    }

    @Test
    void server_restarts_clientThatFollowsGoesOnWithTheNewMemory() {
        NetMemServer first = small(0).start();
        int port = first.port();
        try (NetMem mem = NetMem.builder(first.uri()).followRestarts().connect()) {
            Incarnation before = mem.info().incarnation();
            mem.write(3, 0, new byte[] {1});
            PageLock lock = mem.lock(3);
            lock.buffer().put(0, (byte) 2);
            first.close();
            NetMemException down = assertThrows(
                    NetMemException.class,
                    () -> mem.within(Duration.ofMillis(50)).read(3));
            assertEquals(Outcome.NO_EFFECT, down.outcome());
            try (NetMemServer second = small(port).start()) {
                assertEquals(port, second.port());
                assertEquals(0, mem.read(3).buffer().get(0));
                assertNotEquals(before, mem.info().incarnation());
                assertThrows(NetMemException.LockLost.class, lock::commit);
                lock.close();
                assertEquals(1, mem.version(3));
                try (PageLock again = mem.lock(3)) {
                    assertEquals(1, again.version());
                }
            }
        } finally {
            first.close();
        }
    }

    /** Connects, uses the client and returns from main without closing it. */
    static final class Forgetful {
        public static void main(String[] args) {
            NetMem mem = NetMem.connect(args[0]);
            mem.write(5, 0, new byte[] {7});
            mem.async().read(5).toCompletableFuture().join();
            for (int i = 0; i < 1000; i++) {
                mem.read(5);
            }
            System.out.println("done");
        }
    }

    @Test
    void program_withoutClose_endsByItselfAndPrintsNothingElse() throws Exception {
        try (NetMemServer server = small(0).start()) {
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            String classPath = System.getProperty("java.class.path");
            Process process = new ProcessBuilder(
                            java.toString(),
                            "-XX:+UseSerialGC",
                            "-cp",
                            classPath,
                            Forgetful.class.getName(),
                            server.uri())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the program goes on");
            assertEquals("done\n", output);
            assertEquals(0, process.exitValue());
            try (NetMem mem = NetMem.connect(server.uri())) {
                assertEquals(7, mem.read(5).buffer().get(0));
            }
        }
    }

    @Test
    void close_connectionsCutAtAnyByte_releasesLocksAtOnce() throws Exception {
        long seed = Long.getLong("netmem.seed", new Random().nextLong());
        try (NetMemServer server = small(0).start();
                CuttingProxy proxy = new CuttingProxy(server.port(), 600, seed);
                NetMem other = NetMem.builder(server.uri())
                        .deadline(Duration.ofSeconds(3))
                        .connect()) {
            for (int round = 0; round < 60; round++) {
                NetMem mem = NetMem.builder(proxy.uri())
                        .deadline(Duration.ofSeconds(20))
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                        .connect();
                PageLock held = mem.lock(round % 3);
                PageLock givenBack = mem.lock(3);
                givenBack.close();
                mem.close();
                assertTrue(held.page() == round % 3, () -> "seed " + seed);
                other.lockAll(0, 1, 2, 3).close(); // long before the lease of ten seconds is over
            }
            assertTrue(proxy.cuts() > 10, () -> "cuts: " + proxy.cuts());
        }
    }

    @Test
    void close_serverGone_returnsSoon() {
        NetMemServer server = small(0).start();
        NetMem mem = NetMem.connect(server.uri());
        mem.write(0, 0, new byte[] {1});
        server.close();

        long beginNanos = System.nanoTime();
        mem.close();

        assertTrue(System.nanoTime() - beginNanos < TimeUnit.SECONDS.toNanos(3), "within its second, or soon after it");
    }
}
