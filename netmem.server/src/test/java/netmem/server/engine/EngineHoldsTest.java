package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.api.wire.Step;
import netmem.server.config.ServerLimits;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each structure of the engine filled to its default limit, and then what costs most there: no call of the engine,
 * which is as long as the monitor is held for one request, takes more than 10 ms. Processor time is measured, so that
 * others on the machine and the collector do not count; and the best of several runs, since code is compiled during the
 * first ones: what a structure costs, it costs each time.
 */
@Timeout(300)
final class EngineHoldsTest {
    private static final double HOLD_MILLIS_MAX = 10;
    private static final @Nullable Object THREADS = threads();
    private static final Method CPU_TIME = cpuTime();
    private static final int RUNS = 20;
    private static final int PAGE_BYTES = 4096;
    private static final int PAGES = 100_000;
    private static final int LONG = 1_000_000;
    private static final ServerLimits LIMITS = ServerLimits.DEFAULTS;

    /** One run: an engine, its sessions, and the longest call. */
    private static final class Run {
        final PageMemory pages;
        final Engine engine;
        final List<Session> sessions = new ArrayList<>();
        long now = 1;
        long longestNanos;
        private long lastSequence;

        Run(PageMemory pages) {
            this.pages = pages;
            engine = new Engine(pages, LIMITS, new Incarnation(1, 2), new Reply.Description("test", Map.of()));
        }

        Session open() {
            Request.Hello hello = new Request.Hello(SessionId.NONE, new Incarnation(1, 2), 10_000, "", "");
            Session session = Objects.requireNonNull(
                    engine.greet(sessions.size() + 1, hello, new SessionId(1, sessions.size() + 1), now)
                            .session());
            sessions.add(session);
            return session;
        }

        void open(int count) {
            for (int i = 0; i < count; i++) {
                open();
            }
        }

        /** A request in a slot of its own. */
        Answer send(Session session, int slot, Request request) {
            return engine.execute(
                    session, session.connection, FrameHeader.requestId(slot, ++lastSequence), request, now);
        }

        Answer send(Session session, Request request) {
            return send(session, 0, request);
        }

        long lock(Session session, long page) {
            Answer answer = send(session, new Request.Lock(page, 1, 0, false, 0));
            Reply reply = assertInstanceOf(Answer.Now.class, answer).reply();
            return assertInstanceOf(Reply.Granted.class, reply).token();
        }

        void waits(Session session, int slot, Request request) {
            assertEquals(Answer.DEFERRED, send(session, slot, request));
        }

        void measured(Runnable call) {
            measure(call);
            while (engine.nextTickNanos() <= now) {
                measure(() -> engine.tick(now));
            }
        }

        private void measure(Runnable call) {
            long start = cpuNanos();
            call.run();
            engine.takeEffects();
            longestNanos = Math.max(longestNanos, cpuNanos() - start);
        }

        void measured(Session session, Request request) {
            measured(() -> send(session, 1023, request));
        }
    }

