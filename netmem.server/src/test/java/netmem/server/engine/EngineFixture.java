package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerLimits;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An engine on heap pages, a clock that the test moves, and its clients. The invariants are checked after each command, and once more after each
 * test, when all sessions have ended and nothing of them may be left. Confined to the test's thread.
 */
final class EngineFixture implements AfterEachCallback {
    static final int PAGES = 8;
    static final int PAGE_LENGTH = 64;
    static final Incarnation INCARNATION = new Incarnation(7, 8);
    static final Reply.Description DESCRIPTION = new Reply.Description("test", Map.of("slots", 1L));

    final ServerLimits limits;
    final PageMemory pages = PageMemory.heap(PAGES, PAGE_LENGTH);
    final Engine engine;
    long now;

    private final List<Session> sessions = new ArrayList<>();
    private final long[] versions = new long[PAGES];
    private long lastConnection;
    private long lastSession;

    EngineFixture() {
        this(Map.of());
    }

    /** With some limits changed. */
    EngineFixture(Map<String, Long> changes) {
        this(changes, Consequences.PART);
    }

    /** The same, following up in parts of this size. */
    EngineFixture(Map<String, Long> changes, int part) {
        limits = ServerLimits.DEFAULTS.with(changes);
        engine = new Engine(pages, limits, INCARNATION, DESCRIPTION, part);
    }

    /** A client with a new session of the default lease. */
    EngineClient open() {
        return open(0);
    }

    EngineClient open(int leaseMillis) {
        Engine.Greeted greeted = greet(SessionId.NONE, INCARNATION, leaseMillis);
        return new EngineClient(this, known(greeted.session()), lastConnection);
    }

    /** A client of NetMem 0.2. */
    EngineClient open02() {
        return new EngineClient(this, known(engine.open02(++lastConnection, now)), lastConnection);
    }

    /** Greets on a new connection. */
    Engine.Greeted greet(SessionId session, Incarnation incarnation, int leaseMillis) {
        Request.Hello hello = new Request.Hello(session, incarnation, leaseMillis, "client", "");
        Engine.Greeted greeted = engine.greet(++lastConnection, hello, new SessionId(1, ++lastSession), now);
        if (greeted.session() != null && !sessions.contains(greeted.session())) {
            sessions.add(greeted.session());
        }
        check();
        return greeted;
    }

    private Session known(@Nullable Session session) {
        if (session == null) {
            throw new IllegalStateException("greeting: refused");
        }
        if (!sessions.contains(session)) {
            sessions.add(session);
        }
        return session;
    }

    long lastConnection() {
        return lastConnection;
    }

    /** Lets time pass without the timer's call, as a late timer does. */
    void passUnnoticed(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Lets time pass; the timer calls at the end of it. */
    void pass(long millis) {
        passUnnoticed(millis);
        engine.tick(now);
        check();
    }

    /** What happened to others since the last call. */
    List<Effect> effects() {
        return engine.takeEffects();
    }

    long counter(String name) {
        return engine.counters().getOrDefault(name, -1L);
    }

    /** The number in a page's first bytes. */
    int value(long page) {
        ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        pages.read(page, 0, 4, bytes);
        return bytes.getInt(0);
    }

    static ByteBuffer number(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .flip();
    }

    static Request.Lock lock(long page, int waitMillis) {
        return new Request.Lock(page, 1, waitMillis, false, 0);
    }

    static Request.Unlock unlock(long page, long token) {
        return new Request.Unlock(page, token, Ranges.NONE, ByteBuffer.allocate(0));
    }

    static Request.Unlock unlock(long page, long token, int value) {
        return new Request.Unlock(page, token, Ranges.of(0, 4), number(value));
    }

    static Request.Write write(long page, int waitMillis, int value) {
        return new Request.Write(page, 0, 0, waitMillis, false, Ranges.of(0, 4), number(value));
    }

    static Request.Write writeWith(long token, long page, int value) {
        return new Request.Write(page, 0, token, 0, false, Ranges.of(0, 4), number(value));
    }

    /** What must hold between any two commands. */
    void check() {
        new EngineInvariants(sessions, engine).check();
        for (int page = 0; page < PAGES; page++) {
            long version = pages.version(page);
            assertTrue(version >= versions[page], "version of page " + page + " fell to " + version);
            versions[page] = version;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        endAll();
    }

    /** Makes the engine follow up all that it has left for later. */
    void goOn() {
        while (engine.nextTickNanos() == 0) {
            engine.tick(now);
        }
    }

    /** Ends all sessions, some by their lease and some by their connection; then nothing may be left. */
    void endAll() {
        check();
        for (Session session : sessions) {
            if (!session.hasLease()) {
                engine.disconnected(session, session.connection, now);
                goOn();
                check();
            }
        }
        now += TimeUnit.DAYS.toNanos(2);
        engine.tick(now);
        goOn();
        check();
        assertEquals(0, counter("sessions"));
        assertEquals(0, counter("locks-held"));
        assertEquals(0, counter("waiters"));
        assertEquals(0, counter("waiting-bytes"));
        assertEquals(0, counter("watches"));
        assertEquals(0, counter("changes-unsent"));
        assertEquals(Long.MAX_VALUE, engine.nextTickNanos());
    }
}
