package netmem.server.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import netmem.api.Status;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.WireLimits;
import netmem.server.config.ServerLimits;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;

/**
 * Who is to be told of which changes. A session's unsent changes are a set of pages, so that a slow client costs one entry a page however often it
 * changes, and the version that is told is the newest. Watches end with the connection that asked for them: the client asks again and says what it has
 * seen. Confined to the engine's monitor.
 */
final class Watches {
    /** A run of pages. */
    private record Run(long first, long count) {
        boolean has(long page) {
            return page >= first && page - first < count;
        }
    }

    private final PageMemory pages;
    private final ServerLimits limits;
    private final Map<Session, Set<Run>> runs = new LinkedHashMap<>();
    private final Set<Session> tooSlow = new LinkedHashSet<>();
    private int count;

    Watches(PageMemory pages, ServerLimits limits) {
        this.pages = pages;
        this.limits = limits;
    }

    int count() {
        return count;
    }

    Reply watch(Session session, Request.Watch watch) {
        Reply wrong = refusal(watch.first(), watch.count());
        if (wrong != null) {
            return wrong;
        }
        Set<Run> own = runs.computeIfAbsent(session, _ -> new LinkedHashSet<>());
        if (own.size() >= limits.watchesPerSessionMax()) {
            return Lines.busy("watches of this session", own.size(), limits.watchesPerSessionMax());
        }
        Run run = new Run(watch.first(), watch.count());
        count += own.add(run) ? 1 : 0;
        session.watches(true);
        for (Request.Watch.Seen seen : watch.seen()) {
            if (run.has(seen.page()) && pages.version(seen.page()) != seen.version()) {
                session.unsent.add(seen.page());
            }
        }
        return new Reply.Done();
    }

    private @Nullable Reply refusal(long first, long length) {
        boolean inside = first >= 0 && length >= 1 && first < pages.pageCount() && length <= pages.pageCount() - first;
        return inside
                ? null
                : new Reply.Failed(
                        Status.NO_SUCH_PAGE,
                        first + length,
                        pages.pageCount(),
                        "pages: " + Long.toUnsignedString(first) + " + " + Long.toUnsignedString(length)
                                + " (expected: at least one, ending at or before " + pages.pageCount() + ")");
    }

    Reply unwatch(Session session, Request.Unwatch unwatch) {
        Set<Run> own = runs.getOrDefault(session, Set.of());
        if (own.remove(new Run(unwatch.first(), unwatch.count()))) {
            count--;
            session.unsent.removeIf(page -> own.stream().noneMatch(run -> run.has(page)));
        }
        if (own.isEmpty()) {
            end(session);
        }
        return new Reply.Done();
    }

    /** Ends all watches of a session. */
    void end(Session session) {
        Set<Run> own = runs.remove(session);
        count -= own == null ? 0 : own.size();
        session.unsent.clear();
        session.watches(false);
    }

    /** Notes a change; returns the sessions that had nothing unsent before and have now. */
    List<Session> changed(long page) {
        if (runs.isEmpty()) {
            return List.of();
        }
        List<Session> roused = new ArrayList<>();
        runs.forEach((session, own) -> {
            if (own.stream().anyMatch(run -> run.has(page))) {
                boolean quiet = session.unsent.isEmpty();
                session.unsent.add(page);
                if (quiet) {
                    roused.add(session);
                } else if (session.unsent.size() > limits.changesUnsentMax()) {
                    tooSlow.add(session);
                }
            }
        });
        return roused;
    }

    /** Takes the sessions that are so far behind that their connections are to be cut; their clients ask again when they are back. */
    List<Session> tooSlow() {
        if (tooSlow.isEmpty()) {
            return List.of();
        }
        List<Session> taken = List.copyOf(tooSlow);
        tooSlow.clear();
        return taken;
    }

    /** Takes what is unsent, as much as one frame may carry; null when there is nothing. */
    Reply.@Nullable Changed take(Session session) {
        if (session.unsent.isEmpty()) {
            return null;
        }
        List<Reply.Committed.Version> told = new ArrayList<>();
        while (!session.unsent.isEmpty() && told.size() < WireLimits.SEEN_MAX) {
            long page = session.unsent.removeFirst();
            told.add(new Reply.Committed.Version(page, pages.version(page)));
        }
        return new Reply.Changed(told);
    }
}
