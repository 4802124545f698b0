package netmem.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import netmem.server.NetMemServer;
import netmem.server.NetMemServerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What others have queued, within the limits, does not make one request dear. */
@Timeout(120)
class LongLinesTest {
    private static final int HELD = 700;
    private static final int CLIENTS = 9;
    private static final int WAITS_EACH = 700;

    private final List<NetMem> clients = new ArrayList<>();

    private NetMem client(NetMemServer server) {
        NetMem client = NetMem.builder(server.uri())
                .deadline(Duration.ofSeconds(100))
                .lease(Duration.ofSeconds(60))
                .connect();
        clients.add(client);
        return client;
    }

    /** Waits until so many requests wait at the server. */
    private static void awaitWaiters(NetMem mem, long count) {
        while (mem.stats().getOrDefault("waiters", 0L) < count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void ownerWhoWaitsForManyPages_besideALongLine_isGrantedEachQuickly() throws Exception {
        NetMemServerBuilder builder = NetMemServer.builder().pages(HELD + 2).listen("127.0.0.1", 0);
        try (NetMemServer server = builder.start()) {
            NetMem reader = client(server);
            PageLock first = client(server).lock(0);
            NetMem holding = client(server);
            Locks holder = holding.owner();
            List<PageLock> held = new ArrayList<>();
            for (int page = 1; page <= HELD; page++) {
                held.add(holder.lock(page));
            }
            LocksAsync waiting = client(server).async().owner();
            List<CompletionStage<PageLock>> granted = new ArrayList<>();
            for (int page = 1; page <= HELD; page++) {
                granted.add(waiting.lock(page));
            }
            awaitWaiters(reader, HELD);
            for (int i = 0; i < CLIENTS; i++) {
                NetMemAsync others = client(server).async();
                for (int j = 0; j < WAITS_EACH; j++) {
                    CompletionStage<Optional<PageLock>> _ = others.tryLock(0, Duration.ofSeconds(100));
                }
            }
            awaitWaiters(reader, HELD + CLIENTS * WAITS_EACH);
            FutureTask<Optional<PageLock>> last = FakeServer.start(() -> holder.tryLock(0, Duration.ofSeconds(100)));
            awaitWaiters(reader, HELD + CLIENTS * WAITS_EACH + 1);

            AtomicBoolean going = new AtomicBoolean(true);
            FutureTask<Long> reading = FakeServer.start(() -> {
                long longest = 0;
                while (going.get()) {
                    long begin = System.nanoTime();
                    long _ = reader.version(HELD + 1);
                    longest = Math.max(longest, System.nanoTime() - begin);
                }
                return TimeUnit.NANOSECONDS.toMillis(longest);
            });
            long begin = System.nanoTime();
            held.forEach(PageLock::close);
            for (CompletionStage<PageLock> lock : granted) {
                assertTrue(lock.toCompletableFuture().get(100, TimeUnit.SECONDS).isHeld());
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            going.set(false);
            long longest = FakeServer.join(reading);
            System.out.println("LongLinesTest: " + HELD + " locks handed on in " + millis + " ms, longest read "
                    + longest + " ms");
            assertTrue(
                    millis < 10_000,
                    millis + " ms; it was more than a minute where each grant looked through the line");
            assertTrue(longest < 1_000, "another client's read took " + longest + " ms");
            assertTrue(first.isHeld() && !last.isDone());
        } finally {
            clients.forEach(NetMem::close);
        }
    }
}
