package netmem.server.lock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds who waits for whom in a circle. A claimant waits for those who stand before it in its lines, and for the owners of the grants that do not admit it; an
 * owner waits for what its own claimants wait for. Confined to the engine's monitor; made for one question.
 *
 * <p>A depth-first search of the wait-for graph (Holt, "Some deadlock properties of computer systems", 1972), asked only where a new edge could close a circle.
 */
public final class WaitGraph<W extends Claimant> {
    private final LockTable<W> locks;
    private final Function<Owner, Collection<W>> waitersOf;
    private final Set<W> visited = new HashSet<>();

    /** For each page, up to which arrival number its line was looked at. */
    private final Map<Long, Long> lookedAt = new HashMap<>();

    /**
     * Asks about these locks.
     *
     * @param waitersOf what an owner waits for
     */
    public WaitGraph(LockTable<W> locks, Function<Owner, Collection<W>> waitersOf) {
        this.locks = locks;
        this.waitersOf = waitersOf;
    }

    /** The youngest claimant of a circle that this one is part of; null when there is none. */
    public @Nullable W youngestOfCircle(W start) {
        Deque<List<W>> paths = new ArrayDeque<>();
        paths.push(List.of(start));
        while (!paths.isEmpty()) {
            List<W> path = paths.pop();
            for (W next : blockersOf(path.getLast())) {
                if (next.equals(start)) {
                    return youngest(path);
                }
                if (visited.add(next)) {
                    List<W> longer = new ArrayList<>(path);
                    longer.add(next);
                    paths.push(longer);
                }
            }
        }
        return null;
    }

    private W youngest(List<W> circle) {
        W youngest = circle.getFirst();
        for (W claimant : circle) {
            youngest = claimant.number() > youngest.number() ? claimant : youngest;
        }
        return youngest;
    }

    private List<W> blockersOf(W claimant) {
        List<W> blockers = new ArrayList<>();
        for (Claim claim : claimant.claims()) {
            long known = lookedAt.getOrDefault(claim.page(), 0L);
            for (W ahead : locks.waiters(claim.page())) {
                if (ahead.number() >= claimant.number()) {
                    break;
                }
                if (ahead.number() > known) {
                    blockers.add(ahead);
                }
            }
            lookedAt.merge(claim.page(), claimant.number() - 1, Math::max);
            for (Holder holder : locks.holders(claim.page())) {
                boolean shares = claim.mode() == Claim.Mode.SHARED && holder.mode() == Claim.Mode.SHARED;
                if (!shares && !holder.owner().equals(claimant.owner())) {
                    blockers.addAll(waitersOf.apply(holder.owner()));
                }
            }
        }
        return blockers;
    }
}
