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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds who waits for whom in a circle. A claimant waits for those who stand before it in its lines, and for the owners of the grants that do not admit it; an
 * owner waits for what its own claimants wait for. Confined to the engine's monitor; made for one question.
 *
 * <p>The wait-for graph (Holt, "Some deadlock properties of computer systems", 1972), whose nodes are claimants and
 * owners, with as few edges as say the same: from a claimant to the one directly before it in each line; from the
 * first in line that the holders do not admit to those holders; and from an owner to its claimants. Lines and owners
 * are looked at once each, so a question costs no more than the lines, holders and claimants that it comes across,
 * each once, whatever stands between them.
 */
public final class WaitGraph<W extends Claimant> {
    private final LockTable<W> locks;
    private final Function<Owner, Collection<W>> waitersOf;
    private final Predicate<W> mayLose;
    private final Set<Long> pagesSeen = new HashSet<>();
    private final Map<Node<W>, List<Node<W>>> blockers = new HashMap<>();
    private final Map<Node<W>, List<Node<W>>> blocked = new HashMap<>();

    /** Who waits, or is waited for. */
    private sealed interface Node<W> {
        record Of<W>(W claimant) implements Node<W> {}

        record By<W>(Owner owner) implements Node<W> {}
    }

    /**
     * Asks about these locks.
     *
     * @param waitersOf what an owner waits for
     * @param mayLose whether a claimant may be the one whose wait is ended; in each circle there is one whose owner
     *     holds something
     */
    public WaitGraph(LockTable<W> locks, Function<Owner, Collection<W>> waitersOf, Predicate<W> mayLose) {
        this.locks = locks;
        this.waitersOf = waitersOf;
        this.mayLose = mayLose;
    }

    /**
     * The youngest that may lose of all claimants that wait for this one and that it waits for; null when there are
     * none.
     */
    public @Nullable W youngestOfCircle(W start) {
        return youngest(new Node.Of<>(start));
    }

    /** The same of all claimants in circles that this owner is in. */
    public @Nullable W youngestOfCircle(Owner start) {
        return youngest(new Node.By<>(start));
    }

    private @Nullable W youngest(Node<W> start) {
        follow(start);
        if (!blocked.containsKey(start)) {
            return null;
        }
        Set<Node<W>> inCircle = new HashSet<>(Set.of(start));
        Deque<Node<W>> open = new ArrayDeque<>(inCircle);
        while (!open.isEmpty()) {
            for (Node<W> waits : blocked.getOrDefault(open.pop(), List.of())) {
                if (inCircle.add(waits)) {
                    open.push(waits);
                }
            }
        }
        return inCircle.stream()
                .flatMap(node -> node instanceof Node.Of<W>(W claimant) ? Stream.of(claimant) : Stream.empty())
                .sorted(Comparator.comparingLong(Claimant::number).reversed())
                .filter(mayLose)
                .findFirst()
                .orElse(null);
    }

    /** Notes all edges between those that this one waits for. */
    private void follow(Node<W> start) {
        Set<Node<W>> met = new HashSet<>(Set.of(start));
        Deque<Node<W>> open = new ArrayDeque<>(met);
        while (!open.isEmpty()) {
            Node<W> waits = open.pop();
            for (Node<W> blocker : blockersOf(waits)) {
                blocked.computeIfAbsent(blocker, _ -> new ArrayList<>()).add(waits);
                if (met.add(blocker)) {
                    open.push(blocker);
                }
            }
        }
    }

    private List<Node<W>> blockersOf(Node<W> node) {
        return switch (node) {
            case Node.By<W>(Owner owner) -> {
                List<Node<W>> own = new ArrayList<>();
                waitersOf.apply(owner).forEach(claimant -> own.add(new Node.Of<>(claimant)));
                yield own;
            }
            case Node.Of<W>(W claimant) -> {
                for (Claim claim : claimant.claims()) {
                    if (pagesSeen.add(claim.page())) {
                        look(claim.page());
                    }
                }
                yield blockers.getOrDefault(node, List.of());
            }
        };
    }

    private void look(long page) {
        Node<W> before = null;
        boolean admitted = true;
        for (W claimant : locks.waiters(page)) {
            Node<W> node = new Node.Of<>(claimant);
            List<Node<W>> own = blockers.computeIfAbsent(node, _ -> new ArrayList<>(1));
            if (before != null) {
                own.add(before);
            }
            if (admitted && !locks.admits(page, claimant)) {
                admitted = false;
                for (Holder holder : locks.holders(page)) {
                    own.add(new Node.By<>(holder.owner()));
                }
            }
            before = node;
        }
    }
}
