package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import netmem.api.Incarnation;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerLimits;
import netmem.server.memory.PageMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What things cost on the heap, against what {@link ServerLimits#heapBytes()} takes them to cost: the difference that one limit makes there bounds the heap
 * that is really in use after so many.
 */
@Timeout(60)
final class HeapCostTest {
    private static final int MANY = 20_000;
    private static final int SLOTS = 60_000;
    private static final long STEADY_BYTES = 64 << 10;
    private static final long PAGES = 1 << 20;
    private static final Incarnation INCARNATION = new Incarnation(1, 2);
    private static final Map<String, Long> WIDE = Map.of(
            "locks-per-session-max", (long) MANY,
            "slots", (long) SLOTS,
            "outcomes-max-bytes", 1L << 30,
            "watches-per-session-max", 1_000L,
            "waiters-per-page-max", (long) MANY,
            "changes-unsent-max", (long) MANY);

    private final PageMemory pages = PageMemory.anonymous(PAGES, 64, 1, 2);
    private final ServerLimits limits = ServerLimits.DEFAULTS.with(WIDE);
    private Engine engine = fresh();
    private final List<Session> sessions = new ArrayList<>();
    private long lastSession;

    HeapCostTest() throws IOException {}

    private Engine fresh() {
        return new Engine(pages, limits, INCARNATION, new Reply.Description("test", Map.of()));
    }

    /** Whoever still has this object should not keep what it measured: the next test would see it go, and measure too little. */
    @AfterEach
    void forget() {
        engine = fresh();
        sessions.clear();
        pages.close();
    }

    @Test
    void defaults_allReached_fitTheHeapOfTheImage() {
        assertTrue(
                ServerLimits.DEFAULTS.heapBytes() < 0.9 * (384 << 20), "bytes: " + ServerLimits.DEFAULTS.heapBytes());
    }

    @Test
    void sessions_costNoMoreThanCounted() {
        assertBounded("sessions-max", MANY / 2, this::open);
    }

    @Test
    void locks_costNoMoreThanCounted() {
        Session session = open();
        long outcomes = outcomeBytes();
        long[] last = {0};
        long heap = heapOf(MANY, () -> {
            Request lock = new Request.Lock(last[0], 1, 0, false, 0);
            assertInstanceOf(Reply.Granted.class, ask(session, 0, ++last[0], lock));
        });
        assertAtMost(cost("locks-max", MANY) + outcomeBytes() - outcomes, heap);
    }

    @Test
    void waiters_costNoMoreThanCounted() {
        Session holder = open();
        ask(holder, 0, 1, new Request.Lock(7, 1, 0, false, 0));
        Session session = open();
        long before = outcomeBytes();
        int[] slot = {0};
        long heap = heapOf(MANY, () -> {
            Request wait = new Request.Lock(7, slot[0] + 2L, 100_000, false, 0);
            long id = FrameHeader.requestId(slot[0]++, 1);
            assertEquals(Answer.DEFERRED, engine.execute(session, session.connection, id, wait, 1));
        });
        assertAtMost(cost("waiters-max", MANY) + cost("locks-max", MANY) + outcomeBytes() - before, heap);
    }

    @Test
    void outcomes_costNoMoreThanCounted() {
        Session session = open();
        long before = outcomeBytes();
        int[] slot = {0};
        long heap = heapOf(SLOTS, () -> {
            Request unlock = new Request.Unlock(PAGES + slot[0], 1, Ranges.NONE, PageChange.NOTHING);
            ask(session, slot[0]++, 1, unlock);
        });
        assertAtMost(outcomeBytes() - before, heap);
    }

    @Test
    void watchesAndChanges_costNoMoreThanCounted() {
        List<Session> watching = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            watching.add(open());
        }
        int[] count = {0};
        long watches = heapOf(10_000, () -> {
            Session session = watching.get(count[0] % watching.size());
            Request watch = new Request.Watch(count[0]++ * 3L + 1, 1 << 10, List.of());
            assertInstanceOf(Reply.Done.class, ask(session, 0, 0, watch));
        });
        assertAtMost(cost("watches-max", 10_000), watches);

        Session writer = open();
        long unsentBefore = engine.counters().getOrDefault("changes-unsent", 0L);
        long[] page = {0};
        long changes = heapOf(MANY, () -> {
            page[0]++;
            Request add = new Request.Atomic(page[0], 0, 0, 0, 0, WordFunction.ADD, 1, 0);
            ask(writer, 0, page[0], add);
        });
        long unsent = engine.counters().getOrDefault("changes-unsent", 0L) - unsentBefore;
        assertTrue(unsent > MANY, "unsent: " + unsent);
        assertAtMost(cost("changes-unsent-total-max", unsent) + (1 << 20), changes);
    }

    private Session open() {
        SessionId id = new SessionId(1, ++lastSession);
        Request.Hello hello = new Request.Hello(SessionId.NONE, INCARNATION, 0, "client", "");
        Session session = engine.greet(lastSession, hello, id, 1).session();
        if (session == null) {
            throw new AssertionError("refused");
        }
        sessions.add(session);
        return session;
    }

    private Reply ask(Session session, int slot, long sequence, Request request) {
        long id = FrameHeader.requestId(slot, sequence);
        return assertInstanceOf(Answer.Now.class, engine.execute(session, session.connection, id, request, 1))
                .reply();
    }

    private long outcomeBytes() {
        return engine.counters().getOrDefault("outcome-bytes", 0L);
    }

    private void assertBounded(String limit, int count, Runnable one) {
        long before = outcomeBytes();
        long heap = heapOf(count, one);
        assertAtMost(cost(limit, count) + outcomeBytes() - before, heap);
    }

    private static void assertAtMost(long counted, long used) {
        assertTrue(used <= counted, "heap in use: " + used + " bytes (expected: <= " + counted + ")");
    }

    /** What the estimate takes so many of a thing to cost. */
    private static long cost(String limit, long count) {
        ServerLimits defaults = ServerLimits.DEFAULTS;
        long more = defaults.byName().getOrDefault(limit, 0L) + count;
        return defaults.with(Map.of(limit, more)).heapBytes() - defaults.heapBytes();
    }

    private long heapOf(int count, Runnable one) {
        long before = used();
        for (int i = 0; i < count; i++) {
            one.run();
        }
        engine.takeEffects();
        return used() - before;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long before = Long.MAX_VALUE;
        long now = runtime.totalMemory();
        for (int i = 0; i < 10 && before - now > STEADY_BYTES; i++) {
            before = now;
            System.gc();
            now = runtime.totalMemory() - runtime.freeMemory();
        }
        return now;
    }
}
