package netmem.server.lock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds who waits for whom in a circle. Confined to the engine's monitor; made for one question.
 *
 * <p>The wait-for graph (Holt, "Some deadlock properties of computer systems", 1972) has an edge from a claimant to
 * each one before it in its line, and to each holder that does not admit it or one before it. Here a line is a node
 * of its own, so that its length does not matter: those who only stand in it wait for the same as those behind them.
 * A line leads to the owners that hold the page, and to its first claimant where that has gone on to a further line,
 * since it stays before all others meanwhile; that claimant, and an owner for each of its claimants, leads to the
 * line that was joined last. Those in front of a line that the holders admit, as there may be behind one that has
 * gone on, do not wait for the holders: they are a second node of the line.
 *
 * <p>Circles are the strongly connected components of more than one node (Tarjan, "Depth-first search and linear graph
 * algorithms", 1972), found in one walk from all starts: each owner, claimant, line and hold is looked at once.
 */
public final class WaitGraph<W extends Claimant> {
    private final LockTable<W> locks;
    private final Function<Owner, Collection<W>> waitersOf;
    private final Map<Owner, Node<W>> owners = new HashMap<>();
    private final Map<W, Node<W>> goneOn = new HashMap<>();
    private final Map<Long, LineNodes<W>> lines = new HashMap<>();
    private final Deque<Node<W>> path = new ArrayDeque<>();
    private final Deque<Node<W>> opened = new ArrayDeque<>();
    private final List<W> inCircles = new ArrayList<>();
    private int met;

    /**
     * An owner with its claimants, one claimant that has gone on, or one of the two nodes of a line, which has none;
     * and its place in the walk.
     */
    private static final class Node<W> {
        final Collection<W> claimants;
        final Supplier<List<Node<W>>> waitsFor;
        Iterator<Node<W>> unfollowed = Collections.emptyIterator();

        /** When it was met, from 1 on; 0 for not yet. */
        int order;

        /** The earliest that is known to be in the same component. */
        int earliest;

        /** Whether its component is not complete yet. */
        boolean open;

        /** The first that was met of its component, once that is complete. */
        @Nullable
        Node<W> component;

        Node(Collection<W> claimants, Supplier<List<Node<W>>> waitsFor) {
            this.claimants = claimants;
            this.waitsFor = waitsFor;
        }
    }

    /**
     * The nodes of a line.
     *
     * @param before for those that the holders admit, who wait for the first alone
     * @param behind for all others
     * @param admitted those in front that the holders admit; mostly none
     */
    private record LineNodes<W>(Node<W> before, Node<W> behind, Set<W> admitted) {
        Node<W> of(W claimant) {
            return admitted.contains(claimant) ? before : behind;
        }
    }

    /**
     * Asks about these locks.
     *
     * @param waitersOf what an owner waits for
     */
    public WaitGraph(LockTable<W> locks, Function<Owner, Collection<W>> waitersOf) {
        this.locks = locks;
        this.waitersOf = waitersOf;
    }

    /**
     * All claimants whose waiting is part of a circle that one comes to from here: who waits for what an owner in the
     * circle wants, or keeps others behind it in a line that it has gone through. To be asked once.
     */
    public List<W> inCircles(Collection<W> fromClaimants, Collection<Long> fromPages) {
        fromClaimants.forEach(claimant -> walk(line(claimant)));
        fromPages.forEach(page -> walk(line(page).behind));
        return inCircles;
    }

    /** How many owners, claimants and lines were met. */
    public int met() {
        return met;
    }

    private Node<W> node(Owner owner, Collection<W> claimants) {
        return owners.computeIfAbsent(owner, _ -> new Node<>(claimants, () -> lines(claimants)));
    }

    private List<Node<W>> lines(Collection<W> claimants) {
        List<Node<W>> nodes = new ArrayList<>(claimants.size());
        for (W claimant : claimants) {
            nodes.add(line(claimant));
        }
        return nodes;
    }

    /** Where a claimant stands, in the line that it joined last. */
    private Node<W> line(W claimant) {
        return line(locks.lineOf(claimant)).of(claimant);
    }

    private LineNodes<W> line(long page) {
        return lines.computeIfAbsent(
                page,
                _ -> new LineNodes<>(
                        new Node<>(List.of(), () -> goneOn(page)),
                        new Node<>(List.of(), () -> ahead(page)),
                        admitted(page)));
    }

    /** The first in line where it has gone on to another one. */
    private List<Node<W>> goneOn(long page) {
        List<Node<W>> nodes = new ArrayList<>(1);
        W first = locks.first(page);
        if (first != null && locks.lineOf(first) != page) {
            nodes.add(goneOn.computeIfAbsent(first, _ -> new Node<>(List.of(first), () -> List.of(line(first)))));
        }
        return nodes;
    }

    /** The same, and the holders that wait for something. */
    private List<Node<W>> ahead(long page) {
        List<Node<W>> nodes = goneOn(page);
        for (Holder holder : locks.holders(page)) {
            Collection<W> waiters = waitersOf.apply(holder.owner());
            if (!waiters.isEmpty()) {
                nodes.add(node(holder.owner(), waiters));
            }
        }
        return nodes;
    }

    /** Those from the first on that the page's holders admit. */
    private Set<W> admitted(long page) {
        Set<W> admitted = Set.of();
        for (W claimant : locks.waiters(page)) {
            if (!locks.admits(page, claimant)) {
                break;
            }
            admitted = admitted.isEmpty() ? new HashSet<>() : admitted;
            admitted.add(claimant);
        }
        return admitted;
    }

    private void walk(Node<W> start) {
        if (start.order == 0) {
            meet(start);
        }
        while (!path.isEmpty()) {
            Node<W> node = path.element();
            if (node.unfollowed.hasNext()) {
                Node<W> next = node.unfollowed.next();
                if (next.order == 0) {
                    meet(next);
                } else if (next.open) {
                    node.earliest = Math.min(node.earliest, next.order);
                }
            } else {
                leave(path.pop());
            }
        }
    }

    private void meet(Node<W> node) {
        node.order = ++met;
        node.earliest = met;
        node.open = true;
        node.unfollowed = node.waitsFor.get().iterator();
        path.push(node);
        opened.push(node);
    }

    private void leave(Node<W> node) {
        if (!path.isEmpty()) {
            path.element().earliest = Math.min(path.element().earliest, node.earliest);
        }
        if (node.earliest == node.order) {
            close(node);
        }
    }

    /** All that were met since this one and are still open are its component. */
    private void close(Node<W> first) {
        List<Node<W>> members = new ArrayList<>(1);
        Node<W> last;
        do {
            last = opened.pop();
            last.open = false;
            last.component = first;
            members.add(last);
        } while (last != first);
        if (members.size() > 1) {
            for (Node<W> member : members) {
                for (W claimant : member.claimants) {
                    if (line(claimant).component == first) {
                        inCircles.add(claimant);
                    }
                }
            }
        }
    }
}
