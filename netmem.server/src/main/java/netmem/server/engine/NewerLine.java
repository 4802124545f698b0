package netmem.server.engine;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Those who wait for pages to be newer than a version, of each page those with the lowest version first. Confined to the engine's monitor. */
final class NewerLine {
    private static final Comparator<Waiter> BY_VERSION = (one, other) -> {
        int byVersion = Long.compareUnsigned(version(one), version(other));
        return byVersion != 0 ? byVersion : Long.compare(one.number, other.number);
    };

    private final Map<Long, SortedSet<Waiter>> byPage = new HashMap<>();

    private static long version(Waiter waiter) {
        return waiter.work instanceof Work.ForNewer(var request) ? request.version() : 0;
    }

    int waiting(long page) {
        SortedSet<Waiter> all = byPage.isEmpty() ? null : byPage.get(page);
        return all == null ? 0 : all.size();
    }

    void add(long page, Waiter waiter) {
        byPage.computeIfAbsent(page, _ -> new TreeSet<>(BY_VERSION)).add(waiter);
    }

    void remove(long page, Waiter waiter) {
        byPage.computeIfPresent(page, (_, all) -> all.remove(waiter) && all.isEmpty() ? null : all);
    }

    /** One who waits for more than some version below this one; null when there is none. It stays. */
    @Nullable
    Waiter below(long page, long version) {
        SortedSet<Waiter> all = byPage.get(page);
        return all != null && Long.compareUnsigned(version(all.getFirst()), version) < 0 ? all.getFirst() : null;
    }
}
