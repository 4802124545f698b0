package netmem.server.lock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds who waits for whom in a circle. A claimant waits for those who stand before it in its lines, and for the owners of the grants that do not admit it; an
 * owner waits for what its own claimants wait for. Confined to the engine's monitor; made for one question.
 *
 * <p>The wait-for graph (Holt, "Some deadlock properties of computer systems", 1972) with as few edges as say the same: to the one directly before it in each
 * line, and to what the holders wait for from the first in line that they do not admit. Lines are looked at once each, so a question costs no more than the
 * lines, holders and claimants that it comes across.
 */
public final class WaitGraph<W extends Claimant> {
    private final LockTable<W> locks;
    private final Function<Owner, Collection<W>> waitersOf;
    private final Predicate<W> mayLose;
    private final Set<Long> pagesSeen = new HashSet<>();
    private final Map<W, List<W>> blockers = new HashMap<>();
    private final Map<W, List<W>> blocked = new HashMap<>();

    /**
     * Asks about these locks.
     *
     * @param waitersOf what an owner waits for
     * @param mayLose whether a claimant may be the one whose wait is ended; in each circle there is one whose owner holds
     *     something
     */
    public WaitGraph(LockTable<W> locks, Function<Owner, Collection<W>> waitersOf, Predicate<W> mayLose) {
        this.locks = locks;
        this.waitersOf = waitersOf;
        this.mayLose = mayLose;
    }

    /** The youngest that may lose of all claimants that wait for this one and that it waits for; null when there are none. */
    public @Nullable W youngestOfCircle(W start) {
        follow(start);
        if (!blocked.containsKey(start)) {
            return null;
        }
        Set<W> inCircle = new HashSet<>(Set.of(start));
        Deque<W> open = new ArrayDeque<>(inCircle);
        while (!open.isEmpty()) {
            for (W claimant : blocked.getOrDefault(open.pop(), List.of())) {
                if (inCircle.add(claimant)) {
                    open.push(claimant);
                }
            }
        }
        return inCircle.stream()
                .sorted(Comparator.comparingLong(Claimant::number).reversed())
                .filter(mayLose)
                .findFirst()
                .orElse(null);
    }

    /** Notes all edges between claimants that this one waits for. */
    private void follow(W start) {
        Set<W> met = new HashSet<>(Set.of(start));
        Deque<W> open = new ArrayDeque<>(met);
        while (!open.isEmpty()) {
            W claimant = open.pop();
            for (Claim claim : claimant.claims()) {
                if (pagesSeen.add(claim.page())) {
                    look(claim.page());
                }
            }
            for (W blocker : blockers.getOrDefault(claimant, List.of())) {
                blocked.computeIfAbsent(blocker, _ -> new ArrayList<>()).add(claimant);
                if (met.add(blocker)) {
                    open.push(blocker);
                }
            }
        }
    }

    private void look(long page) {
        W before = null;
        boolean admitted = true;
        for (W claimant : locks.waiters(page)) {
            List<W> own = blockers.computeIfAbsent(claimant, _ -> new ArrayList<>());
            if (before != null) {
                own.add(before);
            }
            if (admitted && !locks.admits(page, claimant)) {
                admitted = false;
                for (Holder holder : locks.holders(page)) {
                    own.addAll(waitersOf.apply(holder.owner()));
                }
            }
            before = claimant;
        }
    }
}
