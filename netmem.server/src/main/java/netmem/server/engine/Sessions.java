package netmem.server.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import netmem.api.wire.SessionId;
import org.jspecify.annotations.Nullable;

/** All sessions, and which lease is looked at next. Confined to the engine's monitor. */
final class Sessions {
    private final Map<SessionId, Session> byId = new HashMap<>();
    private final Map<Long, Session> byKey = new HashMap<>();
    /** A plain lambda: those that Comparator combines are not in the AOT cache, and the JVM makes them at each start. */
    private final PriorityQueue<Session> leases = new PriorityQueue<>((one, other) -> {
        int byCheck = Long.compare(one.checkNanos, other.checkNanos);
        return byCheck != 0 ? byCheck : Long.compare(one.key, other.key);
    });

    private final OutcomeBudget outcomes;
    private long lastKey;

    Sessions(OutcomeBudget outcomes) {
        this.outcomes = outcomes;
    }

    int count() {
        return byKey.size();
    }

    @Nullable
    Session find(SessionId id) {
        return byId.get(id);
    }

    @Nullable
    Session find(long key) {
        return byKey.get(key);
    }

    /** Opens a session; one without an id cannot be resumed and has no lease. */
    Session open(SessionId id, String name, long leaseNanos, long connection, long nowNanos) {
        Session session = new Session(++lastKey, id, name, leaseNanos, connection, outcomes, nowNanos);
        byKey.put(session.key, session);
        if (id.isPresent()) {
            byId.put(id, session);
        }
        if (session.hasLease()) {
            session.checkNanos = session.leaseEndNanos();
            leases.add(session);
        }
        return session;
    }

    void remove(Session session) {
        byKey.remove(session.key);
        byId.remove(session.id);
        leases.remove(session);
        session.outcomes.release();
    }

    /** A session whose lease is over, or null; puts off those that were heard of meanwhile. */
    @Nullable
    Session expired(long nowNanos) {
        for (Session first = leases.peek(); first != null && first.checkNanos <= nowNanos; first = leases.peek()) {
            if (!first.isAlive(nowNanos)) {
                return first;
            }
            leases.remove();
            first.checkNanos = first.leaseEndNanos();
            leases.add(first);
        }
        return null;
    }

    /** When {@link #expired} should be asked next. */
    long nextCheckNanos() {
        Session first = leases.peek();
        return first == null ? Long.MAX_VALUE : first.checkNanos;
    }
}
