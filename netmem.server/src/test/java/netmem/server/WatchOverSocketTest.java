package netmem.server;

import static netmem.server.ProtocolOverSocketTest.bytes;
import static netmem.server.ProtocolOverSocketTest.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Reply.Committed.Version;
import netmem.api.wire.Request;
import netmem.api.wire.Request.Watch.Seen;
import netmem.api.wire.Step;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WATCH, UNWATCH, CHANGED and AWAIT_NEWER as docs/protocol has them, over raw sockets: above all what comes before what. */
@Timeout(60)
class WatchOverSocketTest {
    private static final int PAGES = 256;
    private static final int ROUNDS = 3_000;
    private static final int LONG_WAIT = 60_000;

    private static NetMemServer start(int pageLength, Map<String, Long> limits) {
        return NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(PAGES)
                .pageLengthBytes(pageLength)
                .eventLoops(2)
                .limits(ServerLimits.DEFAULTS.with(limits))
                .start();
    }

    private static Request watch(long first, long count, Seen... seen) {
        return new Request.Watch(first, count, List.of(seen));
    }

    private static List<Version> told(RawClient client) throws IOException {
        RawClient.Answered answered = client.receive();
        assertEquals(0, answered.requestId(), "a push answers no request");
        assertEquals(Opcode.CHANGED.code() | Opcode.REPLY, answered.opcode());
        return assertInstanceOf(Reply.Changed.class, answered.reply()).pages();
    }

    @Test
    void watch_ofPages_tellsTheirChangesFromThenOn() throws IOException {
        try (NetMemServer server = start(64, Map.of());
                RawClient watcher = RawClient.greeted(server);
                RawClient writer = RawClient.greeted(server)) {
            writer.ask(write(3, 0, 1));
            assertEquals(new Reply.Done(), watcher.ask(watch(2, 3)));
            watcher.assertSilent(20);

            writer.ask(write(1, 0, 1));
            writer.ask(write(3, 0, 2));

            assertEquals(List.of(new Version(3, 3)), told(watcher));
            assertEquals(new Reply.Done(), watcher.ask(new Request.Unwatch(2, 3)));
            writer.ask(write(3, 0, 2));
            watcher.assertSilent(20);
        }
    }

    @Test
    void watch_withSeenVersions_tellsThoseThatDifferBeforeItsReply() throws IOException {
        try (NetMemServer server = start(64, Map.of());
                RawClient watcher = RawClient.greeted(server);
                RawClient writer = RawClient.greeted(server)) {
            writer.ask(write(3, 0, 1));
            long id = watcher.nextId();
            watcher.send(watch(2, 3, new Seen(2, 1), new Seen(3, 1), new Seen(4, 0)), id);

            assertEquals(List.of(new Version(3, 2), new Version(4, 1)), told(watcher));
            assertEquals(new Reply.Done(), watcher.replyTo(Opcode.WATCH, id));
        }
    }

    @Test
    void ownChange_isToldBeforeItsReply() throws IOException {
        try (NetMemServer server = start(64, Map.of());
                RawClient watcher = RawClient.greeted(server)) {
            watcher.ask(watch(0, PAGES));
            long id = watcher.nextId();
            watcher.send(write(3, 0, 1), id);

            assertEquals(List.of(new Version(3, 2)), told(watcher));
            assertEquals(new Reply.Written(2), watcher.replyTo(Opcode.WRITE, id));
        }
    }

    @Test
    void requestThatWaited_isAnsweredAfterWhatItShows() throws IOException {
        try (NetMemServer server = start(64, Map.of());
                RawClient watcher = RawClient.greeted(server);
                RawClient writer = RawClient.greeted(server)) {
            watcher.ask(watch(0, PAGES));
            long await = FrameHeader.requestId(1, 1);
            watcher.send(new Request.AwaitNewer(3, 1, LONG_WAIT), await);
            watcher.assertAlive();
            writer.ask(write(3, 0, 1));

            assertEquals(List.of(new Version(3, 2)), told(watcher));
            assertEquals(new Reply.Written(2), watcher.replyTo(Opcode.AWAIT_NEWER, await));
        }
    }

