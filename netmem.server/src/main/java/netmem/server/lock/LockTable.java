package netmem.server.lock;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which page, and who waits for it. Confined to the engine's monitor.
 *
 * <p>Who comes to a page that has a line joins its end, whether or not the page would admit it: no barging. A claimant of several pages stands in all their
 * lines at once and holds none of them before it can have all: it is served when it is the first of each of its lines and each page admits it. Since the order of
 * arrival is the same in all lines, claimants alone cannot wait in a circle; only owners who hold pages and wait for others can ({@link WaitGraph}).
 *
 * <p>Pages whose line may move are kept in mind until {@link #next} has looked at them: after a release, after a waiter left, after one was served.
 *
 * @param <W> what waits
 */
public final class LockTable<W extends Claimant> {
    private final Map<Long, Line<W>> lines = new HashMap<>();
    private final Deque<Long> stirred = new ArrayDeque<>();
    private long lastToken;
    private int waiting;
    private int held;

    /** All holders of a page, oldest first. */
    public Collection<Holder> holders(long page) {
        Line<W> line = lines.get(page);
        return line == null ? List.of() : line.holders.values();
    }

    /** The grant with this token, or null when it is no longer one. */
    public @Nullable Holder holder(long page, long token) {
        Line<W> line = lines.get(page);
        return line == null ? null : line.holders.get(token);
    }

    /** The page's exclusive holder, or null. */
    public @Nullable Holder exclusive(long page) {
        Line<W> line = lines.get(page);
        if (line == null || line.holders.isEmpty()) {
            return null;
        }
        Holder first = line.holders.firstEntry().getValue();
        return first.mode() == Claim.Mode.EXCLUSIVE ? first : null;
    }

    /** Those who wait for a page, in order. */
    public Collection<W> waiters(long page) {
        Line<W> line = lines.get(page);
        return line == null ? List.of() : line.waiters;
    }

    /** Whether the page's holders leave room for what this claimant, which stands in its line, wants of it. */
    boolean admits(long page, W claimant) {
        Line<W> line = lines.get(page);
        return line == null
                || claimant.claims().stream().allMatch(claim -> claim.page() != page || line.admits(claim.mode()));
    }

    /** Number of waiters of all pages. */
    public int waiting() {
        return waiting;
    }

    /** Number of grants. */
    public int held() {
        return held;
    }

    /** Whether nobody holds the page or waits for it. */
    public boolean isFree(long page) {
        return lines.isEmpty() || !lines.containsKey(page);
    }

    /** Whether all of these can be had at once, now, without passing anybody. */
    public boolean isOpen(List<Claim> claims) {
        for (Claim claim : claims) {
            Line<W> line = lines.get(claim.page());
            if (line != null && !(line.waiters.isEmpty() && line.admits(claim.mode()))) {
                return false;
            }
        }
        return true;
    }

    /** Gives a page to an owner under a new token, larger than all before it. */
    public Holder grant(long page, Owner owner, Claim.Mode mode, long nowNanos) {
        Line<W> line = line(page);
        if (!line.admits(mode)) {
            throw new IllegalStateException("page " + page + " is held by " + line.holders.values());
        }
        Holder holder = new Holder(owner, page, mode, ++lastToken, nowNanos);
        line.holders.put(holder.token(), holder);
        held++;
        return holder;
    }

    /** Ends a grant. */
    public void release(long page, long token) {
        Line<W> line = lines.get(page);
        if (line == null || line.holders.remove(token) == null) {
            throw new IllegalStateException("page " + page + ": token " + token + " is not one of a holder");
        }
        held--;
        stir(page, line);
    }

    /** Puts a claimant at the end of the line of each of its pages. */
    public void enqueue(W claimant) {
        for (Claim claim : claimant.claims()) {
            line(claim.page()).waiters.add(claimant);
        }
        waiting++;
    }

    /** Takes a claimant out of its lines, wherever it stands; does nothing when it is not there. */
    public void withdraw(W claimant) {
        boolean stood = false;
        for (Claim claim : claimant.claims()) {
            Line<W> line = lines.get(claim.page());
            if (line != null && line.waiters.remove(claimant)) {
                stood = true;
                stir(claim.page(), line);
            }
        }
        if (stood) {
            waiting--;
        }
    }

    /** Takes the next claimant that can have all that it claims; null when all lines stand still. The caller grants or uses it at once. */
    public @Nullable W next() {
        for (Long page = stirred.peek(); page != null; page = stirred.peek()) {
            Line<W> line = lines.get(page);
            W first = line == null || line.waiters.isEmpty() ? null : line.waiters.getFirst();
            if (first != null && isReady(first)) {
                withdraw(first);
                return first;
            }
            stirred.remove();
        }
        return null;
    }

    private boolean isReady(W claimant) {
        for (Claim claim : claimant.claims()) {
            Line<W> line = lines.get(claim.page());
            if (line == null || !line.waiters.getFirst().equals(claimant) || !line.admits(claim.mode())) {
                return false;
            }
        }
        return true;
    }

    private Line<W> line(long page) {
        return lines.computeIfAbsent(page, _ -> new Line<>());
    }

    private void stir(long page, Line<W> line) {
        if (line.isEmpty()) {
            lines.remove(page);
        } else {
            stirred.add(page);
        }
    }
}
