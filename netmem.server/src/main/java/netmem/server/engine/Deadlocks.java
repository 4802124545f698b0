package netmem.server.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import netmem.api.Status;
import netmem.api.wire.FailureText;
import netmem.api.wire.Reply;
import netmem.server.lock.LockTable;
import netmem.server.lock.Owner;
import netmem.server.lock.WaitGraph;
import org.jspecify.annotations.Nullable;

/**
 * What each lock owner waits for, and where circles may have closed. Confined to the engine's monitor.
 *
 * <p>A circle goes through an owner that holds something and waits for more. So there are three instants to look:
 * when such an owner begins to wait, when an owner that waits is granted something, and when a request for several
 * pages joins a further line and somebody waits for it: one who stands behind it, or waits for what its owner holds.
 * In the first case nobody in the circle is younger than who has just come; in the others the youngest is looked for
 * whose owner holds something.
 */
final class Deadlocks {
    private final LockTable<Waiter> locks;
    private final Map<Owner, Waits> byOwner = new HashMap<>();

    /** Pages that were granted to owners while these waited for more. */
    private final Set<Long> suspects = new LinkedHashSet<>();

    /** Requests for several pages that joined a further line while somebody waited for them. */
    private final Set<Waiter> moves = new LinkedHashSet<>();

    private int looked;

    /** What an owner waits for; it claims each page once. */
    private static final class Waits {
        private final Set<Waiter> waiters = new LinkedHashSet<>();
        private final Set<Long> pages = new HashSet<>();

        private void add(Waiter waiter) {
            waiters.add(waiter);
            waiter.claims().forEach(claim -> pages.add(claim.page()));
        }

        private void remove(Waiter waiter) {
            if (waiters.remove(waiter)) {
                waiter.claims().forEach(claim -> pages.remove(claim.page()));
            }
        }
    }

    Deadlocks(LockTable<Waiter> locks) {
        this.locks = locks;
    }

    /** What a request in a circle is told. */
    static Reply reply(Waiter waiter) {
        long handle = waiter.owner().handle();
        return new Reply.Failed(
                Status.DEADLOCK,
                handle,
                0,
                "handle " + FailureText.number(handle) + " and others would wait for one another for ever");
    }

    void add(Waiter waiter) {
        if (!waiter.owner().equals(Owner.NOBODY)) {
            byOwner.computeIfAbsent(waiter.owner(), _ -> new Waits()).add(waiter);
        }
    }

    void remove(Waiter waiter) {
        moves.remove(waiter);
        byOwner.computeIfPresent(waiter.owner(), (_, all) -> {
            all.remove(waiter);
            return all.waiters.isEmpty() ? null : all;
        });
    }

    private Collection<Waiter> waitersOf(Owner owner) {
        Waits waits = byOwner.get(owner);
        return waits == null ? Set.of() : waits.waiters;
    }

    /** Whether this owner waits for the page. */
    boolean awaits(Owner owner, long page) {
        Waits waits = byOwner.get(owner);
        return waits != null && waits.pages.contains(page);
    }

    /** Notes that an owner was granted a page. */
    void granted(Owner owner, long page) {
        if (byOwner.containsKey(owner)) {
            suspects.add(page);
        }
    }

    /**
     * Whether this one, which came last, waits for itself by way of others; looked for only where somebody waits for
     * it.
     */
    boolean closesCircle(Waiter last) {
        return isOwnerAwaited(last) && circles(List.of(last), List.of()).contains(last);
    }

    /** Whether somebody waits for a page that the waiter's owner holds. */
    private boolean isOwnerAwaited(Waiter waiter) {
        return waiter.session.held.values().stream()
                .anyMatch(holder -> holder.owner().equals(waiter.owner())
                        && !locks.waiters(holder.page()).isEmpty());
    }

    private List<Waiter> circles(Collection<Waiter> waiters, Collection<Long> pages) {
        WaitGraph<Waiter> graph = new WaitGraph<>(locks, this::waitersOf);
        List<Waiter> inCircles = graph.inCircles(waiters, pages);
        looked += graph.met();
        return inCircles;
    }

    /** How many owners, waiters and lines were looked at since the last call. */
    int takeLooked() {
        int taken = looked;
        looked = 0;
        return taken;
    }

    private static boolean holdsSomething(Waiter waiter) {
        return waiter.session.held.values().stream()
                .anyMatch(holder -> holder.owner().equals(waiter.owner()));
    }

    /**
     * The youngest waiter of the circles that grants have closed since the last call; null when there is none. It stays
     * in its lines.
     */
    @Nullable
    Waiter next() {
        for (Waiter moved : locks.moved()) {
            if (locks.isBeforeOthers(moved) || isOwnerAwaited(moved)) {
                moves.add(moved);
            }
        }
        // A grant closes a circle only through those who wait for the page that was granted, and so through its line.
        List<Long> pages =
                suspects.stream().filter(page -> !locks.waiters(page).isEmpty()).toList();
        Waiter youngest = null;
        if (!moves.isEmpty() || !pages.isEmpty()) {
            for (Waiter waiter : circles(moves, pages)) {
                boolean younger = youngest == null || waiter.number > youngest.number;
                youngest = younger && holdsSomething(waiter) ? waiter : youngest;
            }
        }
        if (youngest == null) {
            suspects.clear();
            moves.clear();
        }
        return youngest;
    }
}
