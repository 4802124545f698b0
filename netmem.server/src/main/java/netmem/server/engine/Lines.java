package netmem.server.engine;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import netmem.api.Status;
import netmem.api.wire.FailureText;
import netmem.api.wire.Reply;
import netmem.server.config.ServerLimits;
import netmem.server.lock.Claim;
import netmem.server.lock.Holder;
import netmem.server.lock.LockTable;
import netmem.server.lock.Owner;
import org.jspecify.annotations.Nullable;

/** Locks and waiting as sessions see them: who holds what, who waits how long, within the limits. Confined to the engine's monitor. */
final class Lines {
    private final ServerLimits limits;
    private final LockTable<Waiter> locks = new LockTable<>();
    private final Deadlocks deadlocks = new Deadlocks(locks);
    private final NewerLine newer = new NewerLine();
    private final TreeSet<Waiter> deadlines = new TreeSet<>(Waiter.BY_DEADLINE);
    private long lastWaiter;
    private long waitingBytes;
    private int locksAwaited;

    Lines(ServerLimits limits) {
        this.limits = limits;
    }

    boolean isOpen(List<Claim> claims) {
        return locks.isOpen(claims);
    }

    /** Whether nobody has the page locked or waits for it, as its owner or for it to be newer. */
    boolean isFree(long page) {
        return locks.isFree(page) && newer.waiting(page) == 0;
    }

    Collection<Holder> holders(long page) {
        return locks.holders(page);
    }

    /** Those who stand in the page's line, in order. */
    Collection<Waiter> waiters(long page) {
        return locks.waiters(page);
    }

    /** The token of the page's exclusive grant, 0 when there is none. */
    long token(long page) {
        Holder holder = locks.exclusive(page);
        return holder == null ? 0 : holder.token();
    }

    /** The session's own grant of the page under this token, or null when it has none such now. */
    @Nullable
    Holder grantOf(Session session, long page, long token) {
        Holder holder = locks.holder(page, token);
        return holder != null && holder.owner().session() == session.key ? holder : null;
    }

    /** The session's own exclusive grant of the page, or null. */
    @Nullable
    Holder exclusiveOf(Session session, long page) {
        Holder holder = locks.exclusive(page);
        return holder != null && holder.owner().session() == session.key ? holder : null;
    }

    /**
     * Refuses what comes under a token that does not allow it.
     *
     * @param changes whether the request would change the page, which an exclusive lock alone allows
     */
    Reply fenced(long page, long token, boolean changes) {
        return new Reply.Failed(
                Status.FENCED,
                token,
                token(page),
                "token: " + FailureText.number(token) + " (expected: that of " + (changes ? "an exclusive" : "a")
                        + " lock which this session holds now) page=" + page);
    }

    /** Whether this owner holds the page or waits for it. */
    boolean hasOrAwaits(Owner owner, long page) {
        return locks.isHeldBy(page, owner) || deadlocks.awaits(owner, page);
    }

    /** Gives an open page to a handle of the session; returns the token. */
    long grant(Session session, Claim claim, long handle, long nowNanos) {
        Owner owner = new Owner(session.key, handle);
        Holder holder = locks.grant(claim.page(), owner, claim.mode(), nowNanos);
        try {
            deadlocks.granted(owner, claim.page());
            session.held.put(holder.token(), holder);
            return holder.token();
        } catch (RuntimeException | Error e) {
            release(session, holder);
            throw e;
        }
    }

    void release(Session session, Holder holder) {
        locks.release(holder.page(), holder.token());
        session.held.remove(holder.token());
    }

    /** Lets a request wait for what it claims, or says why not. */
    Answer await(Session session, long requestId, Work work, int waitMillis, long nowNanos) {
        Reply refusal = refusal(session, work, waitMillis);
        if (refusal != null) {
            return new Answer.Now(refusal);
        }
        Waiter waiter = add(session, requestId, work, waitMillis, nowNanos);
        locks.enqueue(waiter);
        if (deadlocks.closesCircle(waiter)) {
            withdraw(waiter);
            return new Answer.Now(Deadlocks.reply(waiter));
        }
        session.outcomes.waits(requestId, waiter);
        return Answer.DEFERRED;
    }

    /** Lets a request wait until the page is newer, or says why not. */
    Answer awaitNewer(Session session, long requestId, Work.ForNewer work, int waitMillis, long nowNanos) {
        long page = work.request().page();
        Reply refusal = tooMany(page, newer.waiting(page));
        if (refusal != null) {
            return new Answer.Now(refusal);
        }
        Waiter waiter = add(session, requestId, work, waitMillis, nowNanos);
        newer.add(page, waiter);
        session.outcomes.waits(requestId, waiter);
        return Answer.DEFERRED;
    }

