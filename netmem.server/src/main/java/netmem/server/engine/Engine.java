package netmem.server.engine;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerLimits;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a server: pages, locks with their lines, sessions, recorded outcomes. One request goes in, one value comes out; what a request did to
 * others is kept as effects until they are taken. It knows no thread, no clock, no socket and no random source. Confined to one monitor, that of its caller.
 *
 * <p>Times are nanoseconds of one clock that starts at 0 or above. The time of a batch of requests is that of its arrival, so it may be a moment older than that
 * of a batch which entered the monitor before it.
 */
public final class Engine {
    private static final Reply STOPPING = new Reply.Failed(Status.NOT_READY, 0, 0, "the server is stopping");

    /** The outcome of a request that failed for a fault of this program. */
    public static final Reply FAULT = new Reply.Failed(Status.INTERNAL, 0, 0, "a fault of the server, see its log");

    /** What {@link #write} returns for a write that is not as plain as it looked. */
    public static final long NOT_PLAIN = 0;

    private final PageMemory pages;
    private final ServerLimits limits;
    private final Incarnation incarnation;
    private final Reply.Description description;
    private final OutcomeBudget outcomes;
    private final Sessions sessions;
    final Lines lines;
    private final PageOperations operations;
    private final PlainWrites plainWrites;
    private final LockOperations locks;
    private final Watches watches;
    private final Consequences consequences;
    private boolean draining;

    /** Starts with free pages and no session. */
    public Engine(PageMemory pages, ServerLimits limits, Incarnation incarnation, Reply.Description description) {
        this(pages, limits, incarnation, description, Consequences.PART);
    }

    /**
     * The same with parts of another size, in which it follows up what commands set going among others.
     *
     * @param part steps of a part, of one or two microseconds each
     */
    public Engine(
            PageMemory pages, ServerLimits limits, Incarnation incarnation, Reply.Description description, int part) {
        this.pages = pages;
        this.limits = limits;
        this.incarnation = incarnation;
        this.description = description;
        this.outcomes = new OutcomeBudget(limits.outcomesBytesMax());
        this.sessions = new Sessions(outcomes);
        this.lines = new Lines(limits);
        this.watches = new Watches(pages, limits);
        Changes changes = new Changes();
        this.locks = new LockOperations(pages, limits, lines, changes);
        this.operations = new PageOperations(pages, limits, lines, changes, locks);
        this.plainWrites = new PlainWrites(pages, limits, outcomes, lines, watches);
        this.consequences = new Consequences(pages, sessions, lines, watches, changes, operations, part);
    }

    /** A session and what its client is told. The session is null when the greeting was refused. */
    public record Greeted(@Nullable Session session, Reply reply) {}

    /**
     * Opens or resumes a session. A resumed one leaves the connection that reached it before.
     *
     * @param connection the new connection, not 0
     * @param fresh the id of the session, should it be a new one
     */
    public Greeted greet(long connection, Request.Hello hello, SessionId fresh, long nowNanos) {
        if (draining) {
            return new Greeted(null, STOPPING);
        }
        Session known = hello.incarnation().equals(incarnation) ? sessions.find(hello.session()) : null;
        if (known != null) {
            known.heard(nowNanos);
            consequences.effects().detach(known, Status.STALE_REQUEST);
            known.connection = connection;
            watches.end(known);
            return new Greeted(known, welcome(known, true));
        }
        if (sessions.count() >= limits.sessionsMax()) {
            return new Greeted(null, Lines.busy("sessions", sessions.count(), limits.sessionsMax()));
        }
        int wanted = hello.leaseMillis() == 0 ? limits.leaseMillis() : hello.leaseMillis();
        int leaseMillis = Math.clamp(wanted, limits.leaseMillisMin(), limits.leaseMillisMax());
        Session opened = sessions.open(fresh, hello.name(), leaseMillis * 1_000_000L, connection, nowNanos);
        return new Greeted(opened, welcome(opened, false));
    }

    private Reply welcome(Session session, boolean resumed) {
        return new Reply.Welcome(
                1,
                resumed,
                session.id,
                incarnation,
                (int) (session.leaseNanos / 1_000_000),
                limits.slots(),
                limits.frameBytesMax(),
                pages.pageCount(),
                pages.pageLength());
    }

