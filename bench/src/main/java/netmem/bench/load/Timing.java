package netmem.bench.load;

import java.time.Duration;

/**
 * How long is measured, and how often. Pure value.
 *
 * @param warmUp of each contestant, before its first round; not measured
 * @param round length of a round
 * @param rounds of each contestant, in turn with the others
 */
public record Timing(Duration warmUp, Duration round, int rounds) {
    /** Refuses rounds of no length. */
    public Timing {
        if (round.isZero() || round.isNegative() || warmUp.isNegative()) {
            throw new IllegalArgumentException("round: " + round + ", warm-up: " + warmUp + " (expected: above 0)");
        }
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds: " + rounds + " (expected: >= 1)");
        }
    }

    /** What one contestant under one load takes. */
    public Duration total() {
        return warmUp.plus(round.multipliedBy(rounds));
    }
}
