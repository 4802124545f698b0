package netmem.bench.raw;

/**
 * What one run of a load came to. Pure value.
 *
 * @param operations requests answered
 * @param nanos from the first request to the last reply
 * @param generatorNanos processor time of the generator's thread; near {@code nanos} the generator was the limit
 */
public record Sample(long operations, long nanos, long generatorNanos) {
    /** Throughput. */
    public double operationsPerSecond() {
        return operations * 1e9 / nanos;
    }

    /** How busy the generator's thread was, 0 to 1. */
    public double generatorBusy() {
        return (double) generatorNanos / nanos;
    }
}
