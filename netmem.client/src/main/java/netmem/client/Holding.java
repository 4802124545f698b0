package netmem.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Where a lock stands, or a group of locks, that a session was granted. Confined as its lock is, but for what tells
 * where it stands: that may be asked by any thread.
 */
final class Holding {
    private final Session holder;
    private final LockAlarms alarms;
    private final List<LockAlarms.Watched> watched = new ArrayList<>(0);
    private volatile Tenure tenure = Tenure.HELD;

    Holding(Session holder, LockAlarms alarms) {
        this.holder = holder;
        this.alarms = alarms;
    }

    Session holder() {
        return holder;
    }

    Tenure tenure() {
        return tenure;
    }

    /** Whether it is certainly held at this instant, by this client's own clock. */
    boolean isHeld() {
        return tenure == Tenure.HELD && holder.lease().leftNanos(System.nanoTime()) > 0;
    }

    /** Has an action run when it is lost, unless it is given back before. */
    void onLost(Runnable action) {
        Objects.requireNonNull(action, "action");
        if (tenure != Tenure.OVER) {
            watched.add(alarms.add(holder.lease(), this::tenure, action));
        }
    }

    /** It is given back, or the client sees to it. */
    void over() {
        tenure = Tenure.OVER;
        watched.forEach(alarms::remove);
        watched.clear();
    }

    /** The server does not know it any more. */
    void lost() {
        tenure = Tenure.LOST;
        if (!watched.isEmpty()) {
            alarms.look();
        }
    }
}
