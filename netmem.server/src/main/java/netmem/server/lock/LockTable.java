package netmem.server.lock;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which page, and who waits for it. Confined to the engine's monitor.
 *
 * <p>Who comes to a page that has a line joins its end, whether or not the page would admit it: no barging. A
 * claimant of several pages joins their lines one after the other, in rising order of the pages: the next one only
 * when it is the first in those before and their pages admit it. There it stays the first, so nobody else is served,
 * until it is the first everywhere and is served. So it waits as a program does that takes the locks one by one in
 * rising order, but holds none before it can have all.
 *
 * <p>Whoever keeps to that order never waits in a circle. A claimant waits only in the last line that it has joined:
 * in those before it is the first. Whoever it waits for there stands in that line or holds its page, and waits, if at
 * all, in the same line further ahead, or for a higher page. So along a chain of waits the pages rise, and where they
 * do not the places in one line fall: the chain has an end. A claimant in all lines at once would break this: who
 * holds its first page and comes to its second would stand behind it. Nobody starves: places in a line only move
 * ahead, and a claimant joins each line once. Circles of owners who keep to no order are found by {@link WaitGraph}.
 *
 * <p>Pages whose line may move are kept in mind until {@link #next} has looked at them: after a release, after a waiter left, after one was served.
 *
 * @param <W> what waits
 */
public final class LockTable<W extends Claimant> {
    private final Map<Long, Line<W>> lines = new HashMap<>();
    private final NavigableSet<Long> stirred = new TreeSet<>();

    /** How many lines each claimant has gone through that has joined more than one. */
    private final Map<W, Integer> passed = new HashMap<>();

    /** Claimants that have joined a further line since the last call of {@link #moved}. */
    private final Set<W> moved = new LinkedHashSet<>();

    private long lastToken;
    private int waiting;
    private int held;

    /** All holders of a page, oldest first. */
    public Collection<Holder> holders(long page) {
        Line<W> line = lines.get(page);
        return line == null ? List.of() : line.holders.values();
    }

    /** Whether this owner holds the page. */
    public boolean isHeldBy(long page, Owner owner) {
        Line<W> line = lines.get(page);
        return line != null && line.isHeldBy(owner);
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

    /** The first of those who wait for a page; null when there is none. */
    @Nullable
    W first(long page) {
        Line<W> line = lines.get(page);
        return line == null || line.waiters.isEmpty() ? null : line.waiters.getFirst();
    }

    /** The page whose line it has joined last. In those before it is the first, and nothing there holds it up. */
    long lineOf(W claimant) {
        return claimant.claims().get(passed.getOrDefault(claimant, 0)).page();
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
        line.add(holder);
        held++;
        return holder;
    }

    /** Ends a grant. */
    public void release(long page, long token) {
        Line<W> line = lines.get(page);
        if (line == null || !line.remove(token)) {
            throw new IllegalStateException("page " + page + ": token " + token + " is not one of a holder");
        }
        held--;
        stir(page, line);
    }

    /** Puts a claimant at the end of the line of its first page, and of the next ones as far as it comes. */
    public void enqueue(W claimant) {
        line(claimant.claims().getFirst().page()).waiters.add(claimant);
        waiting++;
        if (goesThrough(claimant)) { // its turn at once, though nobody enqueues where all is open
            stirred.add(claimant.claims().getLast().page());
        }
        moved.remove(claimant);
    }

    /** Takes the claimants that have joined a further line since the last call, and wait there. */
    public List<W> moved() {
        if (moved.isEmpty()) {
            return List.of();
        }
        List<W> taken = List.copyOf(moved);
        moved.clear();
        return taken;
    }

    /** Whether somebody stands behind it in one of the lines that it has joined. */
    public boolean isBeforeOthers(W claimant) {
        for (Claim claim : claimant.claims()) {
            Line<W> line = lines.get(claim.page());
            if (line != null
                    && line.waiters.contains(claimant)
                    && !line.waiters.getLast().equals(claimant)) {
                return true;
            }
        }
        return false;
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
            passed.remove(claimant);
            moved.remove(claimant);
        }
    }

    /** Takes the next claimant that can have all that it claims; null when all lines stand still. The caller grants or uses it at once. */
    public @Nullable W next() {
        while (!stirred.isEmpty()) {
            long page = stirred.getFirst();
            W first = first(page);
            if (first != null && lineOf(first) == page && goesThrough(first)) {
                withdraw(first);
                return first;
            }
            stirred.remove(page);
        }
        return null;
    }

    /**
     * Joins further lines as long as it is the first in the last one and the page admits it; true when it is so in
     * all.
     */
    private boolean goesThrough(W claimant) {
        List<Claim> claims = claimant.claims();
        for (int at = passed.getOrDefault(claimant, 0); ; at++) {
            Claim claim = claims.get(at);
            Line<W> line = line(claim.page());
            if (!line.waiters.getFirst().equals(claimant) || !line.admits(claim.mode())) {
                return false;
            }
            if (at + 1 == claims.size()) {
                return true;
            }
            line(claims.get(at + 1).page()).waiters.add(claimant);
            passed.put(claimant, at + 1);
            moved.add(claimant);
        }
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
