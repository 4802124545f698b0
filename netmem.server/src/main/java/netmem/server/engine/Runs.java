package netmem.server.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which watches a page falls into. Confined to the engine's monitor.
 *
 * <p>Each run of pages is cut into blocks of 2^k pages that begin at a multiple of 2^k, at most two of each size. A page lies in one block of each size, so
 * that the question costs one look for each size in use, however many watches there are.
 */
final class Runs {
    /** A run of pages that a session watches. Pure value; sessions are compared by identity. */
    record Watched(Session session, long first, long count) {
        boolean has(long page) {
            return page >= first && page - first < count;
        }
    }

    /** The pages from {@code number << size} up to those of the next number. */
    private record Block(int size, long number) {}

    private static final int SIZES = 63;

    /** The sessions that watch a block, and by how many runs. */
    private final Map<Block, Map<Session, Integer>> blocks = new HashMap<>();

    /** How many blocks of each size are in use. */
    private final int[] used = new int[SIZES];

    /** Cuts a run. All of its pages exist, so that no sum is above 2^63 - 1. */
    private static List<Block> cut(Watched run) {
        List<Block> cut = new ArrayList<>();
        long page = run.first;
        for (long left = run.count; left > 0; ) {
            int size = Math.min(Long.numberOfTrailingZeros(page), 63 - Long.numberOfLeadingZeros(left));
            cut.add(new Block(size, page >>> size));
            page += 1L << size;
            left -= 1L << size;
        }
        return cut;
    }

    /** Adds a run that is not there yet. */
    void add(Watched run) {
        for (Block block : cut(run)) {
            Map<Session, Integer> all = blocks.get(block);
            if (all == null) {
                all = new LinkedHashMap<>(2);
                blocks.put(block, all);
                used[block.size]++;
            }
            all.merge(run.session, 1, Integer::sum);
        }
    }

    /** Removes a run that is there. */
    void remove(Watched run) {
        for (Block block : cut(run)) {
            Map<Session, Integer> all = blocks.get(block);
            if (all != null) {
                all.computeIfPresent(run.session, (_, runs) -> runs == 1 ? null : runs - 1);
                if (all.isEmpty()) {
                    blocks.remove(block);
                    used[block.size]--;
                }
            }
        }
    }

    /** Whether any session watches the page. */
    boolean areOf(long page) {
        for (int size = 0; size < SIZES && !blocks.isEmpty(); size++) {
            if (used[size] > 0 && blocks.containsKey(new Block(size, page >>> size))) {
                return true;
            }
        }
        return false;
    }

    /** The sessions that watch a page, each once. */
    Set<Session> watching(long page) {
        Set<Session> sessions = Set.of();
        for (int size = 0; size < SIZES && !blocks.isEmpty(); size++) {
            Map<Session, Integer> all = used[size] > 0 ? blocks.get(new Block(size, page >>> size)) : null;
            if (all != null && sessions.isEmpty()) {
                sessions = Collections.unmodifiableSet(all.keySet());
            } else if (all != null) {
                Set<Session> both = new LinkedHashSet<>(sessions);
                both.addAll(all.keySet());
                sessions = both;
            }
        }
        return sessions;
    }
}
