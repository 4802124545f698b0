package netmem.samples.factor;

import java.util.List;

/**
 * How the population ages: after so many curves without luck the next ones go further. Pure. Bounds and counts are the
 * usual ones for factors of 15, 20, 25, 30, 35 and 40 digits (P. Zimmermann and B. Dodson, <i>20 years of ECM</i>, 2006).
 *
 * @param bounds how far a curve of this level goes
 * @param curves how many curves of this level are worth their time
 */
record Level(Bounds bounds, int curves) {
    private static final List<Level> LEVELS = List.of(
            level(2_000, 25),
            level(11_000, 90),
            level(50_000, 300),
            level(250_000, 700),
            level(1_000_000, 1_800),
            level(3_000_000, 5_100));

    /** Stage 2 then takes somewhat longer than stage 1. */
    private static final int B2_PER_B1 = 100;

    private static Level level(int b1, int curves) {
        return new Level(new Bounds(b1, B2_PER_B1 * b1), curves);
    }

    /** The bounds for the next curve when so many are done. The last level has no end. */
    static Bounds bounds(long curvesDone) {
        long before = 0;
        for (Level level : LEVELS) {
            before += level.curves();
            if (curvesDone < before) {
                return level.bounds();
            }
        }
        return LEVELS.getLast().bounds();
    }
}
