package netmem.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the actions of locks that were lost, in time: one thread for all locks of a client looks when the first of
 * their leases is over, and a few run the actions. All are threads of the platform, since virtual ones might find all
 * carriers busy until others have the lock. Nothing is kept of a lock that was given back, and no thread where nobody
 * waits for an action. Shared.
 *
 * <pre>
 *   field                                    access       guard
 *   alarms, lost, watching, runners, ended   read, write  lock
 *   lock order: the client's lock, then this one; actions run under neither
 * </pre>
 */
final class LockAlarms {
    /** Actions that run at a time; one that blocks holds up the others only where so many do. */
    static final int RUNNERS_MAX = 8;

    private static final long SHORTAGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long IDLE_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Watched> alarms = new LinkedHashSet<>();
    private final Deque<Watched> lost = new ArrayDeque<>();
    private boolean watching;
    private boolean ended;
    private int runners;

    /** A lock with something to do when it is lost; compared by identity. */
    static final class Watched {
        private final Lease lease;
        private final Supplier<Tenure> tenure;
        private final Runnable action;

        private Watched(Lease lease, Supplier<Tenure> tenure, Runnable action) {
            this.lease = lease;
            this.tenure = tenure;
            this.action = action;
        }

        /** How long it is certainly not lost; 0 or less when it is. */
        private long leftNanos(long nowNanos) {
            return tenure.get() == Tenure.LOST ? 0 : lease.leftNanos(nowNanos);
        }
    }

    /** Has an action run once a lock is lost or its lease over. */
    Watched add(Lease lease, Supplier<Tenure> tenure, Runnable action) {
        Watched added = new Watched(lease, tenure, action);
        lock.lock();
        try {
            alarms.add(added);
            if (watching) {
                changed.signal();
            } else {
                start("netmem-locks", this::watch);
                watching = true;
            }
        } finally {
            lock.unlock();
        }
        return added;
    }

    /** The lock was given back. */
    void remove(Watched given) {
        lock.lock();
        try {
            alarms.remove(given);
        } finally {
            lock.unlock();
        }
    }

    /** Locks that are looked after. */
    int count() {
        lock.lock();
        try {
            return alarms.size();
        } finally {
            lock.unlock();
        }
    }

    /** The client is closed: its locks are lost, and no thread waits for others. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A lock was lost, or a lease ended, before its time. */
    void look() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private static void start(String name, Runnable body) {
        Thread.ofPlatform().daemon().name(name).unstarted(body).start();
    }

    /** Looks as long as there are locks to look after, and a little longer. */
    private void watch() {
        lock.lock();
        try {
            boolean idle = false;
            while (!isIdle() || !(idle || ended)) {
                idle = isIdle();
                long rest = idle ? IDLE_NANOS_MAX : outlastingRing();
                boolean _ = changed.awaitNanos(rest) > 0;
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody has this thread to interrupt it", e);
        } finally {
            watching = false;
            lock.unlock();
        }
    }

    private boolean isIdle() {
        return alarms.isEmpty() && lost.isEmpty();
    }

    /** Where there is no memory to hand on what is lost, soon again. */
    private long outlastingRing() {
        try {
            return ring(System.nanoTime());
        } catch (VirtualMachineError e) {
            return SHORTAGE_NANOS;
        }
    }

    /** Hands on what is lost; returns how long the others are not. */
    private long ring(long nowNanos) {
        long least = Long.MAX_VALUE;
        for (Iterator<Watched> each = alarms.iterator(); each.hasNext(); ) {
            Watched alarm = each.next();
            long left = alarm.leftNanos(nowNanos);
            if (left <= 0) {
                lost.add(alarm);
                each.remove();
            } else {
                least = Math.min(least, left);
            }
        }
        return startRunners() ? least : Math.min(least, SHORTAGE_NANOS);
    }

    /** One for each action, within the bound; false where there was no memory for a thread. */
    private boolean startRunners() {
        try {
            for (int i = lost.size(); i > 0 && runners < RUNNERS_MAX; i--) {
                start("netmem-lock-lost", this::run);
                runners++;
            }
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    /** Runs actions until there are none. */
    private void run() {
        for (Watched next = next(); next != null; next = next()) {
            try {
                if (next.tenure.get() != Tenure.OVER) {
                    UserCode.run("onLost", next.action);
                }
            } catch (VirtualMachineError e) { // it was run, and there is no memory to say what it threw
                Shortage.rest();
            }
        }
    }

    private @Nullable Watched next() {
        lock.lock();
        try {
            Watched next = lost.poll();
            if (next == null) {
                runners--;
                changed.signal(); // who looks may be idle now
            }
            return next;
        } finally {
            lock.unlock();
        }
    }
}
