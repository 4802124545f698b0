package netmem.server.net;

import java.util.Random;

/** Where random tests of the 0.2 wire get their numbers: {@code -Dnetmem.seed=N} replays a run, whose seed is printed. */
final class Wire02Seeds {
    private Wire02Seeds() {}

    static Random random(Class<?> test) {
        long seed = Long.getLong("netmem.seed", System.nanoTime());
        System.out.println(test.getSimpleName() + ": -Dnetmem.seed=" + seed);
        return new Random(seed);
    }
}
