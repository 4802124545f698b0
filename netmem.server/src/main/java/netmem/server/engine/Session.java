package netmem.server.engine;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import netmem.api.wire.SessionId;
import netmem.server.lock.Holder;

/**
 * A client's state at the server; connections are how it is reached just now.
 *
 * <p>Confined to the engine's monitor, but for three fields that connections read and write beside it:
 * <ul>
 *   <li>{@code lastHeardNanos}: written by whichever event loop brought a frame of the session, read under the monitor. A reader that misses the newest value
 *       judges the session older than it is; it does so only when the frame came after the lease was over, or at the same instant.
 *   <li>{@code ended}: written under the monitor, read by event loops that serve reads. A reader that misses it serves one more read, which is harmless: a
 *       read shows committed bytes to whoever asks.
 *   <li>{@code watching}: written under the monitor on behalf of the session's own connection, read by that connection's event loop, which sees its own writes.
 * </ul>
 */
public final class Session {
    /** Lease of a 0.2 client's session, which lives as long as its connection. */
    static final long NO_LEASE = Long.MAX_VALUE;

    final long key;
    final SessionId id;
    final String name;
    final long leaseNanos;
    final Outcomes outcomes;

    /** Its grants by token, in their order. */
    final Map<Long, Holder> held = new LinkedHashMap<>();

    final Set<Waiter> waiting = new LinkedHashSet<>();

    /** Locks that its waiting requests will be granted. */
    int locksAwaited;

    /** Watched pages that changed and of which the client was not told yet. */
    final SequencedSet<Long> unsent = new LinkedHashSet<>();

    /** The connection that reaches it, 0 for none. */
    long connection;

    /** When its lease is looked at next; at or before the lease's end. */
    long checkNanos;

    private volatile long lastHeardNanos;
    private volatile boolean ended;
    private volatile boolean watching;

    Session(
            long key,
            SessionId id,
            String name,
            long leaseNanos,
            long connection,
            OutcomeBudget budget,
            long nowNanos) {
        this.key = key;
        this.id = id;
        this.name = name;
        this.leaseNanos = leaseNanos;
        this.connection = connection;
        this.outcomes = new Outcomes(budget);
        this.lastHeardNanos = nowNanos;
    }

    /** Notes that something of the session came. Any thread. */
    public void heard(long nowNanos) {
        if (nowNanos > lastHeardNanos) {
            lastHeardNanos = nowNanos;
        }
    }

    /** Whether the session is over. Any thread. */
    public boolean isEnded() {
        return ended;
    }

    /** Whether it watches pages, so that its replies must not overtake notifications. Any thread. */
    public boolean isWatching() {
        return watching;
    }

    /** Whether it may be served without a look at what else it is to be told: it lives, and watches nothing. Any thread. */
    public boolean isServedBeside() {
        return !ended && !watching;
    }

    void watches(boolean any) {
        watching = any;
    }

    /** The client's name for logs and lock information. */
    public String name() {
        return name;
    }

    void end() {
        ended = true;
    }

    boolean hasLease() {
        return leaseNanos != NO_LEASE;
    }

    /** When the lease is over unless something comes before. */
    long leaseEndNanos() {
        return hasLease() ? lastHeardNanos + leaseNanos : Long.MAX_VALUE;
    }

    boolean isAlive(long nowNanos) {
        return !ended && nowNanos < leaseEndNanos();
    }
}
