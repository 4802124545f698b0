package netmem.server.engine;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import netmem.api.Status;
import netmem.api.wire.Reply;
import netmem.server.lock.Holder;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;

/**
 * What a command sets going among others than its caller: grants, time-outs, ends of sessions, notifications. Confined
 * to the engine's monitor.
 *
 * <p>It is followed up in parts of a bounded size, so that one command does not hold the monitor for as long as all
 * that others have queued would take: what is left when a part is over waits for the next command or {@link #tick},
 * which the caller is told to make at once. Others run in between. That is safe, since each step ends in a state that
 * is right by itself: who waits in a line that may move stands there still, so nobody passes it; a circle stays one
 * until it is broken; a page that changed has its new version, and who awaits it gets that or a later one. Only what
 * a session watches is noted at once, since no reply to the session may overtake it.
 */
final class Consequences {
    /** A usual part. */
    static final int PART = 64;

    /** How much may be copied, and how many looked at one after the other, in the time of one step. */
    private static final int BYTES_EACH = 16 << 10;

    private static final int LOOKED_EACH = 16;

    private final PageMemory pages;
    private final Sessions sessions;
    private final Lines lines;
    private final Watches watches;
    private final Changes changes;
    private final PageOperations operations;

    /** How much is done at once, where 1 is about a microsecond or two. */
    private final int part;

    /** Pages that changed and that some may await. */
    private final SequencedSet<Long> awaited = new LinkedHashSet<>();

    private final Effects effects = new Effects();
    private long sessionsExpired;

    /** What is left of the part. */
    private int left;

    private boolean unsettled;

    Consequences(
            PageMemory pages,
            Sessions sessions,
            Lines lines,
            Watches watches,
            Changes changes,
            PageOperations operations,
            int part) {
        this.pages = pages;
        this.sessions = sessions;
        this.lines = lines;
        this.watches = watches;
        this.changes = changes;
        this.operations = operations;
        this.part = part;
    }

    /** What is to be told. */
    Effects effects() {
        return effects;
    }

    long sessionsExpired() {
        return sessionsExpired;
    }

    /** Follows up what the command has set going, as far as a part goes. */
    void settle(long nowNanos) {
        left = part;
        goOn(nowNanos);
    }

    /** Whether something is left for the next part. */
    boolean isUnsettled() {
        return unsettled;
    }

    private void goOn(long nowNanos) {
        unsettled = true;
        while (left > 0 && unsettled) {
            left--;
            unsettled = step(nowNanos);
        }
        noteChanges();
    }

    /** Before the part is over, so before anybody is told anything of what the changed pages are now. */
    private void noteChanges() {
        for (Long page = changes.next(); page != null; page = changes.next()) {
            watches.changed(page);
            if (lines.waiting() > 0) {
                awaited.add(page);
            }
        }
    }

    /**
     * Serves one of those who can go on: in lines of pages that came free, in circles that grants have closed, by
     * changes that they await or watch. A step, not a recursion: a session that is found dead frees further pages.
     * False when nothing moves any more.
     */
    private boolean step(long nowNanos) {
        Waiter next = lines.next();
        if (next != null) {
            serve(next, nowNanos);
            return true;
        }
        Waiter stuck = lines.deadlocked();
        left -= lines.takeLooked() / LOOKED_EACH;
        if (stuck != null) {
            effects.complete(stuck, Deadlocks.reply(stuck), nowNanos);
            return true;
        }
        return told(nowNanos);
    }

    private boolean told(long nowNanos) {
        noteChanges();
        Waiter newer = nextNewer();
        if (newer != null) {
            perform(newer, nowNanos);
            return true;
        }
        Session roused = watches.nextRoused();
        if (roused != null) {
            effects.changed(roused);
            return true;
        }
        Session slow = watches.cut();
        if (slow != null) {
            left -= watches.count() / LOOKED_EACH;
            effects.detach(slow, Status.BUSY);
        }
        return slow != null;
    }

    private @Nullable Waiter nextNewer() {
        while (!awaited.isEmpty()) {
            Waiter newer = newer(awaited.getFirst());
            if (newer != null) {
                return newer;
            }
            awaited.removeFirst();
        }
        return null;
    }

