package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Status;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for changes and being told of them, against the real server and against one that loses connections. */
@Timeout(60)
class WatchTest {
    private static final int PAGES = 3000;

    private NetMemServer server;
    private NetMem mem;
    private NetMem other;

    /** What a listener was told. */
    private record News(long page, long version) {}

    private final BlockingQueue<News> told = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        server = NetMemServer.builder()
                .pages(PAGES)
                .pageLengthBytes(64)
                .listen("127.0.0.1", 0)
                .start();
        mem = NetMem.connect(server.uri());
        other = NetMem.connect(server.uri());
    }

    @AfterEach
    void stop() {
        mem.close();
        other.close();
        server.close();
    }

    private void listen(long page, long version) {
        told.add(new News(page, version));
    }

    private News next() throws InterruptedException {
        News news = told.poll(20, TimeUnit.SECONDS);
        if (news == null) {
            throw new AssertionError("no news within 20 s");
        }
        return news;
    }

    /**
     * A thousand watches of one page, which another client changes as fast as it can: calls go on beside them, and all are
     * told of the last change.
     */
    @Test
    void manyWatches_ofAPageThatChangesAllTheTime_holdUpNoCallAndAreToldTheLastChange() throws Exception {
        int watches = 1000;
        AtomicLongArray newest = new AtomicLongArray(watches);
        for (int i = 0; i < watches; i++) {
            int at = i;
            mem.watch(1, 1, (_, version) -> newest.set(at, version));
        }
        AtomicBoolean stop = new AtomicBoolean();
        FutureTask<Long> writer = FakeServer.start(() -> {
            long version = 0;
            while (!stop.get()) {
                version = other.write(1, 0, new byte[] {1});
            }
            return version;
        });
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            long start = System.nanoTime();
            mem.read(2);
            nanos.add(System.nanoTime() - start);
        }
        stop.set(true);
        long last = FakeServer.join(writer);
        for (int i = 0; i < watches; i++) {
            while (newest.get(i) != last) {
                Thread.onSpinWait();
            }
        }
        nanos.sort(null);
        long late = nanos.get(nanos.size() / 100 * 99);
        System.out.println("WatchTest: p99 of reads beside 1000 watches: " + late / 1000 + " us, changes: " + last);
        assertTrue(late < TimeUnit.MILLISECONDS.toNanos(100), "p99 of a read: " + late + " ns");
    }

    @Test
    void awaitNewer_ofAnOldVersion_returnsAtOnce_ofTheCurrentOneNothing() {
        mem.write(1, 0, new byte[] {1});
        assertEquals(2, mem.awaitNewer(1, 1, Duration.ZERO).orElseThrow().version());
        assertTrue(mem.awaitNewer(1, 2, Duration.ZERO).isEmpty());
        assertTrue(mem.awaitNewer(1, 2, Duration.ofMillis(10)).isEmpty());
    }

    @Test
    void awaitNewer_waitsForTheChange_beyondTheDeadline() throws Exception {
        NetMem hasty = mem.within(Duration.ofMillis(500));
        FutureTask<Optional<Versioned>> waiting =
                FakeServer.start(() -> hasty.awaitNewer(1, 1, Duration.ofSeconds(20)));
        while (!Long.valueOf(1).equals(other.stats().get("waiters"))) {
            Thread.onSpinWait();
        }
        other.write(1, 0, new byte[] {7});
        Versioned newer = FakeServer.join(waiting).orElseThrow();
        assertEquals(2, newer.version());
        assertEquals(7, newer.buffer().get(0));
    }

    @Test
    void awaitNewer_whoseServerLostItsMemory_fails() throws Exception {
        try (FakeServer fake = new FakeServer()) {
            FakeServer.Pair pair = fake.connect();
            FutureTask<Optional<Versioned>> waiting =
                    FakeServer.start(() -> pair.mem().awaitNewer(1, 5, Duration.ofSeconds(20)));
            assertInstanceOf(Request.AwaitNewer.class, pair.peer().nextCall().request());
            pair.peer().reset();
            try (FakeServer.Peer again = fake.accept()) {
                again.greet(FakeServer.welcome(
                        false, new SessionId(7, 7), new Incarnation(9, 9), 10_000, FakeServer.SLOTS));
                assertThrows(NetMemException.SessionLost.class, () -> FakeServer.join(waiting));
                again.reset();
            }
            pair.mem().close();
        }
    }

    @Test
    void watch_tellsEachChangedPage_andNoOther() throws Exception {
        try (Watch watch = mem.watch(10, 2000, this::listen)) {
            other.write(9, 0, new byte[1]);
            other.write(10, 0, new byte[1]);
            assertEquals(new News(10, 2), next());
            mem.write(2009, 0, new byte[1]);
            assertEquals(new News(2009, 2), next());
            other.write(2010, 0, new byte[1]);
            other.write(11, 0, new byte[1]);
            assertEquals(new News(11, 2), next());
            assertTrue(watch.failure().isEmpty());
        }
        assertTrue(told.isEmpty());
    }

    @Test
    void watch_ofABusyListener_skipsVersions_andNeverTheNewest() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Watch.Listener slow = (page, version) -> {
            listen(page, version);
            entered.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        try (Watch watch = mem.watch(0, 1, slow)) {
            mem.atomic(0, 0, WordFunction.ADD, 1);
            entered.await();
            for (int i = 0; i < 20; i++) {
                mem.atomic(0, 0, WordFunction.ADD, 1);
            }
            goOn.countDown();
            assertEquals(new News(0, 2), next());
            News news = next();
            for (int more = 0; news.version() < 22; more++) { // what was still being handed on when it went on
                assertTrue(more < 3, news::toString);
                news = next();
            }
            assertEquals(new News(0, 22), news);
            assertTrue(watch.failure().isEmpty());
        }
    }

    @Test
    void watch_whoseListenerThrows_goesOn() throws Exception {
        Watch.Listener throwing = (page, version) -> {
            listen(page, version);
            Thread.currentThread().setUncaughtExceptionHandler((_, _) -> listen(-1, version));
            throw new IllegalStateException("as the test says");
        };
        try (Watch watch = mem.watch(0, 2, throwing)) {
            mem.write(0, 0, new byte[1]);
            assertEquals(new News(0, 2), next());
            assertEquals(new News(-1, 2), next());
            mem.write(1, 0, new byte[1]);
            assertEquals(new News(1, 2), next());
            assertTrue(watch.failure().isEmpty());
        }
    }

    @Test
    void watch_closed_tellsNothing_andLeavesTheOtherOfTheSameRun() throws Exception {
        BlockingQueue<News> kept = new LinkedBlockingQueue<>();
        try (Watch second = mem.watch(0, 4, (page, version) -> kept.add(new News(page, version)))) {
            mem.watch(0, 4, this::listen).close();
            other.write(3, 0, new byte[1]);
            assertEquals(new News(3, 2), kept.poll(20, TimeUnit.SECONDS));
            assertTrue(told.isEmpty());
            assertTrue(second.failure().isEmpty());
        }
        while (!Long.valueOf(0).equals(mem.stats().get("watches"))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void watch_ofPagesThatAreNotThere_isRefused() {
        assertThrows(NetMemException.Refused.class, () -> mem.watch(PAGES - 1, 2, this::listen));
        assertThrows(IllegalArgumentException.class, () -> mem.watch(0, 0, this::listen));
        assertThrows(IllegalArgumentException.class, () -> mem.watch(0, (1 << 16) + 1, this::listen));
    }

    @Test
    void watch_overLostConnections_namesWhatItHasSeen_andMissesNothing() throws Exception {
        try (FakeServer fake = new FakeServer()) {
            FakeServer.Pair pair = fake.connect();
            FutureTask<Watch> watching = FakeServer.start(() -> pair.mem().watch(4, 2, this::listen));
            FakeServer.Frame versions = pair.peer().nextCall();
            assertInstanceOf(Request.ReadMany.class, versions.request());
            pair.peer()
                    .reply(
                            new Reply.DataMany(List.of(
                                    new Reply.DataMany.Entry(3, Call.noData()),
                                    new Reply.DataMany.Entry(8, Call.noData()))),
                            versions);
            FakeServer.Frame watch = pair.peer().nextCall();
            assertEquals(seen(3, 8), watch.request());
            pair.peer().reply(new Reply.Done(), watch);
            try (Watch open = FakeServer.join(watching)) {
                push(pair.peer(), 5, 9);
                assertEquals(new News(5, 9), next());
                push(pair.peer(), 5, 9);
                pair.peer().reset();
                try (FakeServer.Peer again = fake.accept()) {
                    again.greet(FakeServer.welcome(true));
                    FakeServer.Frame anew = again.nextCall();
                    assertEquals(seen(3, 9), anew.request());
                    again.reply(new Reply.Done(), anew);
                    push(again, 4, 6);
                    assertEquals(new News(4, 6), next());
                    again.reset();
                }
                try (FakeServer.Peer renewed = fake.accept()) {
                    renewed.greet(FakeServer.welcome(
                            false, new SessionId(7, 7), new Incarnation(9, 9), 10_000, FakeServer.SLOTS));
                    FakeServer.Frame anew = renewed.nextCall();
                    assertEquals(seen(0, 0), anew.request());
                    push(renewed, 4, 1);
                    assertEquals(new News(4, 1), next());
                    renewed.fail(Status.BUSY, anew);
                    while (open.failure().isEmpty()) {
                        Thread.onSpinWait();
                    }
                    renewed.reset();
                }
            }
            pair.mem().close();
        }
    }

    private static Request.Watch seen(long first, long second) {
        return new Request.Watch(4, 2, List.of(new Request.Watch.Seen(4, first), new Request.Watch.Seen(5, second)));
    }

    static void push(FakeServer.Peer peer, long page, long version) throws Exception {
        Reply.Changed changed = new Reply.Changed(List.of(new Reply.Committed.Version(page, version)));
        ByteBuffer out = ByteBuffer.allocate(ReplyCodec.frameBytes(changed)).order(ByteOrder.LITTLE_ENDIAN);
        ReplyCodec.encode(changed, Opcode.CHANGED.code(), 0, out);
        peer.write(out.array());
    }
}