    @Test
    void changes_moreThanOneFrameTakes_areToldInSeveral() throws IOException {
        try (NetMemServer server = NetMemServer.builder()
                        .listen("127.0.0.1", 0)
                        .pages(3_000)
                        .pageLengthBytes(64)
                        .start();
                RawClient watcher = RawClient.greeted(server)) {
            List<Version> expected = new ArrayList<>();
            for (int from = 0; from < 3_000; from += 1_000) {
                List<Seen> seen = new ArrayList<>();
                for (int page = from; page < from + 1_000; page++) {
                    seen.add(new Seen(page, 0));
                    expected.add(new Version(page, 1));
                }
                watcher.send(new Request.Watch(0, 3_000, seen), watcher.nextId());
            }
            List<Version> all = new ArrayList<>();
            while (all.size() < expected.size()) {
                if (watcher.receive().reply() instanceof Reply.Changed(List<Version> pages)) {
                    assertTrue(pages.size() <= 1024, "pages in a frame: " + pages.size());
                    all.addAll(pages);
                }
            }
            assertEquals(expected, all);
        }
    }

    /** The watcher's view: the newest version told of each page. */
    private static final class View {
        final Map<Long, Long> told = new HashMap<>();

        void take(Reply reply, long page) {
            switch (reply) {
                case Reply.Changed(List<Version> pages) ->
                    pages.forEach(one -> {
                        long before = told.getOrDefault(one.page(), 1L);
                        assertTrue(one.version() >= before, () -> one + " after " + before);
                        told.put(one.page(), one.version());
                    });
                case Reply.Data(long version, var _) -> shown(page, version);
                case Reply.Written(long version) -> shown(page, version);
                case Reply.Fetched(long version, long _) -> shown(page, version);
                case Reply.Granted granted -> shown(page, granted.version());
                case Reply.DataMany(var entries) -> {
                    for (int i = 0; i < entries.size(); i++) {
                        shown(i, entries.get(i).version());
                    }
                }
                case Reply.Committed(var versions, var results) -> {
                    versions.forEach(one -> shown(one.page(), one.version()));
                    results.forEach(result -> shown(page, result.version()));
                }
                default -> {}
            }
        }

        private void shown(long page, long version) {
            long known = told.getOrDefault(page, 1L);
            assertTrue(
                    known >= version,
                    () -> "a reply shows version " + version + " of page " + page + " before it was told: " + known);
        }
    }

    @Test
    void replies_ofEachKind_neverOvertakeNotifications() throws IOException {
        Random random = new Random(Long.getLong("netmem.seed", 42));
        AtomicBoolean enough = new AtomicBoolean();
        try (NetMemServer server = start(64, Map.of());
                RawClient watcher = RawClient.greeted(server);
                RawClient writer = RawClient.greeted(server)) {
            watcher.ask(watch(0, 4));
            CompletableFuture<long[]> writing = CompletableFuture.supplyAsync(() -> writeOn(writer, enough));
            View view = new View();
            for (int round = 1; round <= ROUNDS; round++) {
                long page = random.nextInt(4);
                long id = FrameHeader.requestId(round % 3, round);
                Request request = any(page, random);
                watcher.send(request, id);
                for (RawClient.Answered one = watcher.receive(); ; one = watcher.receive()) {
                    view.take(one.reply(), page);
                    if (one.requestId() == id) {
                        giveBack(watcher, one.reply(), page, view);
                        break;
                    }
                }
            }
            enough.set(true);
            long[] newest = writing.join();
            assertEventuallyTold(watcher, view, newest);
        }
    }

