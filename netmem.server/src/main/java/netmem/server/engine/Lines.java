package netmem.server.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import netmem.api.Status;
import netmem.api.wire.Reply;
import netmem.server.config.ServerLimits;
import netmem.server.lock.Claim;
import netmem.server.lock.Holder;
import netmem.server.lock.LockTable;
import netmem.server.lock.Owner;
import netmem.server.lock.WaitGraph;
import org.jspecify.annotations.Nullable;

/** Locks and waiting as sessions see them: who holds what, who waits how long, within the limits. Confined to the engine's monitor. */
final class Lines {
    private final ServerLimits limits;
    private final LockTable<Waiter> locks = new LockTable<>();
    private final TreeSet<Waiter> deadlines = new TreeSet<>(Waiter.BY_DEADLINE);

    /** Those who wait for a page to be newer, in order of arrival. */
    private final Map<Long, Set<Waiter>> newer = new HashMap<>();

    /** What each owner waits for. */
    private final Map<Owner, Set<Waiter>> byOwner = new HashMap<>();

    /** Owners that were granted something while they waited for more: what waits for it now waits for them. */
    private final Deque<Owner> suspects = new ArrayDeque<>();

    private long lastWaiter;
    private long waitingBytes;

    Lines(ServerLimits limits) {
        this.limits = limits;
    }

    boolean isOpen(List<Claim> claims) {
        return locks.isOpen(claims);
    }

    Collection<Holder> holders(long page) {
        return locks.holders(page);
    }

