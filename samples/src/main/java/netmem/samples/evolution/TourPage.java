package netmem.samples.evolution;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of tours, little-endian: an island's shortest ones, or the shortest of all. Pure.
 *
 * <pre>
 *   0  count i32         number of tours; 0: nothing was written yet
 *   4  island i32        who wrote it
 *   8  generation i64    of the island
 *  16  length i32        of the first tour, as the island computed it
 *  20  restarts i32      how often the island has begun anew
 *  24  arrivals i32      how often tours came from its neighbour
 *  28  tours             each: one byte a city
 * 512
 * </pre>
 */
final class TourPage {
    static final int LENGTH = 512;

    /** Page 0, word 0: not 0 when it is over. */
    static final long STOP = 0;

    /** The shortest tour of all. */
    static final long BEST = 1;

    private static final int COUNT_AT = 0;
    private static final int ISLAND_AT = 4;
    private static final int GENERATION_AT = 8;
    private static final int LENGTH_AT = 16;
    private static final int RESTARTS_AT = 20;
    private static final int ARRIVALS_AT = 24;
    private static final int TOURS_AT = 28;

    private TourPage() {}

    /** The page of an island's own tours. */
    static long of(int island) {
        return 2L + island;
    }

    /**
     * What an island tells of itself.
     *
     * @param island number, from 0
     * @param generation how far it is
     * @param restarts how often it has begun anew
     * @param arrivals how often tours came from its neighbour
     */
    record Origin(int island, long generation, int restarts, int arrivals) {}

    /** Writes tours, at least one and the shortest first, into a page. */
    static void put(ByteBuffer page, Origin origin, List<Tour> tours) {
        page.putInt(COUNT_AT, tours.size())
                .putInt(ISLAND_AT, origin.island())
                .putLong(GENERATION_AT, origin.generation())
                .putInt(LENGTH_AT, tours.getFirst().length())
                .putInt(RESTARTS_AT, origin.restarts())
                .putInt(ARRIVALS_AT, origin.arrivals());
        int at = TOURS_AT;
        for (Tour tour : tours) {
            for (int city : tour.order()) {
                page.put(at++, (byte) city);
            }
        }
    }

    static byte[] bytes(Origin origin, List<Tour> tours) {
        byte[] bytes = new byte[LENGTH];
        put(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), origin, tours);
        return bytes;
    }

    static boolean isEmpty(ByteBuffer page) {
        return page.getInt(COUNT_AT) == 0;
    }

    static Origin origin(ByteBuffer page) {
        return new Origin(
                page.getInt(ISLAND_AT),
                page.getLong(GENERATION_AT),
                page.getInt(RESTARTS_AT),
                page.getInt(ARRIVALS_AT));
    }

    /** Length of the first tour as its island computed it; of an empty page longer than any. */
    static int length(ByteBuffer page) {
        return isEmpty(page) ? Integer.MAX_VALUE : page.getInt(LENGTH_AT);
    }

    /** The tours, each checked to be one, their lengths computed anew. */
    static List<Tour> tours(ByteBuffer page, Cities cities) {
        int count = page.getInt(COUNT_AT);
        int countMax = (LENGTH - TOURS_AT) / cities.count();
        if (count < 0 || count > countMax) {
            throw new IllegalArgumentException("count: " + count + " (expected: 0 to " + countMax + ")");
        }
        List<Tour> tours = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] order = new int[cities.count()];
            for (int place = 0; place < order.length; place++) {
                order[place] = Byte.toUnsignedInt(page.get(TOURS_AT + i * order.length + place));
            }
            tours.add(new Tour(cities, order));
        }
        return tours;
    }
}
