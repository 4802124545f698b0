package netmem.server.engine;

import java.util.ArrayList;
import java.util.List;
import netmem.api.Status;
import netmem.api.wire.Reply;
import netmem.server.lock.Holder;
import netmem.server.memory.PageMemory;

/** What a command sets going among others than its caller: grants, time-outs, ends of sessions, notifications. Confined to the engine's monitor. */
final class Consequences {
    private final PageMemory pages;
    private final Sessions sessions;
    private final Lines lines;
    private final Watches watches;
    private final Changes changes;
    private final PageOperations operations;
    private List<Effect> effects = new ArrayList<>();
    private long sessionsExpired;

    Consequences(
            PageMemory pages,
            Sessions sessions,
            Lines lines,
            Watches watches,
            Changes changes,
            PageOperations operations) {
        this.pages = pages;
        this.sessions = sessions;
        this.lines = lines;
        this.watches = watches;
        this.changes = changes;
        this.operations = operations;
    }

    long sessionsExpired() {
        return sessionsExpired;
    }

    /** Takes the effects since the last call, in order. */
    List<Effect> take() {
        if (effects.isEmpty()) {
            return List.of();
        }
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    /**
     * Gives a request that waited its reply, and records it. On a connection that resumed the session it is told only once the request came again there: the
     * client asks for its watches before that, so the reply cannot overtake what they tell.
     */
    void complete(Waiter waiter, Reply reply, long nowNanos) {
        Session session = waiter.session;
        session.outcomes.finished(waiter.requestId, waiter.work.opcode(), reply);
        if (session.connection != 0 && session.connection == waiter.connection) {
            effects.add(new Effect.Completed(
                    session.connection,
                    waiter.requestId,
                    waiter.work.opcode().code(),
                    nowNanos - waiter.arrivedNanos,
                    reply));
        }
    }

    /** Has the connection that reaches the session closed, if there is one. */
    void detach(Session session, Status reason) {
        if (session.connection != 0) {
            effects.add(new Effect.Detached(session.connection, reason));
        }
    }

    /**
     * Follows up what the command has set going until nothing moves: lines of pages that came free, circles that grants have closed, changes that others wait
     * for. A loop, not a recursion: a session that is found dead frees further pages.
     */
    void settle(long nowNanos) {
        for (; ; ) {
            Waiter next = lines.next();
            Waiter stuck = next != null ? null : lines.deadlocked();
            Long page = next != null || stuck != null ? null : changes.next();
            if (next != null) {
                serve(next, nowNanos);
            } else if (stuck != null) {
                complete(stuck, Lines.deadlock(stuck), nowNanos);
            } else if (page != null) {
                tell(page, nowNanos);
            } else {
                return;
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
            complete(waiter, operations.perform(waiter.session, waiter.work, nowNanos), nowNanos);
        }
    }

    private void tell(long page, long nowNanos) {
        for (Waiter waiter : lines.newerThan(page, pages.version(page))) {
            complete(waiter, operations.perform(waiter.session, waiter.work, nowNanos), nowNanos);
        }
        for (Session roused : watches.changed(page)) {
            effects.add(new Effect.Changed(roused.connection));
        }
        for (Session slow = watches.cut(); slow != null; slow = watches.cut()) {
            detach(slow, Status.BUSY);
        }
    }

    private Reply timeout(Waiter waiter) {
        long waitMillis = (waiter.deadlineNanos - waiter.arrivedNanos) / 1_000_000;
        return new Reply.Failed(
                Status.TIMEOUT,
                waitMillis,
                waitMillis,
                waiter.work.awaited() + " within " + waitMillis + " ms" + lines.ownLock(waiter.session, waiter.work));
    }

    /** Ends a session: its locks are free, its requests wait no more. The caller settles. */
    void end(Session session) {
        session.end();
        sessions.remove(session);
        for (Waiter waiter : List.copyOf(session.waiting)) {
            lines.withdraw(waiter);
        }
        for (Holder holder : List.copyOf(session.held.values())) {
            lines.release(session, holder);
        }
        watches.end(session);
    }

    private void expire(Session session) {
        if (!session.isEnded()) {
            sessionsExpired++;
            detach(session, Status.SESSION_EXPIRED);
            end(session);
        }
    }

    /** Ends what is over by now: waits past their limit, sessions past their lease. */
    void tick(long nowNanos) {
        for (Waiter late = lines.late(nowNanos); late != null; late = lines.late(nowNanos)) {
            complete(late, timeout(late), nowNanos);
        }
        for (Session over = sessions.expired(nowNanos); over != null; over = sessions.expired(nowNanos)) {
            expire(over);
        }
        settle(nowNanos);
    }

    /** Gives all that wait the same reply. */
    void dropWaiters(Reply reply, long nowNanos) {
        for (Waiter waiter = lines.late(Long.MAX_VALUE); waiter != null; waiter = lines.late(Long.MAX_VALUE)) {
            complete(waiter, reply, nowNanos);
        }
    }
}
