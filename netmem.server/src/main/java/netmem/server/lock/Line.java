package netmem.server.lock;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A page's holders, oldest first, and those who wait for it, in order of arrival. Confined to the engine's monitor. */
final class Line<W extends Claimant> {
    private static final int FEW = 16;

    final SequencedMap<Long, Holder> holders = new LinkedHashMap<>();
    final SequencedSet<W> waiters = new LinkedHashSet<>();

    /** The holders' owners, kept only where there are so many that looking through them would take long. */
    private @Nullable Set<Owner> owners;

    void add(Holder holder) {
        holders.put(holder.token(), holder);
        if (owners != null) {
            owners.add(holder.owner());
        } else if (holders.size() > FEW) {
            owners = new HashSet<>();
            holders.values().forEach(each -> owners.add(each.owner()));
        }
    }

    /** Ends a grant; false when there is none under this token. */
    boolean remove(long token) {
        Holder holder = holders.remove(token);
        if (holder == null) {
            return false;
        }
        if (owners != null) {
            owners.remove(holder.owner());
        }
        return true;
    }

    /** Whether this owner is one of the holders; it is at most once. */
    boolean isHeldBy(Owner owner) {
        return owners != null
                ? owners.contains(owner)
                : holders.values().stream().anyMatch(holder -> holder.owner().equals(owner));
    }

    /** Whether the holders leave room for this mode. */
    boolean admits(Claim.Mode mode) {
        return holders.isEmpty()
                || (mode == Claim.Mode.SHARED && holders.firstEntry().getValue().mode() == Claim.Mode.SHARED);
    }

    boolean isEmpty() {
        return holders.isEmpty() && waiters.isEmpty();
    }
}
