package netmem.bench.cli;

import java.time.Duration;
import netmem.bench.load.Timing;
import picocli.CommandLine.Option;

/** Options of how long is measured. Filled by picocli. */
final class Amount {
    private static final double MILLIS_PER_SECOND = 1000;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "measured for each contestant and load, all rounds together (default: ${DEFAULT-VALUE})")
    double seconds = 5;

    @Option(names = "--rounds", paramLabel = "N", description = "rounds, in turn (default: ${DEFAULT-VALUE})")
    int rounds = 5;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            description = "seconds before that are not measured (default: ${DEFAULT-VALUE})")
    double warmUpSeconds = 2;

    Timing timing() {
        return timing(warmUpSeconds, seconds, rounds);
    }

    static Timing timing(double warmUpSeconds, double seconds, int rounds) {
        return new Timing(
                Duration.ofMillis((long) (warmUpSeconds * MILLIS_PER_SECOND)),
                Duration.ofMillis((long) (seconds * MILLIS_PER_SECOND / Math.max(1, rounds))),
                rounds);
    }
}
