package netmem.server.engine;

import java.util.Comparator;
import java.util.List;
import netmem.server.lock.Claim;
import netmem.server.lock.Claimant;
import netmem.server.lock.Owner;

/** A request that waits. Compared by identity. Confined to the engine's monitor. */
final class Waiter implements Claimant {
    /** Earliest deadline first; arrival breaks ties, so that the order is the same in each run. */
    static final Comparator<Waiter> BY_DEADLINE = (one, other) -> {
        int byDeadline = Long.compare(one.deadlineNanos, other.deadlineNanos);
        return byDeadline != 0 ? byDeadline : Long.compare(one.number, other.number);
    };

    final Session session;
    final long requestId;
    final Work work;
    final long number;
    final long arrivedNanos;
    final long deadlineNanos;

    /** What it keeps of its request, as counted while it waits; its buffers are empty once it has been served. */
    final long bytes;

    /** That the request came on, or came again on: its reply goes there or, if that one is gone, to whoever sends the request again. */
    long connection;

    private final List<Claim> claims;
    private final Owner owner;

    Waiter(Session session, long requestId, Work work, long number, long arrivedNanos, long deadlineNanos) {
        this.session = session;
        this.requestId = requestId;
        this.work = work;
        this.number = number;
        this.arrivedNanos = arrivedNanos;
        this.deadlineNanos = deadlineNanos;
        this.bytes = work.bytes();
        this.connection = session.connection;
        this.claims = work.claims();
        this.owner = work.owner(session);
    }

    /** How many locks its session will have more when it is served. */
    int locks() {
        return owner.equals(Owner.NOBODY) ? 0 : claims.size();
    }

    @Override
    public List<Claim> claims() {
        return claims;
    }

    @Override
    public Owner owner() {
        return owner;
    }

    @Override
    public long number() {
        return number;
    }
}
