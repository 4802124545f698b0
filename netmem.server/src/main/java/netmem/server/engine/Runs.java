package netmem.server.engine;

import java.util.ArrayList;
import java.util.HashMap;
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

    private final Map<Block, Set<Watched>> blocks = new HashMap<>();

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

    void add(Watched run) {
        for (Block block : cut(run)) {
            Set<Watched> all = blocks.get(block);
            if (all == null) {
                all = new LinkedHashSet<>();
                blocks.put(block, all);
                used[block.size]++;
            }
            all.add(run);
        }
    }

    void remove(Watched run) {
        for (Block block : cut(run)) {
            Set<Watched> all = blocks.get(block);
            if (all != null && all.remove(run) && all.isEmpty()) {
                blocks.remove(block);
                used[block.size]--;
            }
        }
    }

    /** The sessions that watch a page, each once. */
    Set<Session> watching(long page) {
        if (blocks.isEmpty()) {
            return Set.of();
        }
        Set<Session> sessions = new LinkedHashSet<>();
        for (int size = 0; size < SIZES; size++) {
            if (used[size] > 0) {
                for (Watched run : blocks.getOrDefault(new Block(size, page >>> size), Set.of())) {
                    sessions.add(run.session);
                }
            }
        }
        return sessions;
    }
}
