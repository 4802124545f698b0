package netmem.bench.result;

import java.util.Locale;
import java.util.Optional;

/** A figure that reports know: its name in result files, how a reader sees it, and which way is better. Pure. */
public enum Figure {
    /** Operations that were answered, for each second. */
    THROUGHPUT_PER_S("throughput", "ops/s", false),
    /** Half of the operations took at most this. */
    P50_US("p50", "µs", true),
    /** Nine of ten. */
    P90_US("p90", "µs", true),
    /** All but one of 100. */
    P99_US("p99", "µs", true),
    /** All but one of 1000. */
    P999_US("p99.9", "µs", true),
    /** All but one of 10 000. */
    P9999_US("p99.99", "µs", true),
    /** The slowest one. */
    MAX_US("max", "µs", true),
    /** A closed loop with one caller: half of the calls took at most this. No latency under a load. */
    CALL_P50_US("call p50", "µs", true),
    /** Processor time of the server for an operation, user and system. */
    SERVER_CPU_US_PER_OP("server CPU", "µs/op", true),
    /** Processor time of the measuring process for an operation; it includes the rig's own work. */
    CLIENT_CPU_US_PER_OP("client CPU", "µs/op", true),
    /** Bytes that the measuring process allocated for an operation; it includes the rig's own. */
    CLIENT_ALLOC_BYTES_PER_OP("client garbage", "B/op", true),
    /** The rate that was reached, over it: 1 is all of it. */
    RATE_REACHED("rate reached", "of wanted", false),
    /** All but one of 100 operations were begun at most so late: by the rig itself, or because the answer before was late. */
    BEGUN_LATE_P99_US("begun late, p99", "µs", true),
    /** Memory of the server's process. */
    SERVER_RSS_BYTES("server memory", "B", true),
    /** Bytes that the server's event loops allocated for an operation. */
    SERVER_ALLOC_BYTES_PER_OP("server garbage", "B/op", true),
    /** From the start of the process until it can be used. */
    READY_MS("ready after", "ms", true),
    /** All files of NetMem's run-time image. */
    IMAGE_BYTES("image", "B", true),
    /** The image as it is downloaded. */
    ARCHIVE_BYTES("tar.gz", "B", true),
    /** Near 1 the generator was the limit, not the server. */
    GENERATOR_BUSY("generator busy", "of its thread", true),
    /** How many rounds the medians are of. */
    ROUNDS("rounds", "", false);

    private final String title;
    private final String unit;
    private final boolean lessIsBetter;

    Figure(String title, String unit, boolean lessIsBetter) {
        this.title = title;
        this.unit = unit;
        this.lessIsBetter = lessIsBetter;
    }

    /** The name in {@link Result#figures()}: {@code p9999_us}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What stands above its column. */
    public String title() {
        return title;
    }

    /** Unit, or empty. */
    public String unit() {
        return unit;
    }

    /** True for latencies and costs. */
    public boolean lessIsBetter() {
        return lessIsBetter;
    }

    /** Finds a figure by its name in result files; empty for one that reports show as it stands. */
    public static Optional<Figure> ofKey(String key) {
        for (Figure figure : values()) {
            if (figure.key().equals(key)) {
                return Optional.of(figure);
            }
        }
        return Optional.empty();
    }
}
