package netmem.proof.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks what watchers were told: versions of a page never fall, the newest is never left out, and no reply that shows a
 * version overtakes the notification of it. Pure.
 */
public final class WatchChecker {
    /** Who watches what. */
    private record Place(int client, long page) {}

    private WatchChecker() {}

    /**
     * Checks the order of notifications, and that the newest came.
     *
     * @param history with the watches and what they told
     * @param finalVersions of pages at the end, when all watchers had time to be told; pages that are not named, and
     *     watchers without {@link Watched} after their last {@link Unwatched}, need not have been told
     * @return what was wrong; empty when nothing was
     */
    public static List<String> check(History history, Map<Long, Long> finalVersions) {
        Violations violations = new Violations("watch");
        Map<Place, Notified> newest = new HashMap<>();
        for (Notified notified : sorted(history.only(Notified.class))) {
            Place place = new Place(notified.client(), notified.page());
            Notified before = newest.get(place);
            if (before != null && before.version() > notified.version()) {
                violations.add("versions fell", before, notified);
            }
            if (before == null || before.version() <= notified.version()) {
                newest.put(place, notified);
            }
        }
        for (Watched watched : standing(history)) {
            long finalVersion = finalVersions.getOrDefault(watched.page(), 0L);
            Notified last = newest.get(new Place(watched.client(), watched.page()));
            if (finalVersion > Math.max(watched.version(), last == null ? 0 : last.version())) {
                violations.add(
                        "never told of v" + finalVersion,
                        watched,
                        last == null ? "told nothing" : "told last: " + last);
            }
        }
        return violations.texts();
    }

    private static List<Notified> sorted(List<Notified> notified) {
        notified.sort(Comparator.comparingLong(Notified::nanos));
        return notified;
    }

    /** The watches that were there at the end. */
    private static Iterable<Watched> standing(History history) {
        Map<Place, Watched> standing = new HashMap<>();
        for (Watched watched : history.only(Watched.class)) {
            standing.merge(
                    new Place(watched.client(), watched.page()),
                    watched,
                    (one, other) -> one.nanos() > other.nanos() ? one : other);
        }
        for (Unwatched unwatched : history.only(Unwatched.class)) {
            standing.computeIfPresent(
                    new Place(unwatched.client(), unwatched.page()),
                    (place, watched) -> watched.nanos() > unwatched.nanos() ? watched : null);
        }
        return standing.values();
    }

    /**
     * Checks that no reply overtook a notification: when an operation ended that showed version v of a page which its
     * client watched, newer than the one it began to watch at, the client had been told of v or a newer one. For
     * recorders that see replies and notifications in the order in which they came over the connection; entries at one
     * instant count in the order in which they were recorded. A listener on a thread of its own may run later.
     *
     * @param history merged, each client's entries in their order
     * @return what was wrong; empty when nothing was
     */
    public static List<String> checkOrder(History history) {
        Violations violations = new Violations("watch");
        Map<Place, Long> told = new HashMap<>();
        for (Entry entry : inOrder(history)) {
            switch (entry) {
                case Watched watched ->
                    told.merge(new Place(watched.client(), watched.page()), watched.version(), Math::max);
                case Unwatched unwatched -> told.remove(new Place(unwatched.client(), unwatched.page()));
                case Notified notified ->
                    told.computeIfPresent(
                            new Place(notified.client(), notified.page()),
                            (place, version) -> Math.max(version, notified.version()));
                case Operation operation -> checkOrder(operation, told, violations);
                case Grant _, Complaint _ -> {}
            }
        }
        return violations.texts();
    }

    private static List<Entry> inOrder(History history) {
        List<Entry> entries = new ArrayList<>(history.entries());
        entries.sort(Comparator.comparingLong(WatchChecker::nanos));
        return entries;
    }

    private static long nanos(Entry entry) {
        return switch (entry) {
            case Operation operation -> operation.endNanos();
            case Grant grant -> grant.grantedNanos();
            case Watched watched -> watched.nanos();
            case Unwatched unwatched -> unwatched.nanos();
            case Notified notified -> notified.nanos();
            case Complaint complaint -> complaint.nanos();
        };
    }

    private static void checkOrder(Operation operation, Map<Place, Long> told, Violations violations) {
        if (operation.fate() != Fate.DONE) {
            return;
        }
        operation.seen().forEach(seen -> checkOrder(operation, seen.page(), seen.version(), told, violations));
        operation.made().forEach(made -> checkOrder(operation, made.page(), made.version(), told, violations));
    }

    private static void checkOrder(
            Operation operation, long page, long version, Map<Place, Long> told, Violations violations) {
        @Nullable Long newest = told.get(new Place(operation.client(), page));
        if (newest != null && newest < version) {
            violations.add("a reply overtook the notification of v" + version, operation, "told of v" + newest);
        }
    }
}