    int waiting(long page) {
        return locks.waiters(page).size();
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

    /** Whether this handle of the session holds the page. */
    boolean holds(Session session, long handle, long page) {
        Owner owner = new Owner(session.key, handle);
        return locks.holders(page).stream().anyMatch(holder -> holder.owner().equals(owner));
    }

    /** Gives an open page to a handle of the session; returns the token. */
    long grant(Session session, Claim claim, long handle, long nowNanos) {
        Owner owner = new Owner(session.key, handle);
        Holder holder = locks.grant(claim.page(), owner, claim.mode(), nowNanos);
        if (byOwner.containsKey(owner)) {
            suspects.add(owner);
        }
        session.held.put(holder.token(), holder);
        return holder.token();
    }

    void release(Session session, Holder holder) {
        locks.release(holder.page(), holder.token());
        session.held.remove(holder.token());
    }

    /** Lets a request wait for what it claims, or says why not. */
    Answer await(Session session, long requestId, Work work, int waitMillis, long nowNanos) {
        Reply refusal = refusal(work, waitMillis);
        if (refusal != null) {
            return new Answer.Now(refusal);
        }
        Waiter waiter = add(session, requestId, work, waitMillis, nowNanos);
        locks.enqueue(waiter);
        if (mayCloseCircle(waiter) && new WaitGraph<>(locks, this::waitersOf).youngestOfCircle(waiter) != null) {
            withdraw(waiter);
            return new Answer.Now(deadlock(waiter));
        }
        session.outcomes.waits(requestId, waiter);
        return Answer.DEFERRED;
    }

    /** Lets a request wait until the page is newer, or says why not. */
    Answer awaitNewer(Session session, long requestId, Work.ForNewer work, int waitMillis, long nowNanos) {
        if (deadlines.size() >= limits.waitersMax()) {
            return new Answer.Now(busy("waiters", deadlines.size(), limits.waitersMax()));
        }
        Waiter waiter = add(session, requestId, work, waitMillis, nowNanos);
        newer.computeIfAbsent(work.request().page(), _ -> new LinkedHashSet<>()).add(waiter);
        session.outcomes.waits(requestId, waiter);
        return Answer.DEFERRED;
    }

    private Waiter add(Session session, long requestId, Work work, int waitMillis, long nowNanos) {
        long deadline = nowNanos + waitMillis * 1_000_000L;
        Waiter waiter = new Waiter(session, requestId, work.owned(), ++lastWaiter, nowNanos, deadline);
        deadlines.add(waiter);
        session.waiting.add(waiter);
        if (!waiter.owner().equals(Owner.NOBODY)) {
            byOwner.computeIfAbsent(waiter.owner(), _ -> new LinkedHashSet<>()).add(waiter);
        }
        waitingBytes += work.bytes();
        return waiter;
    }

    /** Takes those who waited for the page to have more than some version below this one. */
    List<Waiter> newerThan(long page, long version) {
        Set<Waiter> all = newer.get(page);
        if (all == null) {
            return List.of();
        }
        List<Waiter> served = new ArrayList<>();
        for (Waiter waiter : all) {
            if (waiter.work instanceof Work.ForNewer(var request)
                    && Long.compareUnsigned(version, request.version()) > 0) {
                served.add(waiter);
            }
        }
        served.forEach(this::withdraw);
        return served;
    }

    /** Only an owner that others wait for can be part of a circle: one that holds something, or stands in several lines. */
    private boolean mayCloseCircle(Waiter waiter) {
        Session session = waiter.session;
        return waiter.claims().size() > 1
                || (!waiter.owner().equals(Owner.NOBODY)
                        && (session.held.values().stream()
                                        .anyMatch(held -> held.owner().equals(waiter.owner()))
                                || waitersOf(waiter.owner()).size() > 1));
    }

    private Collection<Waiter> waitersOf(Owner owner) {
        return byOwner.getOrDefault(owner, Set.of());
    }

    /** Takes the youngest waiter out of a circle that grants have closed since the last call; null when there is none. */
    @Nullable
    Waiter deadlocked() {
        for (Owner suspect = suspects.peek(); suspect != null; suspect = suspects.peek()) {
            for (Waiter waiter : waitersOf(suspect)) {
                Waiter youngest = new WaitGraph<>(locks, this::waitersOf).youngestOfCircle(waiter);
                if (youngest != null) {
                    withdraw(youngest);
                    return youngest;
                }
            }
            suspects.remove();
        }
        return null;
    }

    static Reply deadlock(Waiter waiter) {
        return new Reply.Failed(
                Status.DEADLOCK,
                waiter.owner().handle(),
                0,
                "handle " + waiter.owner().handle() + " and others would wait for one another for ever");
    }

    private @Nullable Reply refusal(Work work, int waitMillis) {
        if (waitMillis == 0) {
            long page = firstClosed(work.claims());
            return new Reply.Failed(Status.LOCKED, token(page), 0, "page " + page + " is locked");
        }
        if (deadlines.size() >= limits.waitersMax()) {
            return busy("waiters", deadlines.size(), limits.waitersMax());
        }
        for (Claim claim : work.claims()) {
            if (waiting(claim.page()) >= limits.waitersPerPageMax()) {
                return busy("waiters of page " + claim.page(), waiting(claim.page()), limits.waitersPerPageMax());
            }
        }
        if (waitingBytes + work.bytes() > limits.waitingBytesMax()) {
            return busy("bytes of waiting writes", waitingBytes, limits.waitingBytesMax());
        }
        return null;
    }

    private long firstClosed(List<Claim> claims) {
        for (Claim claim : claims) {
            if (!locks.isOpen(List.of(claim))) {
                return claim.page();
            }
        }
        throw new IllegalStateException("claims: all open");
    }

    static Reply busy(String what, long actual, long limit) {
        return new Reply.Failed(Status.BUSY, actual, limit, what + ": " + actual + " (expected: < " + limit + ")");
    }

    /** Takes a waiter out, wherever it waits. */
    void withdraw(Waiter waiter) {
        locks.withdraw(waiter);
        if (waiter.work instanceof Work.ForNewer(var request)) {
            newer.computeIfPresent(request.page(), (_, all) -> all.remove(waiter) && all.isEmpty() ? null : all);
        }
        forget(waiter);
    }

    private void forget(Waiter waiter) {
        if (deadlines.remove(waiter)) {
            waiter.session.waiting.remove(waiter);
            waitingBytes -= waiter.work.bytes();
            byOwner.computeIfPresent(waiter.owner(), (_, all) -> all.remove(waiter) && all.isEmpty() ? null : all);
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
