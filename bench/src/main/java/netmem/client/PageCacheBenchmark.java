package netmem.client;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.Versioned;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the client's cache takes for a page that it has: part of every validated read. Confined to JMH's worker thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(2)
public class PageCacheBenchmark {
    private static final int PAGES = 1024;
    private static final int PAGE_LENGTH = 64;
    private static final int ORDER_LENGTH = 1 << 14;

    private final Incarnation incarnation = new Incarnation(1, 2);
    private final PageCache cache = PageCache.ofHeapShare();
    private final int[] order = new int[ORDER_LENGTH];
    private int next;
    private long version = 1;

    /** Fills the cache and draws the order of access. */
    @Setup(Level.Trial)
    public void fill() {
        SplittableRandom random = new SplittableRandom(1);
        for (int page = 0; page < PAGES; page++) {
            cache.install(Versioned.owning(incarnation, page, version, new byte[PAGE_LENGTH]));
        }
        for (int i = 0; i < ORDER_LENGTH; i++) {
            order[i] = random.nextInt(PAGES);
        }
    }

    /** A page that is there. */
    @Benchmark
    public @Nullable Versioned hit() {
        return cache.lookup(incarnation, nextPage());
    }

    /** A newer copy takes the place of an older one. */
    @Benchmark
    public void install() {
        cache.install(Versioned.owning(incarnation, nextPage(), ++version, new byte[PAGE_LENGTH]));
    }

    private int nextPage() {
        next = (next + 1) & (ORDER_LENGTH - 1);
        return order[next];
    }
}