    /** Processor time of this thread; by reflection, for the server's module does not read java.management. */
    private static long cpuNanos() {
        try {
            return (long) CPU_TIME.invoke(THREADS);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static @Nullable Object threads() {
        try {
            return Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Method cpuTime() {
        try {
            return Class.forName("java.lang.management.ThreadMXBean").getMethod("getCurrentThreadCpuTime");
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private interface Scenario {
        void in(Run run);
    }

    private static void assertShort(Scenario scenario) {
        try (PageMemory pages = PageMemory.heap(PAGES, 64)) {
            assertShort(pages, scenario);
        }
    }

    private static void assertShortOnPages(Scenario scenario) throws IOException {
        try (PageMemory pages = PageMemory.anonymous(1024, PAGE_BYTES, 1, 2)) {
            assertShort(pages, scenario);
        }
    }

    private static void assertShort(PageMemory pages, Scenario scenario) {
        List<String> all = new ArrayList<>();
        double best = Double.MAX_VALUE;
        for (int i = 0; i < RUNS && best > HOLD_MILLIS_MAX; i++) {
            Run run = new Run(pages);
            scenario.in(run);
            double millis = run.longestNanos / 1e6;
            all.add(String.format(Locale.ROOT, "%.2f", millis));
            best = Math.min(best, millis);
        }
        System.out.println("EngineHoldsTest: longest calls, ms: " + all);
        assertTrue(
                best <= HOLD_MILLIS_MAX, () -> "longest calls: " + all + " ms (expected: <= " + HOLD_MILLIS_MAX + ")");
    }

    private static Request write(long page) {
        return new Request.Write(page, 0, 0, LONG, false, Ranges.of(0, 64), ByteBuffer.allocate(64));
    }

    private static Request lock(long page, long handle, boolean shared) {
        return new Request.Lock(page, handle, LONG, shared, false, 0);
    }

    private static Request unlock(long page, long token) {
        return new Request.Unlock(page, token, Ranges.NONE, ByteBuffer.allocate(0));
    }

    @Test
    void write_toAPageThatManyAwait() {
        assertShort(run -> {
            run.open(LIMITS.sessionsMax());
            for (int i = 1; i < LIMITS.sessionsMax(); i++) {
                run.waits(run.sessions.get(i), 0, new Request.AwaitNewer(0, run.pages.version(0), LONG));
            }
            run.measured(run.sessions.getFirst(), write(0));
        });
    }

    @Test
    void unlock_ofAPageThatManyWantShared() {
        assertShort(run -> {
            run.open(LIMITS.sessionsMax());
            long token = run.lock(run.sessions.getFirst(), 0);
            for (int i = 1; i < LIMITS.sessionsMax(); i++) {
                run.waits(run.sessions.get(i), 0, lock(0, 1, true));
            }
            run.measured(run.sessions.getFirst(), unlock(0, token));
        });
    }

    @Test
    void unlock_ofAPageThatManyWrite() {
        assertShort(run -> {
            run.open(LIMITS.sessionsMax());
            long token = run.lock(run.sessions.getFirst(), 0);
            for (int i = 1; i < LIMITS.sessionsMax(); i++) {
                run.waits(run.sessions.get(i), 0, write(0));
            }
            run.measured(run.sessions.getFirst(), unlock(0, token));
        });
    }

    @Test
    void write_toAPageThatManyWatch() {
        assertShort(run -> {
            run.open(LIMITS.sessionsMax());
            for (Session session : run.sessions) {
                run.send(session, new Request.Watch(0, 1, List.of()));
            }
            run.measured(run.sessions.getFirst(), write(0));
        });
    }

    @Test
    void write_toAPageInManyWatchesOfFew() {
        assertShort(run -> {
            run.open(LIMITS.watchesMax() / LIMITS.watchesPerSessionMax());
            for (Session session : run.sessions) {
                for (int i = 0; i < LIMITS.watchesPerSessionMax(); i++) {
                    run.send(session, new Request.Watch(0, 1 + i, List.of()));
                }
            }
            for (int i = 0; i < 1000; i++) {
                run.measured(run.sessions.getFirst(), write(0));
            }
        });
    }

    @Test
    void write_thatPutsAllTooFarBehind() {
        assertShort(run -> {
            int sessions = 8_000;
            run.open(sessions);
            for (Session session : run.sessions) {
                run.send(session, new Request.Watch(0, PAGES, List.of()));
            }
            for (int page = 0; page < 2 * LIMITS.changesUnsentTotalMax() / sessions; page++) {
                run.measured(run.sessions.getFirst(), write(page));
            }
        });
    }

    @Test
    void unwatch_ofAllThatIsUnsent() {
        assertShort(run -> {
            run.open(2);
            Session session = run.sessions.getFirst();
            for (int i = 1; i < LIMITS.watchesPerSessionMax(); i++) {
                run.send(session, new Request.Watch(LIMITS.changesUnsentMax() + i, 1, List.of()));
            }
            run.send(session, new Request.Watch(0, LIMITS.changesUnsentMax(), List.of()));
            for (int page = 0; page < LIMITS.changesUnsentMax(); page++) {
                run.send(run.sessions.getLast(), write(page));
            }
            run.measured(session, new Request.Unwatch(0, LIMITS.changesUnsentMax()));
        });
    }

    @Test
    void bye_ofASessionWithAllThatOneMayHave() {
        assertShort(run -> {
            run.open(LIMITS.slots() + 2);
            Session session = run.sessions.getFirst();
            for (int page = 0; page < LIMITS.locksPerSessionMax() - 1000; page++) {
                run.lock(session, page);
            }
            Session other = run.sessions.getLast();
            run.lock(other, 50_000);
            for (int slot = 0; slot < 1000; slot++) {
                run.waits(session, slot, lock(50_000, slot, false));
            }
            for (int i = 0; i < LIMITS.watchesPerSessionMax(); i++) {
                run.send(session, new Request.Watch(i, PAGES - 2 * i, List.of()));
            }
            for (int i = 1; i < 90; i++) {
                for (int slot = 0; slot < LIMITS.slots(); slot++) {
                    run.waits(run.sessions.get(i), slot, write(i * 37 % 64 * 48 + slot % 48));
                }
            }
            run.measured(session, new Request.Bye());
        });
    }

    @Test
    void sessions_thatEndTogether() {
        assertShort(run -> {
            run.open(LIMITS.sessionsMax());
            for (int i = 0; i < LIMITS.sessionsMax(); i++) {
                for (int lock = 0; lock < LIMITS.locksMax() / LIMITS.sessionsMax(); lock++) {
                    run.lock(run.sessions.get(i), i * 10L + lock);
                }
            }
            run.now += TimeUnit.SECONDS.toNanos(20);
            run.measured(() -> run.engine.tick(run.now));
        });
    }

    @Test
    void waits_thatEndTogether() {
        assertShort(run -> {
            run.open(102);
            run.lock(run.sessions.getLast(), 0);
            for (int i = 0; i < 97; i++) {
                for (int slot = 0; slot < LIMITS.slots(); slot++) {
                    run.waits(run.sessions.get(i), slot, new Request.AwaitNewer(i * 1000 + slot, 99, 5));
                }
            }
            run.now += TimeUnit.SECONDS.toNanos(5);
            run.measured(() -> run.engine.tick(run.now));
        });
    }

    /** One owner holds a page with a long line and waits for many pages, each with a long line. */
    @Test
    void lock_thatIsLookedForInACircle() {
        assertShort(run -> {
            run.open(101);
            Session owner = run.sessions.getFirst();
            Session other = run.sessions.get(1);
            run.lock(owner, 0);
            int pages = 1000;
            for (int page = 1; page <= pages; page++) {
                run.lock(other, page);
            }
            int waiters = 0;
            for (int i = 2; i < 92; i++) {
                for (int slot = 0; slot < LIMITS.slots(); slot++) {
                    run.waits(run.sessions.get(i), slot, lock(waiters < 9_000 ? 0 : 1 + waiters % pages, slot, false));
                    waiters++;
                }
            }
            for (int slot = 0; slot < 100; slot++) {
                int at = slot;
                run.measured(() -> run.send(owner, at, lock(1 + at, 1, false)));
            }
        });
    }

    /** Many owners that hold something and wait are granted a page at once. */
    @Test
    void unlock_thatGrantsManyOwnersWhoWaitElsewhere() {
        assertShort(run -> {
            run.open(9_002);
            Session holder = run.sessions.getFirst();
            Session other = run.sessions.get(1);
            long token = run.lock(holder, 0);
            run.lock(other, 1);
            for (int i = 2; i < 9_002; i++) {
                Session session = run.sessions.get(i);
                run.lock(session, 10 + i);
                run.waits(session, 0, lock(0, 1, true));
                run.waits(session, 1, lock(1, 1, false));
            }
            run.waits(other, 0, lock(0, 1, false));
            run.measured(holder, unlock(0, token));
        });
    }

    @Test
    void transact_ofAsManyStepsAsThereMayBe() throws IOException {
        assertShortOnPages(run -> {
            run.open(1);
            List<Step> atomics = new ArrayList<>();
            List<Step> compares = new ArrayList<>();
            List<Step> writes = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                atomics.add(new Step.Atomic(0, i % 8 * 8, WordFunction.ADD, 1));
                compares.add(new Step.CompareBytes(i, 0, ByteBuffer.allocate(PAGE_BYTES)));
                writes.add(new Step.Write(i, 0, ByteBuffer.allocate(PAGE_BYTES)));
            }
            List<Step> wrong = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                wrong.add(new Step.CompareVersion(i, 0));
            }
            for (int i = 0; i < 200; i++) {
                run.measured(run.sessions.getFirst(), new Request.Transact(0, false, atomics));
                run.measured(run.sessions.getFirst(), new Request.Transact(0, true, wrong));
                run.measured(run.sessions.getFirst(), new Request.Transact(0, true, compares));
                run.measured(run.sessions.getFirst(), new Request.Transact(0, false, writes));
            }
        });
    }

    @Test
    void snapshot_ofAsManyPagesAsFit() throws IOException {
        assertShortOnPages(run -> {
            run.open(1);
            List<Request.ReadMany.Entry> entries = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                entries.add(new Request.ReadMany.Entry(i, 0, 0, PAGE_BYTES));
            }
            for (int i = 0; i < 200; i++) {
                run.measured(run.sessions.getFirst(), new Request.ReadMany(true, entries));
            }
        });
    }

    @Test
    void lockMany_ofAsManyPagesAsThereMayBe() {
        assertShort(run -> {
            run.open(2);
            List<Request.LockMany.Want> wants = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                wants.add(new Request.LockMany.Want(i, false));
            }
            long token = run.lock(run.sessions.getLast(), 0);
            for (int slot = 0; slot < 15; slot++) {
                int at = slot;
                run.measured(() -> run.send(run.sessions.getFirst(), at, new Request.LockMany(at, LONG, wants)));
            }
            run.measured(run.sessions.getLast(), unlock(0, token));
            run.measured(run.sessions.getFirst(), new Request.Bye());
        });
    }
}