    private Waiter add(Session session, long requestId, Work work, int waitMillis, long nowNanos) {
        long deadline = nowNanos + waitMillis * 1_000_000L;
        Waiter waiter = new Waiter(session, requestId, work.owned(), ++lastWaiter, nowNanos, deadline);
        deadlines.add(waiter);
        session.waiting.add(waiter);
        session.locksAwaited += waiter.locks();
        locksAwaited += waiter.locks();
        deadlocks.add(waiter);
        waitingBytes += waiter.bytes;
        return waiter;
    }

    /** Takes one who waits for the page to have more than some version below this one; null when there is none. */
    @Nullable
    Waiter newer(long page, long version) {
        Waiter served = newer.below(page, version);
        if (served != null) {
            withdraw(served);
        }
        return served;
    }

    /** Takes the youngest waiter out of a circle that grants have closed since the last call; null when there is none. */
    @Nullable
    Waiter deadlocked() {
        Waiter youngest = deadlocks.next();
        if (youngest != null) {
            withdraw(youngest);
        }
        return youngest;
    }

    /** How many owners, waiters and lines were looked at in search of circles since the last call. */
    int takeLooked() {
        return deadlocks.takeLooked();
    }

    private @Nullable Reply refusal(Session session, Work work, int waitMillis) {
        if (waitMillis == 0) {
            long page = firstClosed(work.claims());
            return new Reply.Failed(
                    Status.LOCKED, token(page), 0, "page " + page + " is locked" + ownLock(session, work));
        }
        for (Claim claim : work.claims()) {
            Reply busy = tooMany(claim.page(), waiters(claim.page()).size());
            if (busy != null) {
                return busy;
            }
        }
        if (waitingBytes + work.bytes() > limits.waitingBytesMax()) {
            return exceeds("bytes of waiting writes", waitingBytes + work.bytes(), limits.waitingBytesMax());
        }
        return null;
    }

    private @Nullable Reply tooMany(long page, int waitingForPage) {
        if (deadlines.size() >= limits.waitersMax()) {
            return busy("waiters", deadlines.size(), limits.waitersMax());
        }
        return waitingForPage >= limits.waitersPerPageMax()
                ? busy("waiters of page " + page, waitingForPage, limits.waitersPerPageMax())
                : null;
    }

    private long firstClosed(List<Claim> claims) {
        for (Claim claim : claims) {
            if (!locks.isOpen(List.of(claim))) {
                return claim.page();
            }
        }
        throw new IllegalStateException("claims: all open");
    }

    static Reply.Failed busy(String what, long actual, long limit) {
        return new Reply.Failed(Status.BUSY, actual, limit, FailureText.of(what, actual, "<", limit));
    }

    /** The same where one request asks for several, so that the sum is what the limit is held against. */
    static Reply.Failed exceeds(String what, long sum, long limit) {
        return new Reply.Failed(Status.BUSY, sum, limit, FailureText.of(what, sum, "<=", limit));
    }

    /** Says so, for people, where a request waits for a lock that its own session holds. */
    String ownLock(Session session, Work work) {
        for (Claim claim : work.claims()) {
            for (Holder holder : locks.holders(claim.page())) {
                if (holder.owner().session() == session.key) {
                    return "; this session itself holds page " + claim.page() + " (expected: the token of that lock)";
                }
            }
        }
        return "";
    }

    /** Takes out what a request that met a fault has left here. */
    void withdraw(Session session, long requestId) {
        for (Waiter waiter : List.copyOf(session.waiting)) {
            if (waiter.requestId == requestId) {
                withdraw(waiter);
            }
        }
    }

    /** Takes a waiter out, wherever it waits. */
    void withdraw(Waiter waiter) {
        locks.withdraw(waiter);
        if (waiter.work instanceof Work.ForNewer(var request)) {
            newer.remove(request.page(), waiter);
        }
        forget(waiter);
    }

    private void forget(Waiter waiter) {
        if (deadlines.remove(waiter)) {
            waiter.session.waiting.remove(waiter);
            waiter.session.locksAwaited -= waiter.locks();
            locksAwaited -= waiter.locks();
            deadlocks.remove(waiter);
            waitingBytes -= waiter.bytes;
        }
    }

    /** Takes the next waiter that can have what it claims; null when all lines stand still. */
    @Nullable
    Waiter next() {
        Waiter waiter = locks.next();
        if (waiter != null) {
            forget(waiter);
        }
        return waiter;
    }

    /** Takes a waiter whose deadline is at or before this time; null when there is none. */
    @Nullable
    Waiter late(long nowNanos) {
        if (deadlines.isEmpty() || deadlines.first().deadlineNanos > nowNanos) {
            return null;
        }
        Waiter late = deadlines.first();
        withdraw(late);
        return late;
    }

    long nextDeadlineNanos() {
        return deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.first().deadlineNanos;
    }

    /** Locks that waiting requests will be granted. */
    int awaited() {
        return locksAwaited;
    }

    int held() {
        return locks.held();
    }

    int waiting() {
        return deadlines.size();
    }

    long waitingBytes() {
        return waitingBytes;
    }
}
