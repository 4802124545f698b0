package netmem.server.lock;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * The exclusive lock of each page and the line of those who wait for it, in order of arrival. Confined to the engine's monitor.
 *
 * <p>A page has an entry only while it is held: with nobody holding it nobody waits, since whoever releases it serves the line (by {@link #next})
 * until somebody holds it again or the line is empty.
 *
 * @param <W> what waits; compared by identity of its equals
 */
public final class LockTable<W> {
    /** A held page. */
    private final class Line {
        final SequencedSet<W> waiters = new LinkedHashSet<>();

        /** Null only between a release and the end of serving the line. */
        @Nullable
        Holder holder;
    }

    private final Map<Long, Line> lines = new HashMap<>();
    private long lastToken;
    private int waiting;

    /** Who holds the page, or null when it is free. */
    public @Nullable Holder holder(long page) {
        Line line = lines.get(page);
        return line == null ? null : line.holder;
    }

    /** The token of the page's current grant, 0 when it is free. */
    public long token(long page) {
        Holder holder = holder(page);
        return holder == null ? 0 : holder.token();
    }

    /** Number of waiters of this page. */
    public int waiting(long page) {
        Line line = lines.get(page);
        return line == null ? 0 : line.waiters.size();
    }

    /** Number of waiters of all pages. */
    public int waiting() {
        return waiting;
    }

    /** Number of pages held. */
    public int held() {
        return lines.size();
    }

    /** Gives a free page to an owner under a new token, larger than all before it. */
    public Holder grant(long page, Owner owner, long nowNanos) {
        Line line = lines.computeIfAbsent(page, _ -> new Line());
        if (line.holder != null) {
            throw new IllegalStateException("page " + page + " is held by " + line.holder);
        }
        Holder holder = new Holder(owner, ++lastToken, nowNanos);
        line.holder = holder;
        return holder;
    }

    /** Puts a waiter at the end of the line of a held page. */
    public void enqueue(long page, W waiter) {
        Line line = lines.get(page);
        if (line == null || !line.waiters.add(waiter)) {
            throw new IllegalStateException("page " + page + (line == null ? " is free" : " has this waiter already"));
        }
        waiting++;
    }

    /** Takes a waiter out of the line, wherever it stands. */
    public void withdraw(long page, W waiter) {
        Line line = lines.get(page);
        if (line != null && line.waiters.remove(waiter)) {
            waiting--;
        }
    }

    /** Ends the grant with this token. The caller then serves the line. */
    public void release(long page, long token) {
        Line line = lines.get(page);
        if (line == null || line.holder == null || line.holder.token() != token) {
            throw new IllegalStateException("page " + page + ": token " + token + " (expected: " + token(page) + ")");
        }
        line.holder = null;
    }

    /** Takes the first of the line while the page is free; null when it is held or nobody waits. */
    public @Nullable W next(long page) {
        Line line = lines.get(page);
        if (line == null || line.holder != null) {
            return null;
        }
        if (line.waiters.isEmpty()) {
            lines.remove(page);
            return null;
        }
        waiting--;
        return line.waiters.removeFirst();
    }
}
