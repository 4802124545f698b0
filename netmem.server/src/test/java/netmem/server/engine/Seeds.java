package netmem.server.engine;

import java.util.Random;

/** Where random tests get their numbers: {@code -Dnetmem.seed=N} replays a run, whose seed is printed. */
final class Seeds {
    private Seeds() {}

    static Random random(Class<?> test) {
        long seed = Long.getLong("netmem.seed", System.nanoTime());
        System.out.println(test.getSimpleName() + ": -Dnetmem.seed=" + seed);
        return new Random(seed);
    }
}
