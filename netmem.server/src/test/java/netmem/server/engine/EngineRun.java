package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.engine.EngineModelPages.Client;
import netmem.server.engine.EngineModelPages.Expected;
import netmem.server.engine.EngineModelPages.Page;

/** One run of an engine beside its model: random commands, each answer and each effect compared. Confined to the test's thread. */
final class EngineRun {
    private static final int CLIENTS_MAX = 6;
    private static final int LAST_SHOWN = 40;

    private final long seed;
    private final Random random;
    private final EngineFixture fixture;
    private final EngineModel model = new EngineModel();
    private final EngineSubject subject;
    private final EngineRequests requests;
    private final Deque<String> last = new ArrayDeque<>();
    private final Map<String, Integer> reached;
    private long tokenMax;

    /** Counts what is answered, at once and later, in {@code reached}. */
    EngineRun(long seed, Function<Engine, EngineSubject> subject, Map<String, Integer> reached) {
        this(seed, Consequences.PART, subject, reached);
    }

    /** The same with an engine that follows up in parts of this size. */
    EngineRun(long seed, int part, Function<Engine, EngineSubject> subject, Map<String, Integer> reached) {
        Map<String, Long> limits = Map.of(
                "waiters-per-page-max", (long) EngineModelPages.WAITERS_PER_PAGE_MAX,
                "locks-per-session-max", (long) EngineModelPages.LOCKS_PER_SESSION_MAX);
        this.fixture = new EngineFixture(limits, part);
        this.seed = seed;
        this.reached = reached;
        this.random = new Random(seed);
        this.subject = subject.apply(fixture.engine);
        this.requests = new EngineRequests(random, model);
    }

