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
 * <p>A search of the wait-for graph (Holt, "Some deadlock properties of computer systems", 1972), asked only where a new edge could close a circle. It looks at
 * each claimant, each owner and, but for lines that claimants of several pages tie together, each place in a line once.
 */
public final class WaitGraph<W extends Claimant> {
    private final LockTable<W> locks;
    private final Function<Owner, Collection<W>> waitersOf;

    /** Who was found to block whom first; the way back from a claimant to the start. */
    private final Map<W, W> blockedFirst = new HashMap<>();

    private final Set<Owner> asked = new HashSet<>();

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
        Deque<W> open = new ArrayDeque<>();
        open.push(start);
        while (!open.isEmpty()) {
            W blocked = open.pop();
            for (W blocker : newBlockersOf(blocked)) {
                if (blocker.equals(start)) {
                    return youngestFrom(blocked);
                }
                if (blockedFirst.putIfAbsent(blocker, blocked) == null) {
                    open.push(blocker);
                }
            }
        }
        return null;
    }

    private W youngestFrom(W last) {
        W youngest = last;
        for (W at = blockedFirst.get(last); at != null; at = blockedFirst.get(at)) {
            youngest = at.number() > youngest.number() ? at : youngest;
        }
        return youngest;
    }

    /** Who blocks a claimant, without those whom this search has come across before. */
    private List<W> newBlockersOf(W claimant) {
        List<W> blockers = new ArrayList<>();
        for (Claim claim : claimant.claims()) {
            addThoseAhead(claimant, claim.page(), blockers);
            for (Holder holder : locks.holders(claim.page())) {
                boolean beside = claim.mode() == Claim.Mode.SHARED && holder.mode() == Claim.Mode.SHARED;
                if (!beside && asked.add(holder.owner())) {
                    blockers.addAll(waitersOf.apply(holder.owner()));
                }
            }
        }
        return blockers;
    }

    private void addThoseAhead(W claimant, long page, List<W> blockers) {
        long known = lookedAt.getOrDefault(page, 0L);
        if (known >= claimant.number() - 1) {
            return;
        }
        for (W ahead : locks.waiters(page)) {
            if (ahead.number() >= claimant.number()) {
                break;
            }
            if (ahead.number() > known) {
                blockers.add(ahead);
            }
        }
        lookedAt.put(page, claimant.number() - 1);
    }
}
