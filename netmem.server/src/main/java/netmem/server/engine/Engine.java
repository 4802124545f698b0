package netmem.server.engine;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerLimits;
import netmem.server.lock.Holder;
import netmem.server.lock.LockTable;
import netmem.server.lock.Owner;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a server: pages, locks with their lines, sessions, recorded outcomes. One request goes in, one value comes out; what a request did to
 * others is kept as effects until they are taken. It knows no thread, no clock, no socket and no random source. Confined to one monitor, that of its caller.
 *
 * <p>Times are nanoseconds of one clock that starts at 0 or above and never goes back.
 */
public final class Engine {
    private static final Reply STOPPING = new Reply.Failed(Status.NOT_READY, 0, 0, "the server is stopping");

    private final PageMemory pages;
    private final PageReads reads;
    private final ServerLimits limits;
    private final Incarnation incarnation;
    private final Reply.Description description;
    private final Sessions sessions = new Sessions();
    private final LockTable<Waiter> locks = new LockTable<>();
    private final TreeSet<Waiter> deadlines = new TreeSet<>(Waiter.BY_DEADLINE);
    private final Deque<Long> pagesReleased = new ArrayDeque<>();
    private List<Effect> effects = new ArrayList<>();
    private long lastWaiter;
    private long waitingBytes;
    private long sessionsExpired;
    private boolean draining;

    /** Starts with free pages and no session. */
    public Engine(PageMemory pages, ServerLimits limits, Incarnation incarnation, Reply.Description description) {
        this.pages = pages;
        this.reads = new PageReads(pages, limits.frameBytesMax());
        this.limits = limits;
        this.incarnation = incarnation;
        this.description = description;
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
        Session known = hello.incarnation().equals(incarnation) ? sessions.find(hello.session()) : null;
        if (known != null) {
            known.heard(nowNanos);
            if (known.connection != 0) {
                effects.add(new Effect.Detached(known.connection, Status.STALE_REQUEST));
            }
            known.connection = connection;
            return new Greeted(known, welcome(known, true));
        }
        if (sessions.count() >= limits.sessionsMax()) {
            return new Greeted(null, busy("sessions", sessions.count(), limits.sessionsMax()));
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
        if (!session.hasLease()) {
            end(session);
            serveReleased(nowNanos);
        }
    }

    /**
     * Runs a request of a session at most once: a request id that was run before gets its recorded outcome.
     *
     * @param connection that brought the request
     * @param request its buffers are not kept
     */
    public Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
        if (session.isEnded() || session.connection != connection) {
            return failed(Status.SESSION_EXPIRED, 0, 0, "session: ended, or resumed on another connection");
        }
        session.heard(nowNanos);
        if (!request.opcode().isRecorded()) {
            return run(session, requestId, request, nowNanos);
        }
        Answer known = begin(session, requestId);
        return known != null
                ? known
                : recorded(session, requestId, run(session, requestId, request, nowNanos), nowNanos);
    }

    /** The answer that is known already; null when the request is fresh, and now its slot's newest. */
    private @Nullable Answer begin(Session session, long requestId) {
        int slot = FrameHeader.slot(requestId);
        if (slot >= limits.slots()) {
            return failed(
                    Status.TOO_LARGE,
                    slot,
                    limits.slots() - 1,
                    "slot: " + slot + " (expected: < " + limits.slots() + ")");
        }
        if (FrameHeader.sequence(requestId) == 0) {
            return failed(Status.BAD_FRAME, 0, 1, "sequence: 0 (expected: >= 1)");
        }
        return switch (session.outcomes.lookup(requestId)) {
            case Outcomes.Known.Finished(Reply reply) -> new Answer.Now(reply);
            case Outcomes.Known.Waiting _ -> Answer.DEFERRED;
            case Outcomes.Known.Stale(long newest) ->
                failed(
                        Status.STALE_REQUEST,
                        FrameHeader.sequence(requestId),
                        FrameHeader.sequence(newest),
                        "sequence: " + FrameHeader.sequence(requestId) + " (expected: >= "
                                + FrameHeader.sequence(newest) + ") slot=" + slot);
            case Outcomes.Known.Fresh _ -> {
                Waiter left = session.outcomes.waiterIn(slot);
                if (left != null) {
                    withdraw(left);
                }
                session.outcomes.begin(requestId);
                yield draining ? recorded(session, requestId, new Answer.Now(STOPPING), 0) : null;
            }
        };
    }

