package netmem.server.lock;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** A page's holders, oldest first, and those who wait for it, in order of arrival. Confined to the engine's monitor. */
final class Line<W extends Claimant> {
    final SequencedMap<Long, Holder> holders = new LinkedHashMap<>();
    final SequencedSet<W> waiters = new LinkedHashSet<>();

    /** Whether the holders leave room for this mode. */
    boolean admits(Claim.Mode mode) {
        return holders.isEmpty()
                || (mode == Claim.Mode.SHARED && holders.firstEntry().getValue().mode() == Claim.Mode.SHARED);
    }

    boolean isEmpty() {
        return holders.isEmpty() && waiters.isEmpty();
    }
}