    private static Request any(long page, Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> new Request.Read(page, 0, Ranges.of(0, 8));
            case 1 -> new Request.Read(page, 0, Ranges.NONE);
            case 2 ->
                new Request.ReadMany(
                        random.nextBoolean(),
                        List.of(new Request.ReadMany.Entry(0, 0, 0, 8), new Request.ReadMany.Entry(1, 0, 0, 8)));
            case 3 -> write(page, 0, 7);
            case 4 -> new Request.Atomic(page, 0, 0, LONG_WAIT, 0, WordFunction.ADD, 1, 0);
            case 5 -> new Request.Transact(0, false, List.of(new Step.Read(page, 0, 8)));
            default -> new Request.Lock(page, 1, LONG_WAIT, random.nextBoolean(), true, 0);
        };
    }

    private static void giveBack(RawClient watcher, Reply reply, long page, View view) throws IOException {
        if (reply instanceof Reply.Granted granted) {
            long id = FrameHeader.requestId(9, granted.token());
            watcher.send(new Request.Unlock(page, granted.token(), Ranges.NONE, bytes()), id);
            for (RawClient.Answered one = watcher.receive(); one.requestId() != id; one = watcher.receive()) {
                view.take(one.reply(), page);
            }
        }
    }

    /** Writes the first four pages in turn; returns their last versions. */
    private static long[] writeOn(RawClient writer, AtomicBoolean enough) {
        try {
            long[] newest = new long[4];
            for (int i = 0; !enough.get(); i++) {
                int page = i % 4;
                Request.Write write = new Request.Write(page, 0, 0, LONG_WAIT, false, Ranges.of(0, 1), bytes(i));
                newest[page] =
                        assertInstanceOf(Reply.Written.class, writer.ask(write)).version();
            }
            return newest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The newest version is never left out, also when nothing is asked any more. */
    private static void assertEventuallyTold(RawClient watcher, View view, long[] newest) throws IOException {
        for (int page = 0; page < newest.length; page++) {
            while (view.told.getOrDefault((long) page, 1L) < newest[page]) {
                view.take(watcher.receive().reply(), page);
            }
        }
    }

    /** Asks for much and takes nothing, until the server reads no more. */
    private static int stuff(RawClient client) throws IOException {
        int reads = 400;
        for (int i = 0; i < reads; i++) {
            client.send(new Request.Read(PAGES - 1, 0, Ranges.of(0, 64 << 10)), FrameHeader.requestId(1, i + 1));
        }
        return reads;
    }

    @Test
    void watcherThatTakesNothing_isToldTheNewestWhenItTakesAgain() throws IOException {
        try (NetMemServer server = start(64 << 10, Map.of("outgoing-max-bytes", 64L << 10));
                RawClient watcher = RawClient.greeted(server);
                RawClient writer = RawClient.greeted(server)) {
            watcher.ask(watch(0, 2));
            int reads = stuff(watcher);
            long version = 0;
            for (int i = 0; i < 2_000; i++) {
                version = assertInstanceOf(Reply.Written.class, writer.ask(write(i % 2, 0, 1)))
                        .version();
            }

            View view = new View();
            int answered = 0;
            int notifications = 0;
            while (answered < reads || view.told.getOrDefault(1L, 0L) < version) {
                Reply reply = watcher.receive().reply();
                notifications += reply instanceof Reply.Changed ? 1 : 0;
                answered += reply instanceof Reply.Data ? 1 : 0;
                view.take(reply, PAGES - 1);
            }
            assertEquals(version, view.told.get(0L));
            assertTrue(notifications < 2_000, "conflated: " + notifications);
        }
    }

    @Test
    void watcherThatTakesNothing_andMissesTooMuch_isCutAndMayResume() throws IOException {
        Map<String, Long> limits = Map.of("outgoing-max-bytes", 64L << 10, "changes-unsent-max", 50L);
        try (NetMemServer server = start(64 << 10, limits);
                RawClient watcher = new RawClient(server);
                RawClient writer = RawClient.greeted(server)) {
            Reply.Welcome welcome = watcher.greet(RawClient.hello(0));
            watcher.ask(watch(0, PAGES));
            stuff(watcher);
            for (int page = 0; page < 200; page++) {
                writer.ask(write(page, 0, 1));
            }

            assertCut(watcher);
            try (RawClient again = new RawClient(server)) {
                Reply.Welcome resumed = again.greet(RawClient.resuming(welcome));
                assertTrue(resumed.resumed(), "the session goes on");
                again.send(watch(0, PAGES, new Seen(3, 1), new Seen(4, 2)), again.nextId());
                assertEquals(List.of(new Version(3, 2)), told(again));
            }
        }
    }

    /** What was said before comes, then the reason, then the end. */
    private static void assertCut(RawClient watcher) throws IOException {
        Reply last = watcher.receive().reply();
        while (!(last instanceof Reply.Failed)) {
            last = watcher.receive().reply();
        }
        RawClient.failed(Status.BUSY, last);
        watcher.assertEnded();
    }

    @Test
    void watch_afterResume_tellsWhatWasMissed() throws IOException {
        try (NetMemServer server = start(64, Map.of());
                RawClient writer = RawClient.greeted(server)) {
            Reply.Welcome session;
            try (RawClient watcher = new RawClient(server)) {
                session = watcher.greet(RawClient.hello(0));
                watcher.ask(watch(0, 4));
                writer.ask(write(0, 0, 1));
                assertEquals(List.of(new Version(0, 2)), told(watcher));
                watcher.reset();
            }
            writer.ask(write(0, 0, 1));
            writer.ask(write(1, 0, 1));
            try (RawClient watcher = new RawClient(server)) {
                assertTrue(watcher.greet(RawClient.resuming(session)).resumed());
                writer.ask(write(2, 0, 1));
                watcher.assertSilent(20);
                Seen[] seen = {new Seen(0, 2), new Seen(1, 0), new Seen(2, 0), new Seen(3, 0)};
                watcher.send(watch(0, 4, seen), watcher.nextId());
                assertEquals(
                        List.of(new Version(0, 3), new Version(1, 2), new Version(2, 2), new Version(3, 1)),
                        told(watcher));
            }
        }
    }
}
