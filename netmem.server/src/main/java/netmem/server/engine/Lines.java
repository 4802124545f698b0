package netmem.server.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeSet;
import netmem.api.Status;
import netmem.api.wire.Reply;
import netmem.server.config.ServerLimits;
import netmem.server.lock.Holder;
import netmem.server.lock.LockTable;
import netmem.server.lock.Owner;
import org.jspecify.annotations.Nullable;

/**
 * Locks and lines as sessions see them: which session holds what, who waits for it and how long, within the limits. Confined to the engine's monitor.
 *
 * <p>A page that is released is kept in mind until {@link #next} has served its line; every command of the engine ends with that.
 */
final class Lines {
    private final ServerLimits limits;
    private final LockTable<Waiter> locks = new LockTable<>();
    private final TreeSet<Waiter> deadlines = new TreeSet<>(Waiter.BY_DEADLINE);
    private final Deque<Long> released = new ArrayDeque<>();
    private long lastWaiter;
    private long waitingBytes;

    Lines(ServerLimits limits) {
        this.limits = limits;
    }

    @Nullable
    Holder holder(long page) {
        return locks.holder(page);
    }

    /** The token of the page's current grant, 0 when it is free. */
    long token(long page) {
        return locks.token(page);
    }

    /** Whether this session holds the page under this very token. */
    boolean isHeldBy(Session session, long page, long token) {
        Holder holder = locks.holder(page);
        return holder != null && holder.token() == token && holder.owner().session() == session.key;
    }

    /** Gives a free page to a handle of the session; returns the token. */
    long grant(Session session, long page, long handle, long nowNanos) {
        long token = locks.grant(page, new Owner(session.key, handle), nowNanos).token();
        session.held.put(page, token);
        return token;
    }

    void release(Session session, long page, long token) {
        locks.release(page, token);
        session.held.remove(page);
        released.add(page);
    }

    /** Puts a request into the line of a held page, or says why not. */
    Answer await(Session session, long requestId, Waiter.Work work, int waitMillis, long nowNanos) {
        long page = work.page();
        Reply refusal = refusal(page, work.bytes(), waitMillis);
        if (refusal != null) {
            return new Answer.Now(refusal);
        }
        long deadline = nowNanos + waitMillis * 1_000_000L;
        Waiter waiter = new Waiter(session, requestId, work.owned(), ++lastWaiter, nowNanos, deadline);
        locks.enqueue(page, waiter);
        deadlines.add(waiter);
        session.waiting.add(waiter);
        session.outcomes.waits(requestId, waiter);
        waitingBytes += work.bytes();
        return Answer.DEFERRED;
    }

    private @Nullable Reply refusal(long page, int bytes, int waitMillis) {
        if (waitMillis == 0) {
            return new Reply.Failed(Status.LOCKED, locks.token(page), 0, "page " + page + " is locked");
        }
        if (locks.waiting() >= limits.waitersMax()) {
            return busy("waiters", locks.waiting(), limits.waitersMax());
        }
        if (locks.waiting(page) >= limits.waitersPerPageMax()) {
            return busy("waiters of page " + page, locks.waiting(page), limits.waitersPerPageMax());
        }
        if (waitingBytes + bytes > limits.waitingBytesMax()) {
            return busy("bytes of waiting writes", waitingBytes, limits.waitingBytesMax());
        }
        return null;
    }

    static Reply busy(String what, long actual, long limit) {
        return new Reply.Failed(Status.BUSY, actual, limit, what + ": " + actual + " (expected: < " + limit + ")");
    }

    /** Takes a waiter out of its line. */
    void withdraw(Waiter waiter) {
        locks.withdraw(waiter.work.page(), waiter);
        forget(waiter);
    }

    private void forget(Waiter waiter) {
        deadlines.remove(waiter);
        waiter.session.waiting.remove(waiter);
        waitingBytes -= waiter.work.bytes();
    }

    /** Takes the first waiter of a page that was released and is still free; null when all lines stand still. */
    @Nullable
    Waiter next() {
        while (!released.isEmpty()) {
            Waiter waiter = locks.next(released.peek());
            if (waiter != null) {
                forget(waiter);
                return waiter;
            }
            released.remove();
        }
        return null;
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
        return locks.waiting();
    }

    long waitingBytes() {
        return waitingBytes;
    }
}
