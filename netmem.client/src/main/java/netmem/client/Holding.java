package netmem.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where a lock stands, or a group of locks, that a session was granted. Confined as its lock is, but for what tells
 * where it stands: that may be asked by any thread.
 *
 * <p>What was once said to be lost stays lost. The lease may be over by this client's clock, and the server goes on with
 * the session all the same, because it was stopped itself or had heard what the client had no answer to. The program has
 * let go of the lock by then, and would never give it back; so it is given back for it.
 *
 * <pre>
 *   field    access    guard
 *   tenure   atomic    leaves HELD once: by its own thread, or by whoever sees first that the lease is over
 * </pre>
 */
final class Holding {
    private final Session holder;
    private final LockAlarms alarms;
    private final Runnable giveBack;
    private final List<LockAlarms.Watched> watched = new ArrayList<>(0);
    private final AtomicReference<Tenure> tenure = new AtomicReference<>(Tenure.HELD);

    /** {@code giveBack} sends what gives it back, without waiting, from any thread. */
    Holding(Session holder, LockAlarms alarms, Runnable giveBack) {
        this.holder = holder;
        this.alarms = alarms;
        this.giveBack = giveBack;
    }

    Session holder() {
        return holder;
    }

    Tenure tenure() {
        return tenure.get();
    }

    /** Whether it is certainly held at this instant, by this client's own clock. Once false it stays so. */
    boolean isHeld() {
        if (tenure.get() != Tenure.HELD) {
            return false;
        }
        if (holder.lease().leftNanos(System.nanoTime()) > 0) {
            return true;
        }
        letGo();
        return false;
    }

    /** Gives it back in place of who has no memory to do so. */
    void giveBack() {
        Shortage.outlast(giveBack);
    }

    /** The lease is over, and the program is told so. */
    private void letGo() {
        if (tenure.compareAndSet(Tenure.HELD, Tenure.LOST)) {
            giveBack();
            alarms.look();
        }
    }

    /** Has an action run when it is lost, unless it is given back before. */
    void onLost(Runnable action) {
        Objects.requireNonNull(action, "action");
        if (tenure() != Tenure.OVER) {
            watched.add(alarms.add(holder.lease(), this::tenure, () -> {
                letGo();
                action.run();
            }));
        }
    }

    /** It is given back, or the client sees to it. */
    void over() {
        tenure.set(Tenure.OVER);
        for (int i = 0; i < watched.size(); i++) { // without an iterator: it must not fail for want of memory
            alarms.remove(watched.get(i));
        }
        watched.clear();
    }

    /** The server does not know it any more. */
    void lost() {
        tenure.set(Tenure.LOST);
        if (!watched.isEmpty()) {
            alarms.look();
        }
    }
}