    private Answer recorded(Session session, long requestId, Answer answer, long nowNanos) {
        if (answer instanceof Answer.Now(Reply reply)) {
            session.outcomes.finished(requestId, reply);
        }
        serveReleased(nowNanos);
        return answer;
    }

    private Answer run(Session session, long requestId, Request request, long nowNanos) {
        return switch (request) {
            case Request.Hello _ -> failed(Status.BAD_FRAME, 2, 1, "greetings on this connection: 2 (expected: 1)");
            case Request.Info _ -> new Answer.Now(description);
            case Request.Ping _ -> new Answer.Now(new Reply.Done());
            case Request.Stats _ -> new Answer.Now(new Reply.Statistics(counters()));
            case Request.Bye _ -> bye(session, nowNanos);
            case Request.Cancel cancel -> cancel(session, cancel.target(), nowNanos);
            case Request.Read read -> read(read);
            case Request.ReadMany many -> readMany(many);
            case Request.Write write -> write(session, requestId, write, nowNanos);
            case Request.Lock lock -> lock(session, requestId, lock, nowNanos);
            case Request.Unlock unlock -> unlock(session, unlock);
        };
    }

    private Answer bye(Session session, long nowNanos) {
        end(session);
        serveReleased(nowNanos);
        return new Answer.Now(new Reply.Done());
    }

    private Answer cancel(Session session, long target, long nowNanos) {
        if (session.outcomes.lookup(target) instanceof Outcomes.Known.Waiting(Waiter waiter)) {
            withdraw(waiter);
            complete(waiter, new Reply.Failed(Status.CANCELLED, 0, 0, "cancelled by its session"), nowNanos);
        }
        return new Answer.Now(new Reply.Done());
    }

    private Answer read(Request.Read read) {
        Reply.Failed wrong = reads.refusal(read);
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        long version = pages.version(read.page());
        return new Answer.Now(
                version == read.versionHeld()
                        ? new Reply.NotModified(version)
                        : new Reply.Data(version, PageChange.copy(pages, read.page(), read.ranges())));
    }

    private Answer readMany(Request.ReadMany many) {
        Reply.Failed wrong = reads.refusal(many);
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        Reply.DataMany reply = reads.read(many);
        return reply != null ? new Answer.Now(reply) : failed(Status.INTERNAL, 0, 0, "pages changed under the monitor");
    }

    private Answer write(Session session, long requestId, Request.Write write, long nowNanos) {
        Reply.Failed wrong = PageChange.refusal(pages, write.page(), write.ranges());
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        Holder holder = locks.holder(write.page());
        if (write.token() != 0) {
            return isHeldBy(session, holder, write.token())
                    ? new Answer.Now(change(write, 0))
                    : fenced(write.page(), write.token());
        }
        if (holder == null) {
            return new Answer.Now(change(write, 0));
        }
        return await(session, requestId, new Waiter.ForWrite(write, 0), write.waitMillis(), nowNanos);
    }

    private static boolean isHeldBy(Session session, @Nullable Holder holder, long token) {
        return holder != null && holder.token() == token && holder.owner().session() == session.key;
    }

    private Answer fenced(long page, long token) {
        return failed(
                Status.FENCED,
                token,
                locks.token(page),
                "token: " + token + " (expected: the current one of this session) page=" + page);
    }

    /** Changes a page if its version is the one asked for. */
    private Reply change(Request.Write write, int version02) {
        long current = pages.version(write.page());
        if (write.ifVersion() != 0 && write.ifVersion() != current) {
            ByteBuffer bytes = write.returnCurrent() ? wholePage(write.page()) : null;
            return new Reply.ConditionFailed(current, bytes);
        }
        long next = version02 > 0 ? Version02.after(current, version02) : current + 1;
        PageChange.apply(pages, write.page(), write.ranges(), write.data(), next);
        return new Reply.Written(next);
    }

    private ByteBuffer wholePage(long page) {
        return PageChange.copy(pages, page, Ranges.of(0, pages.pageLength()));
    }

    private Answer lock(Session session, long requestId, Request.Lock lock, long nowNanos) {
        Reply.Failed wrong = PageChange.refusal(pages, lock.page(), Ranges.NONE);
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        if (session.held.size() >= limits.locksPerSessionMax()) {
            return new Answer.Now(busy("locks of this session", session.held.size(), limits.locksPerSessionMax()));
        }
        Holder holder = locks.holder(lock.page());
        if (holder == null) {
            return new Answer.Now(grant(session, lock, nowNanos));
        }
        if (holder.owner().equals(new Owner(session.key, lock.handle()))) {
            return failed(
                    Status.ALREADY_LOCKED, lock.handle(), 0, "handle " + lock.handle() + " holds page " + lock.page());
        }
        return await(session, requestId, new Waiter.ForLock(lock), lock.waitMillis(), nowNanos);
    }

