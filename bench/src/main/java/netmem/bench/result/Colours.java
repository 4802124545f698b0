package netmem.bench.result;

import java.util.HashMap;
import java.util.Map;

/**
 * The colours of one drawing. A contestant has the same in all drawings of all reports, whoever else is there; further curves
 * of the same colour are dashed, each in another way. Confined to one thread.
 */
final class Colours {
    /** Colours that the stylesheet has: s0 to s7. */
    private static final int COLOURS = 8;

    /** Ways to dash that the stylesheet has, none among them. */
    private static final int DASHES = 4;

    /** Those that never stand in one drawing share a colour. */
    private static final Map<String, Integer> KNOWN = Map.ofEntries(
            Map.entry("NetMem", 0),
            Map.entry("Redis", 1),
            Map.entry("Redis (Lettuce)", 1),
            Map.entry("memcached", 2),
            Map.entry("Redis (Jedis)", 2),
            Map.entry("C floor", 3),
            Map.entry("bare socket", 3),
            Map.entry("C socket", 4));

    private static final int FIRST_OF_OTHERS = 5;

    private final Map<Integer, Integer> curves = new HashMap<>();

    /** The number of a contestant's colour; others than the known ones have one by their name. */
    static int of(String contestant) {
        Integer known = KNOWN.get(contestant);
        return known == null
                ? FIRST_OF_OTHERS + Math.floorMod(contestant.hashCode(), COLOURS - FIRST_OF_OTHERS)
                : known;
    }

    /** Class names for a contestant's bar. */
    static String bar(String contestant) {
        return "s" + of(contestant);
    }

    /** Class names for the next curve of a contestant. */
    String curve(String contestant) {
        int before = curves.merge(of(contestant), 1, Integer::sum) - 1;
        return bar(contestant) + (before % DASHES == 0 ? "" : " d" + before % DASHES);
    }
}
