package netmem.server.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import netmem.server.lock.LockTable;
import netmem.server.lock.Owner;
import netmem.server.lock.WaitGraph;
import org.jspecify.annotations.Nullable;

/**
 * What each lock owner waits for, and where circles may have closed. Confined to the engine's monitor.
 *
 * <p>A circle goes through an owner that holds something and waits for more. So there are three instants to look: when such an owner begins to wait, when an
 * owner that waits is granted something, and when a request for several pages, behind which others stand, joins a further line. In the
 * first case nobody in the circle is younger than who has just come; in the others the youngest is looked for whose owner holds something.
 */
final class Deadlocks {
    private final LockTable<Waiter> locks;
    private final Map<Owner, Set<Waiter>> byOwner = new HashMap<>();

    /** Owners that were granted something while they waited for more. */
    private final Set<Owner> suspects = new LinkedHashSet<>();

    /** Requests for several pages that joined a further line while others stood behind them. */
    private final Set<Waiter> moves = new LinkedHashSet<>();

    Deadlocks(LockTable<Waiter> locks) {
        this.locks = locks;
    }

    void add(Waiter waiter) {
        if (!waiter.owner().equals(Owner.NOBODY)) {
            byOwner.computeIfAbsent(waiter.owner(), _ -> new LinkedHashSet<>()).add(waiter);
        }
    }

    void remove(Waiter waiter) {
        moves.remove(waiter);
        byOwner.computeIfPresent(waiter.owner(), (_, all) -> all.remove(waiter) && all.isEmpty() ? null : all);
    }

    Collection<Waiter> waitersOf(Owner owner) {
        return byOwner.getOrDefault(owner, Set.of());
    }

    /** Notes that an owner was granted something. */
    void granted(Owner owner) {
        if (byOwner.containsKey(owner)) {
            suspects.add(owner);
        }
    }

    /** Whether this one, which came last, waits for itself by way of others. */
    boolean closesCircle(Waiter last) {
        return youngestOfCircle(last) != null;
    }

    /** Looks through the lines only where somebody waits for what the waiter's owner holds. */
    private @Nullable Waiter youngestOfCircle(Waiter waiter) {
        boolean awaited = waiter.session.held.values().stream()
                .anyMatch(holder -> holder.owner().equals(waiter.owner())
                        && !locks.waiters(holder.page()).isEmpty());
        return awaited ? inCircle(waiter) : null;
    }

    private @Nullable Waiter inCircle(Waiter waiter) {
        return new WaitGraph<>(locks, this::waitersOf, Deadlocks::holdsSomething).youngestOfCircle(waiter);
    }

    private static boolean holdsSomething(Waiter waiter) {
        return waiter.session.held.values().stream()
                .anyMatch(holder -> holder.owner().equals(waiter.owner()));
    }

    /** The youngest waiter of the circles that grants have closed since the last call; null when there is none. It stays in its lines. */
    @Nullable
    Waiter next() {
        for (Waiter moved : locks.moved()) {
            if (locks.isBeforeOthers(moved)) {
                moves.add(moved);
            }
        }
        Waiter youngest = null;
        for (Waiter moved : moves) {
            Waiter victim = inCircle(moved);
            if (victim != null && (youngest == null || victim.number > youngest.number)) {
                youngest = victim;
            }
        }
        for (Owner suspect : suspects) {
            for (Waiter waiter : waitersOf(suspect)) {
                Waiter victim = youngestOfCircle(waiter);
                if (victim != null && (youngest == null || victim.number > youngest.number)) {
                    youngest = victim;
                }
            }
        }
        if (youngest == null) {
            suspects.clear();
            moves.clear();
        }
        return youngest;
    }
}
