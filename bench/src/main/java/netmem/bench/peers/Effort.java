package netmem.bench.peers;

import java.util.List;

/**
 * How much is measured. Pure value.
 *
 * @param rounds of what is measured on bare sockets
 * @param firstWarmUpMillis what each work gets before its first figure
 * @param pageCounts how many pages, for the cost against their number
 * @param pageLengths how long pages are, for the cost against their length
 * @param idleConnections how many connections do nothing, for the cost against their number
 * @param starts how often servers are started
 * @param clientArguments for the comparison of client libraries
 */
record Effort(
        Rounds rounds,
        long firstWarmUpMillis,
        List<Integer> connections,
        List<Integer> pageCounts,
        List<Integer> pageLengths,
        List<Integer> idleConnections,
        int starts,
        List<String> clientArguments) {
    private static final List<Integer> PAGE_COUNTS = List.of(1_000, 16_000, 256_000, 4_000_000, 16_000_000);
    private static final List<Integer> PAGE_LENGTHS = List.of(64, 1024, 4096, 65_536, 1_048_576);
    private static final List<Integer> CONNECTIONS = List.of(1, 32, 256);
    private static final List<Integer> IDLE_CONNECTIONS = List.of(0, 800, 9800);
    private static final String OPERATIONS = "--operations=validated-read,page-read,small-write,page-update,"
            + "compare-update,atomic-add,transaction,lock-unlock";

    /** Shows in less than 20 seconds that it works; the figures mean nothing. */
    static Effort brief() {
        return new Effort(
                new Rounds(1, 20, 10),
                20,
                List.of(1, 8),
                List.of(1_000, 4_000),
                List.of(1024),
                List.of(20),
                1,
                List.of("--seconds=0.1", "--warm-up=0.1", "--rounds=1", "--operations=validated-read"));
    }

    /** What docs/benchmarks.md is made with: about a quarter of an hour. */
    static Effort usual() {
        return new Effort(
                new Rounds(5, 300, 250),
                1500,
                CONNECTIONS,
                PAGE_COUNTS,
                PAGE_LENGTHS,
                IDLE_CONNECTIONS,
                7,
                List.of("--seconds=2.1", "--warm-up=1", "--rounds=7", OPERATIONS));
    }

    /** The same with longer and more rounds: about three quarters of an hour. */
    static Effort thorough() {
        return new Effort(
                new Rounds(11, 500, 500),
                4000,
                CONNECTIONS,
                PAGE_COUNTS,
                PAGE_LENGTHS,
                IDLE_CONNECTIONS,
                15,
                List.of("--seconds=5.5", "--warm-up=2", "--rounds=11", OPERATIONS));
    }
}
