package netmem.server.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import netmem.api.Status;
import netmem.api.wire.FailureText;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.WireLimits;
import netmem.server.config.ServerLimits;
import netmem.server.engine.Runs.Watched;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;

/**
 * Who is to be told of which changes. A session's unsent changes are a set of pages, so that a slow client costs one entry a page however often it
 * changes, and the version that is told is the newest. Watches end with the connection that asked for them: the client asks again and says what it has
 * seen. Confined to the engine's monitor.
 */
final class Watches {
    private final PageMemory pages;
    private final ServerLimits limits;
    private final Map<Session, Set<Watched>> bySession = new LinkedHashMap<>();
    private final Runs runs = new Runs();
    private int count;

    /** Sessions that have too much unsent. */
    private final SequencedSet<Session> behind = new LinkedHashSet<>();

    /** Sessions that had nothing unsent before, and have now. */
    private final SequencedSet<Session> roused = new LinkedHashSet<>();

    /** Unsent changes of all sessions. */
    private int unsent;

    Watches(PageMemory pages, ServerLimits limits) {
        this.pages = pages;
        this.limits = limits;
    }

    int count() {
        return count;
    }

    int unsent() {
        return unsent;
    }

    Reply watch(Session session, Request.Watch watch) {
        Reply wrong = refusal(watch.first(), watch.count());
        if (wrong != null) {
            return wrong;
        }
        Watched run = new Watched(session, watch.first(), watch.count());
        Set<Watched> own = bySession.getOrDefault(session, Set.of());
        if (!own.contains(run)) {
            if (own.size() >= limits.watchesPerSessionMax()) {
                return Lines.busy("watches of this session", own.size(), limits.watchesPerSessionMax());
            }
            if (count >= limits.watchesMax()) {
                return Lines.busy("watches of all sessions", count, limits.watchesMax());
            }
            bySession.computeIfAbsent(session, _ -> new LinkedHashSet<>()).add(run);
            runs.add(run);
            count++;
            session.watches(true);
        }
        for (Request.Watch.Seen seen : watch.seen()) {
            if (run.has(seen.page()) && pages.version(seen.page()) != seen.version()) {
                note(session, seen.page());
            }
        }
        return new Reply.Done();
    }

    private @Nullable Reply refusal(long first, long length) {
        boolean inside = first >= 0 && length >= 1 && first < pages.pageCount() && length <= pages.pageCount() - first;
        if (inside) {
            return null;
        }
        long last = length == 0 ? first : first + length - 1;
        boolean pastAll = Long.compareUnsigned(last, first) < 0;
        return new Reply.Failed(
                Status.NO_SUCH_PAGE,
                pastAll ? -1 : last,
                pages.pageCount(),
                "pages: " + FailureText.number(length) + " from " + FailureText.number(first)
                        + " (expected: at least one, all of them < " + pages.pageCount() + ")");
    }

    Reply unwatch(Session session, Request.Unwatch unwatch) {
        Watched run = new Watched(session, unwatch.first(), unwatch.count());
        Set<Watched> own = bySession.get(session);
        if (own != null && own.remove(run)) {
            runs.remove(run);
            count--;
            forget(session, run, own);
            if (own.isEmpty()) {
                end(session);
            }
        }
        return new Reply.Done();
    }

    /** Drops what is unsent of a run, but for pages that the session watches by others. */
    private void forget(Session session, Watched run, Collection<Watched> others) {
        NavigableMap<Long, Long> covered = new TreeMap<>(); // by the first of each stretch of pages, its last
        others.stream()
                .filter(other ->
                        other.first() < run.first() + run.count() && run.first() < other.first() + other.count())
                .sorted(Comparator.comparingLong(Watched::first))
                .forEach(other -> cover(covered, other.first(), other.first() + other.count() - 1));
        int before = session.unsent.size();
        session.unsent.removeIf(page -> {
            Map.Entry<Long, Long> stretch = covered.isEmpty() ? null : covered.floorEntry(page);
            return run.has(page) && (stretch == null || stretch.getValue() < page);
        });
        unsent -= before - session.unsent.size();
    }

    /** Adds a stretch that begins at or behind the last one. */
    private static void cover(NavigableMap<Long, Long> covered, long first, long last) {
        Map.Entry<Long, Long> before = covered.lastEntry();
        if (before == null || before.getValue() < first) {
            covered.put(first, last);
        } else if (before.getValue() < last) {
            covered.put(before.getKey(), last);
        }
    }

    /** Whether anybody watches the page. */
    boolean areOf(long page) {
        return runs.areOf(page);
    }

    /** Ends all watches of a session. */
    void end(Session session) {
        Set<Watched> own = bySession.remove(session);
        if (own != null) {
            own.forEach(runs::remove);
            count -= own.size();
            unsent -= session.unsent.size();
            session.unsent.clear();
            session.watches(false);
            behind.remove(session);
            roused.remove(session);
        }
    }

    private void note(Session session, long page) {
        unsent += session.unsent.add(page) ? 1 : 0;
    }

    /** Notes a change for all who watch the page, before anything else is said to them. */
    void changed(long page) {
        for (Session session : runs.watching(page)) {
            if (session.unsent.isEmpty()) {
                roused.add(session);
            }
            note(session, page);
            if (session.unsent.size() > limits.changesUnsentMax()) {
                behind.add(session);
            }
        }
    }

    /** Takes a session whose connection is to be told that there is something to say; null when there is none. */
    @Nullable
    Session nextRoused() {
        return roused.isEmpty() ? null : roused.removeFirst();
    }

    /**
     * Ends the watches of a session that is so far behind that its connection is to be cut, and returns it; null when all is in bounds. Its client asks again
     * when it is back. Where only the sum of all is out of bounds it is the one that is furthest behind.
     */
    @Nullable
    Session cut() {
        Session slow = behind.isEmpty() ? null : behind.removeFirst();
        if (slow == null && unsent > limits.changesUnsentTotalMax()) {
            slow = bySession.keySet().stream()
                    .max(Comparator.comparingInt(session -> session.unsent.size()))
                    .orElse(null);
        }
        if (slow != null) {
            end(slow);
        }
        return slow;
    }

    /** Takes what is unsent, as much as one frame may carry; null when there is nothing. */
    Reply.@Nullable Changed take(Session session) {
        if (session.unsent.isEmpty()) {
            return null;
        }
        List<Reply.Committed.Version> told = new ArrayList<>();
        while (!session.unsent.isEmpty() && told.size() < WireLimits.SEEN_MAX) {
            long page = session.unsent.removeFirst();
            unsent--;
            told.add(new Reply.Committed.Version(page, pages.version(page)));
        }
        return new Reply.Changed(told);
    }
}