    private Reply grant(Session session, Request.Lock lock, long nowNanos) {
        Holder holder = locks.grant(lock.page(), new Owner(session.key, lock.handle()), nowNanos);
        session.held.put(lock.page(), holder.token());
        long version = pages.version(lock.page());
        if (!lock.withData()) {
            return new Reply.Granted(holder.token(), version, Reply.Granted.Content.NONE, PageChange.NOTHING);
        }
        return version == lock.versionHeld()
                ? new Reply.Granted(holder.token(), version, Reply.Granted.Content.NOT_MODIFIED, PageChange.NOTHING)
                : new Reply.Granted(holder.token(), version, Reply.Granted.Content.FULL, wholePage(lock.page()));
    }

    private Answer unlock(Session session, Request.Unlock unlock) {
        Reply.Failed wrong = PageChange.refusal(pages, unlock.page(), unlock.ranges());
        if (wrong != null) {
            return new Answer.Now(wrong);
        }
        if (!isHeldBy(session, locks.holder(unlock.page()), unlock.token())) {
            return fenced(unlock.page(), unlock.token());
        }
        long version = pages.version(unlock.page());
        if (unlock.ranges().count() > 0) {
            PageChange.apply(pages, unlock.page(), unlock.ranges(), unlock.data(), ++version);
        }
        release(session, unlock.page(), unlock.token());
        return new Answer.Now(new Reply.Written(version));
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
        Answer known = begin(session, requestId);
        if (known != null) {
            return known;
        }
        Ranges whole = Ranges.of(0, pages.pageLength());
        Request.Write write = new Request.Write(page, 0, 0, Integer.MAX_VALUE, false, whole, data);
        Reply.Failed wrong = PageChange.refusal(pages, page, whole);
        Long token = session.held.get(page);
        Answer answer;
        if (wrong != null) {
            answer = new Answer.Now(wrong);
        } else if (token != null || locks.holder(page) == null) {
            answer = new Answer.Now(change(write, version02));
        } else {
            answer = await(session, requestId, new Waiter.ForWrite(write, version02), Integer.MAX_VALUE, nowNanos);
        }
        if (token != null) {
            release(session, page, token);
        }
        return recorded(session, requestId, answer, nowNanos);
    }

    private Answer await(Session session, long requestId, Waiter.Work work, int waitMillis, long nowNanos) {
        long page = work.page();
        if (waitMillis == 0) {
            return failed(Status.LOCKED, locks.token(page), 0, "page " + page + " is locked");
        }
        if (locks.waiting() >= limits.waitersMax()) {
            return new Answer.Now(busy("waiters", locks.waiting(), limits.waitersMax()));
        }
        if (locks.waiting(page) >= limits.waitersPerPageMax()) {
            return new Answer.Now(busy("waiters of page " + page, locks.waiting(page), limits.waitersPerPageMax()));
        }
        if (waitingBytes + work.bytes() > limits.waitingBytesMax()) {
            return new Answer.Now(busy("bytes of waiting writes", waitingBytes, limits.waitingBytesMax()));
        }
        long deadline = nowNanos + waitMillis * 1_000_000L;
        Waiter waiter = new Waiter(session, requestId, owned(work), ++lastWaiter, nowNanos, deadline);
        locks.enqueue(page, waiter);
        deadlines.add(waiter);
        session.waiting.add(waiter);
        session.outcomes.waits(requestId, waiter);
        waitingBytes += work.bytes();
        return Answer.DEFERRED;
    }

    private static Waiter.Work owned(Waiter.Work work) {
        return switch (work) {
            case Waiter.ForLock _ -> work;
            case Waiter.ForWrite(Request.Write write, int version02) ->
                new Waiter.ForWrite(
                        new Request.Write(
                                write.page(),
                                write.ifVersion(),
                                write.token(),
                                write.waitMillis(),
                                write.returnCurrent(),
                                write.ranges(),
                                PageChange.copyOf(write.data())),
                        version02);
        };
    }

    /** Takes a waiter out of its line without an answer. */
    private void withdraw(Waiter waiter) {
        locks.withdraw(waiter.work.page(), waiter);
        forget(waiter);
    }

    private void forget(Waiter waiter) {
        deadlines.remove(waiter);
        waiter.session.waiting.remove(waiter);
        waitingBytes -= waiter.work.bytes();
    }