    /** Opens the session of a 0.2 client, which lives as long as its connection; null when there are too many. */
    public @Nullable Session open02(long connection, long nowNanos) {
        return sessions.count() >= limits.sessionsMax()
                ? null
                : sessions.open(SessionId.NONE, "netmem-0.2", Session.NO_LEASE, connection, nowNanos);
    }

    /** Notes that a connection is gone. A session with a lease goes on without it; one without ends. */
    public void disconnected(Session session, long connection, long nowNanos) {
        if (session.connection != connection) {
            return;
        }
        session.connection = 0;
        watches.end(session);
        if (!session.hasLease()) {
            consequences.end(session);
            consequences.settle(nowNanos);
        }
    }

    /**
     * Runs a request of a session at most once: a request id that was run before gets its recorded outcome.
     *
     * @param connection that brought the request
     * @param request its buffers are not kept
     * @throws RuntimeException for a fault of this program, or an Error; recorded as {@link #FAULT}, so that it is
     *     not run again. What it had begun to change is whole, or as it was
     */
    public Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
        if (session.isEnded() || session.connection != connection) {
            return failed(Status.SESSION_EXPIRED, 0, 0, "session: ended, or resumed on another connection");
        }
        session.heard(nowNanos);
        if (!request.opcode().isRecorded()) {
            return run(session, requestId, request, nowNanos);
        }
        Opcode opcode = request.opcode();
        Answer known = begin(session, requestId, opcode, nowNanos);
        if (known != null) {
            return known;
        }
        try {
            return recorded(session, requestId, opcode, run(session, requestId, request, nowNanos), nowNanos);
        } catch (RuntimeException | Error e) {
            failed(session, requestId, opcode, nowNanos);
            throw e;
        }
    }

    private void failed(Session session, long requestId, Opcode opcode, long nowNanos) {
        session.outcomes.failed(requestId, opcode);
        lines.withdraw(session, requestId);
        consequences.settle(nowNanos); // it may have changed a page, or given locks back
    }

    /**
     * Runs a write that is {@linkplain PlainWrites plain}, as {@link #execute} does what is not.
     *
     * @param plain a {@link netmem.api.wire.PlainWrite} of a session that watches nothing; left as it is unless it is run
     * @return the page's new version, or {@link #NOT_PLAIN} with nothing done
     */
    public long write(Session session, long connection, long requestId, ByteBuffer plain, long nowNanos) {
        return draining || session.isEnded() || session.connection != connection
                ? NOT_PLAIN
                : plainWrites.run(session, requestId, plain, nowNanos);
    }

    /** The answer that is known already; null when the request is fresh, and now its slot's newest. */
    private @Nullable Answer begin(Session session, long requestId, Opcode opcode, long nowNanos) {
        Reply wrong = session.outcomes.refusal(requestId, limits.slots());
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        return switch (session.outcomes.lookup(requestId)) {
            case Outcomes.Known.Finished(Opcode ran, Reply reply) ->
                ran == opcode ? new Answer.Now(reply) : Outcomes.otherOperation(opcode, ran);
            case Outcomes.Known.Waiting(Waiter waiter) -> {
                if (waiter.work.opcode() != opcode) {
                    yield Outcomes.otherOperation(opcode, waiter.work.opcode());
                }
                waiter.connection = session.connection;
                yield Answer.DEFERRED;
            }
            case Outcomes.Known.Fresh _ -> {
                Waiter left = session.outcomes.begin(requestId);
                if (left != null) {
                    lines.withdraw(left);
                    consequences.settle(nowNanos);
                }
                if (draining) {
                    yield recorded(session, requestId, opcode, new Answer.Now(STOPPING), nowNanos);
                }
                // Not recorded, so that it frees what the slot kept; asked again the request may run, for the first
                // time.
                yield outcomes.isSpent() ? new Answer.Now(outcomes.busy()) : null;
            }
        };
    }

    private Answer recorded(Session session, long requestId, Opcode opcode, Answer answer, long nowNanos) {
        if (answer instanceof Answer.Now(Reply reply)) {
            session.outcomes.finished(requestId, opcode, reply);
        }
        consequences.settle(nowNanos);
        return answer;
    }

    private Answer run(Session session, long requestId, Request request, long nowNanos) {
        return switch (request) {
            case Request.Hello _ -> failed(Status.BAD_FRAME, 2, 1, "greetings on this connection: 2 (expected: 1)");
            case Request.Info _ -> new Answer.Now(description);
            case Request.Ping _ -> new Answer.Now(new Reply.Done());
            case Request.Stats _ -> new Answer.Now(new Reply.Statistics(counters()));
            case Request.Bye _ -> new Answer.Now(consequences.bye(session, nowNanos));
            case Request.Cancel cancel -> new Answer.Now(consequences.cancel(session, cancel.target(), nowNanos));
            case Request.Read read -> new Answer.Now(operations.read(read));
            case Request.ReadMany many -> new Answer.Now(operations.readMany(many));
            case Request.Write write -> operations.write(session, requestId, write, nowNanos);
            case Request.Lock lock -> locks.lock(session, requestId, lock, nowNanos);
            case Request.Unlock unlock -> new Answer.Now(locks.unlock(session, unlock));
            case Request.Atomic atomic -> operations.atomic(session, requestId, atomic, nowNanos);
            case Request.Transact transact -> operations.transact(session, requestId, transact, nowNanos);
            case Request.LockMany many -> locks.lockMany(session, requestId, many, nowNanos);
            case Request.LockInfo info -> new Answer.Now(locks.lockInfo(info, sessions, nowNanos));
            case Request.AwaitNewer await -> operations.awaitNewer(session, requestId, await, nowNanos);
            case Request.Watch watch -> new Answer.Now(watches.watch(session, watch));
            case Request.Unwatch unwatch -> new Answer.Now(watches.unwatch(session, unwatch));
            case Request.Outcome outcome -> new Answer.Now(session.outcomes.asked(outcome.target(), limits.slots()));
        };
    }

    /**
     * Changes a whole page for a 0.2 client, as its UPDATE_PAGE asks: a page that the client itself holds is released with it, one that another
     * holds is waited for.
     *
     * @param data exactly one page
     * @param version02 the version that the client wants, taken when it is above the current one
     */
    public Answer update02(Session session, long requestId, long page, ByteBuffer data, int version02, long nowNanos) {
        session.heard(nowNanos);
        Answer known = begin(session, requestId, Opcode.WRITE, nowNanos);
        if (known != null) {
            return known;
        }
        try {
            Answer answer = operations.update02(session, requestId, page, data, version02, nowNanos);
            return recorded(session, requestId, Opcode.WRITE, answer, nowNanos);
        } catch (RuntimeException | Error e) {
            failed(session, requestId, Opcode.WRITE, nowNanos);
            throw e;
        }
    }

    /**
     * Takes the watched pages of a session that changed since they were last taken, as one notification; null when there are none. Whoever sends a reply to the
     * session sends these before it.
     *
     * @param connection that will send them; one that no longer reaches the session gets none
     */
    public @Nullable Reply takeChanges(Session session, long connection) {
        return session.connection == connection ? watches.take(session) : null;
    }

    /** Goes on with what commands left to be followed up; ends nothing that is over by its time. */
    void settle(long nowNanos) {
        consequences.settle(nowNanos);
    }

    /** Ends what is over by now: waits past their limit, sessions past their lease; goes on with what commands left. */
    public void tick(long nowNanos) {
        consequences.tick(nowNanos);
    }

    /** Refuses what could change anything from now on, and what waits; the server is stopping. */
    public void drain(long nowNanos) {
        draining = true;
        consequences.dropWaiters(STOPPING, nowNanos);
    }

    /** When {@link #tick} has something to do unless something comes before; 0: at once, Long.MAX_VALUE: never. */
    public long nextTickNanos() {
        return consequences.isUnsettled() ? 0 : Math.min(lines.nextDeadlineNanos(), sessions.nextCheckNanos());
    }

    /** Takes what happened to others since the last call, in order. */
    public List<Effect> takeEffects() {
        return consequences.effects().take();
    }

    /** Takes the last fault that others than the request that ran have met, and were told of; null for none. */
    public @Nullable Throwable takeFault() {
        return consequences.effects().takeFault();
    }

    /** What there is now, by name. */
    public Map<String, Long> counters() {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("sessions", (long) sessions.count());
        counters.put("sessions-expired", consequences.sessionsExpired());
        counters.put("outcome-bytes", outcomes.bytes());
        counters.put("locks-held", (long) lines.held());
        counters.put("waiters", (long) lines.waiting());
        counters.put("waiting-bytes", lines.waitingBytes());
        counters.put("watches", (long) watches.count());
        counters.put("changes-unsent", (long) watches.unsent());
        return counters;
    }

    private static Answer failed(Status status, long actual, long expected, String message) {
        return new Answer.Now(new Reply.Failed(status, actual, expected, message));
    }
}