    /** One who waits for the page to be newer; nobody where it cannot be read. */
    private @Nullable Waiter newer(long page) {
        try {
            return lines.newer(page, pages.version(page));
        } catch (RuntimeException | Error e) {
            effects.met(e);
            return null;
        }
    }

    /** A grant is made only to a session that is alive at this instant. */
    private void serve(Waiter waiter, long nowNanos) {
        left -= (int) (waiter.work.bytesMoved(pages.pageLength()) / BYTES_EACH);
        if (!waiter.session.isAlive(nowNanos)) {
            try {
                expire(waiter.session);
            } catch (RuntimeException | Error e) {
                effects.met(e); // the timer comes to it again
            }
        } else if (waiter.deadlineNanos <= nowNanos) {
            effects.complete(waiter, timeout(waiter), nowNanos);
        } else {
            perform(waiter, nowNanos);
        }
    }

    /** A fault that it meets is its own, not that of the command that set it going. */
    private void perform(Waiter waiter, long nowNanos) {
        Reply reply;
        try {
            reply = operations.perform(waiter.session, waiter.work, nowNanos);
        } catch (RuntimeException | Error e) {
            effects.met(e);
            reply = Engine.FAULT;
        }
        effects.complete(waiter, reply, nowNanos);
    }

    private Reply timeout(Waiter waiter) {
        long waitMillis = (waiter.deadlineNanos - waiter.arrivedNanos) / 1_000_000;
        return new Reply.Failed(
                Status.TIMEOUT,
                waitMillis,
                waitMillis,
                waiter.work.awaited() + " within " + waitMillis + " ms" + lines.ownLock(waiter.session, waiter.work));
    }

    /**
     * Ends a session: its locks are free, its requests wait no more. The caller settles. It is one of the sessions
     * until all is done, so that what throws in between is done again.
     */
    void end(Session session) {
        for (Waiter waiter : List.copyOf(session.waiting)) {
            lines.withdraw(waiter);
        }
        for (Holder holder : List.copyOf(session.held.values())) {
            lines.release(session, holder);
        }
        watches.end(session);
        session.end();
        sessions.remove(session);
    }

    /** Ends a session whose client says that it is done. */
    Reply bye(Session session, long nowNanos) {
        end(session);
        settle(nowNanos);
        return new Reply.Done();
    }

    /** Ends a wait of the session, if that request waits. */
    Reply cancel(Session session, long target, long nowNanos) {
        if (session.outcomes.lookup(target) instanceof Outcomes.Known.Waiting(Waiter waiter)) {
            lines.withdraw(waiter);
            effects.complete(waiter, new Reply.Failed(Status.CANCELLED, 0, 0, "cancelled by its session"), nowNanos);
            settle(nowNanos);
        }
        return new Reply.Done();
    }

    private void expire(Session session) {
        if (!session.isEnded()) {
            end(session);
            sessionsExpired++;
            effects.detach(session, Status.SESSION_EXPIRED);
        }
    }

    /** Ends what is over by now: waits past their limit, sessions past their lease; and goes on with what is left. */
    void tick(long nowNanos) {
        left = part;
        for (Waiter late = nextLate(nowNanos); late != null; late = nextLate(nowNanos)) {
            effects.complete(late, timeout(late), nowNanos);
            left--;
        }
        for (Session over = nextOver(nowNanos); over != null; over = nextOver(nowNanos)) {
            left -= 1 + (over.held.size() + over.waiting.size()) / 4;
            expire(over);
        }
        goOn(nowNanos);
    }

    private @Nullable Waiter nextLate(long nowNanos) {
        return left > 0 ? lines.late(nowNanos) : null;
    }

    private @Nullable Session nextOver(long nowNanos) {
        return left > 0 ? sessions.expired(nowNanos) : null;
    }

    /** Gives all that wait the same reply. */
    void dropWaiters(Reply reply, long nowNanos) {
        for (Waiter waiter = lines.late(Long.MAX_VALUE); waiter != null; waiter = lines.late(Long.MAX_VALUE)) {
            effects.complete(waiter, reply, nowNanos);
        }
    }
}