    /** Runs; an error tells the seed, the step and the last commands. */
    void steps(int count) {
        int step = 0;
        try {
            for (; step < count; step++) {
                step();
                compare();
            }
            fixture.endAll();
            reached.merge("plain WRITE OK", subject.plainWrites, Integer::sum);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "run -Dnetmem.run=" + seed + " failed at step " + step + ": " + e.getMessage() + "\n  "
                            + String.join("\n  ", last),
                    e);
        }
    }

    private void step() {
        passTime();
        List<Client> alive =
                model.clients.stream().filter(client -> !client.ended).toList();
        if (alive.size() < 2 || (alive.size() < CLIENTS_MAX && random.nextInt(40) == 0)) {
            open();
            return;
        }
        List<Client> any = random.nextInt(20) == 0 ? model.clients : alive;
        Client client = any.get(random.nextInt(any.size()));
        if (!client.ended && !client.isAlive(fixture.now)) {
            tick(); // what a request does that comes between the lease's end and its timer is left open
        }
        int kind = random.nextInt(100);
        if (client.connection == 0) {
            reconnect(client);
        } else if (kind < 1) {
            request(client, client.connection, requests.freshId(client, false), new Request.Bye());
        } else if (kind < 4) {
            disconnect(client);
        } else if (kind < 5) {
            reconnect(client);
        } else if (kind < 25 && !requests.sent(client).isEmpty()) {
            EngineRequests.Sent again = requests.any(client);
            request(client, client.connection, again.requestId(), again.request());
        } else {
            Request request = requests.next(client);
            long id = requests.freshId(client, request.opcode().isRecorded());
            requests.sent(client).add(new EngineRequests.Sent(id, request));
            request(client, random.nextInt(50) == 0 ? client.connection + 1000 : client.connection, id, request);
        }
    }

    /** Mostly the timer calls at once; now and then it is late, also for the end of a lease. */
    private void passTime() {
        int kind = random.nextInt(100);
        if (kind < 60) {
            return;
        }
        fixture.passUnnoticed(kind < 98 ? random.nextInt(1, 60) : random.nextInt(500, 2500));
        log("time is " + fixture.now / 1_000_000 + " ms");
        if (kind >= 70 && kind < 99) {
            tick();
        }
    }

    private void tick() {
        log("tick");
        model.tick(fixture.now);
        subject.tick(fixture.now);
        learnTokens();
    }

    private void open() {
        boolean old = random.nextInt(3) == 0;
        int leaseMillis = random.nextInt(1000, 3000);
        EngineClient real = old ? fixture.open02() : fixture.open(leaseMillis);
        model.clients.add(new Client(real, old ? Session.NO_LEASE : leaseMillis * 1_000_000L, fixture.now));
        log("session " + real.session.key + (old ? " of 0.2" : "") + " opens");
    }

    private void disconnect(Client client) {
        log("session " + client.real.session.key + " loses its connection");
        long connection = client.connection;
        model.disconnected(client, fixture.now);
        subject.disconnected(client.real.session, connection, fixture.now);
    }

    /** A session with a lease resumes; one without, or one that ended, cannot. */
    private void reconnect(Client client) {
        if (client.ended || !client.real.session.hasLease()) {
            return;
        }
        log("session " + client.real.session.key + " resumes");
        client.real.resume();
        model.resumed(client, client.real.connection, fixture.now);
    }

    private void request(Client client, long connection, long requestId, Request request) {
        log("session " + client.real.session.key + " connection " + connection + " request "
                + FrameHeader.slot(requestId) + "/" + FrameHeader.sequence(requestId) + " " + request);
        boolean old = client.leaseNanos == Session.NO_LEASE && request instanceof Request.Write;
        if (old && (client.ended || client.connection != connection)) {
            return; // the net layer calls for an old client only while its connection is there
        }
        int version02 = old ? requests.version02((Request.Write) request) : 0;
        Expected expected = model.execute(client, connection, requestId, request, version02, fixture.now);
        Session session = client.real.session;
        Answer answer = old
                ? subject.update02(
                        session,
                        requestId,
                        ((Request.Write) request).page(),
                        pageOf((Request.Write) request),
                        version02,
                        fixture.now)
                : subject.execute(session, connection, requestId, EngineReplies.copy(request), fixture.now);
        learnTokens();
        log("  " + answer);
        if (answer instanceof Answer.Now(Reply reply)) {
            reached.merge(named(request.opcode(), reply), 1, Integer::sum);
            assertNotNull(expected, "expected: waits, was: " + reply);
            EngineReplies.compare(expected, reply);
        } else {
            assertEquals(null, expected, "waits");
        }
    }

    private static ByteBuffer pageOf(Request.Write write) {
        return ByteBuffer.allocate(EngineFixture.PAGE_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, EngineModelOperations.number(write.data()));
    }

    private static String named(Opcode opcode, Reply reply) {
        return opcode + " " + reply.status();
    }

    /** Each grant of this command has a token above all before. */
    private void learnTokens() {
        long largest = tokenMax;
        for (Page page : model.pages.all) {
            for (EngineModelPages.Grant grant : page.holders) {
                if (grant.token == 0) {
                    grant.token = grant.client.real.token(page.index, grant.handle);
                    assertTrue(
                            grant.token > tokenMax,
                            "token: " + grant.token + " (expected: > " + tokenMax + ") page=" + page.index);
                    largest = Math.max(largest, grant.token);
                }
            }
        }
        tokenMax = largest;
        requests.tokenMax = largest;
    }

    private void compare() {
        learnTokens();
        compareEffects();
        compareChanges();
        fixture.check();
        for (Page page : model.pages.all) {
            assertEquals(page.version, fixture.pages.version(page.index), "version of page " + page.index);
            ByteBuffer bytes = ByteBuffer.allocate(EngineFixture.PAGE_LENGTH);
            fixture.pages.read(page.index, 0, EngineFixture.PAGE_LENGTH, bytes);
            assertEquals(page.bytes(), bytes.flip(), "bytes of page " + page.index);
        }
        assertEquals(model.pages.waiting().size(), fixture.counter("waiters"));
        for (Client client : model.clients) {
            assertEquals(client.ended, client.real.session.isEnded(), "session " + client.real.session.key);
        }
    }

    /** Now and then the notifications are taken; meanwhile they gather. */
    private void compareChanges() {
        for (Client client : model.clients) {
            if (client.connection == 0 || random.nextInt(4) > 0) {
                continue;
            }
            Reply taken = subject.takeChanges(client.real.session, client.connection);
            Map<Long, Long> told = new TreeMap<>();
            if (taken instanceof Reply.Changed(List<Reply.Committed.Version> pages)) {
                pages.forEach(one -> assertNull(told.put(one.page(), one.version()), "a page is told once"));
            }
            Map<Long, Long> expected = new TreeMap<>();
            client.unsent.forEach(page -> expected.put(page, model.pages.page(page).version));
            client.unsent.clear();
            assertEquals(expected, told, "changes for session " + client.real.session.key);
        }
    }

    /** In any order: what one command does to several pages has no order of its own. */
    private void compareEffects() {
        List<Expected> open = new ArrayList<>(model.effects);
        model.effects.clear();
        for (Effect effect : subject.effects()) {
            log("  " + effect);
            boolean expected = effect instanceof Effect.Changed; // what it announces is compared where it is taken
            expected |= open.removeIf(one -> one.connection() == effect.connection()
                    && switch (effect) {
                        case Effect.Changed _ -> false;
                        case Effect.Detached _ -> one.reply() == null;
                        case Effect.Completed done -> {
                            boolean same = one.reply() != null && one.requestId() == done.requestId();
                            if (same) {
                                Opcode opcode = Objects.requireNonNull(Opcode.ofCode(done.opcode()));
                                reached.merge("waited " + named(opcode, done.reply()), 1, Integer::sum);
                                EngineReplies.compare(one, done.reply());
                            }
                            yield same;
                        }
                    });
            assertTrue(expected, "not expected: " + effect);
        }
        assertFalse(!open.isEmpty(), "missing: " + open);
    }

    private void log(String line) {
        last.add(line);
        if (last.size() > LAST_SHOWN) {
            last.remove();
        }
    }
}