    private void complete(Waiter waiter, Reply reply, long nowNanos) {
        Session session = waiter.session;
        session.outcomes.finished(waiter.requestId, reply);
        if (session.connection != 0) {
            effects.add(new Effect.Completed(
                    session.connection,
                    waiter.requestId,
                    waiter.work.opcode().code(),
                    nowNanos - waiter.arrivedNanos,
                    reply));
        }
    }

    private void release(Session session, long page, long token) {
        locks.release(page, token);
        session.held.remove(page);
        pagesReleased.add(page);
    }

    /** Lets the lines of all released pages move on. A loop, not a recursion: an ended session may release further pages. */
    private void serveReleased(long nowNanos) {
        for (Long page = pagesReleased.poll(); page != null; page = pagesReleased.poll()) {
            for (Waiter next = locks.next(page); next != null; next = locks.next(page)) {
                forget(next);
                serve(next, nowNanos);
            }
        }
    }

    /** A grant is made only to a session that is alive at this instant. */
    private void serve(Waiter waiter, long nowNanos) {
        if (!waiter.session.isAlive(nowNanos)) {
            expire(waiter.session);
        } else if (waiter.deadlineNanos <= nowNanos) {
            complete(waiter, timeout(waiter), nowNanos);
        } else {
            Reply reply = switch (waiter.work) {
                case Waiter.ForLock(Request.Lock lock) -> grant(waiter.session, lock, nowNanos);
                case Waiter.ForWrite(Request.Write write, int version02) -> change(write, version02);
            };
            complete(waiter, reply, nowNanos);
        }
    }

    private static Reply timeout(Waiter waiter) {
        long waitMillis = (waiter.deadlineNanos - waiter.arrivedNanos) / 1_000_000;
        return new Reply.Failed(
                Status.TIMEOUT,
                waitMillis,
                waitMillis,
                "page " + waiter.work.page() + " was not free within " + waitMillis + " ms");
    }

    private void end(Session session) {
        session.end();
        sessions.remove(session);
        for (Waiter waiter : List.copyOf(session.waiting)) {
            withdraw(waiter);
        }
        for (Map.Entry<Long, Long> held : List.copyOf(session.held.entrySet())) {
            release(session, held.getKey(), held.getValue());
        }
    }

    private void expire(Session session) {
        if (session.isEnded()) {
            return;
        }
        sessionsExpired++;
        if (session.connection != 0) {
            effects.add(new Effect.Detached(session.connection, Status.SESSION_EXPIRED));
        }
        end(session);
    }

    /** Ends what is over by now: waits past their limit, sessions past their lease. */
    public void tick(long nowNanos) {
        while (!deadlines.isEmpty() && deadlines.first().deadlineNanos <= nowNanos) {
            Waiter late = deadlines.first();
            withdraw(late);
            complete(late, timeout(late), nowNanos);
        }
        for (Session over = sessions.expired(nowNanos); over != null; over = sessions.expired(nowNanos)) {
            expire(over);
        }
        serveReleased(nowNanos);
    }

    /** Refuses what could change anything from now on, and what waits; the server is stopping. */
    public void drain(long nowNanos) {
        draining = true;
        while (!deadlines.isEmpty()) {
            Waiter waiter = deadlines.first();
            withdraw(waiter);
            complete(waiter, STOPPING, nowNanos);
        }
    }

    /** When {@link #tick} has something to do, unless something comes before; Long.MAX_VALUE for never. */
    public long nextTickNanos() {
        long wait = deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.first().deadlineNanos;
        return Math.min(wait, sessions.nextCheckNanos());
    }

    /** Takes what happened to others since the last call, in order. */
    public List<Effect> takeEffects() {
        if (effects.isEmpty()) {
            return List.of();
        }
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    /** What there is now, by name. */
    public Map<String, Long> counters() {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("sessions", (long) sessions.count());
        counters.put("sessions-expired", sessionsExpired);
        counters.put("locks-held", (long) locks.held());
        counters.put("waiters", (long) locks.waiting());
        counters.put("waiting-bytes", waitingBytes);
        return counters;
    }

    private static Answer failed(Status status, long actual, long expected, String message) {
        return new Answer.Now(new Reply.Failed(status, actual, expected, message));
    }

    private static Reply busy(String what, long actual, long limit) {
        return new Reply.Failed(Status.BUSY, actual, limit, what + ": " + actual + " (expected: < " + limit + ")");
    }
}
