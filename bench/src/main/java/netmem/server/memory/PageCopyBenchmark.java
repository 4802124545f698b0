package netmem.server.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one page costs under the sequence lock: the question of its version, a validated copy, a published write. The
 * smaller arena stays in the processor's cache, the larger one does not. Confined to JMH's worker thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 2, jvmArgsAppend = "--sun-misc-unsafe-memory-access=allow")
public class PageCopyBenchmark {
    /** 64 bytes are one cache line, 4096 the usual page, 65536 a large one. */
    @Param({"64", "4096", "65536"})
    public int pageLengthBytes;

    /** Of the pages together. */
    @Param({"262144", "67108864"})
    public int arenaLengthBytes;

    private static final int ORDER_LENGTH = 1 << 14;

    private PageMemory pages = PageMemory.heap(1, ArenaLayout.PAGE_LENGTH_MIN);
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);
    private final int[] order = new int[ORDER_LENGTH];
    private int next;

    /** Writes every page once, so that each is backed by memory, and draws the order of access. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
        int pageCount = arenaLengthBytes / pageLengthBytes;
        pages = PageMemory.anonymous(pageCount, pageLengthBytes, 0, 0);
        buffer = ByteBuffer.allocateDirect(pageLengthBytes);
        for (int page = 0; page < pageCount; page++) {
            write(page);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < ORDER_LENGTH; i++) {
            order[i] = random.nextInt(pageCount);
        }
    }

    /** Gives the arena back. */
    @TearDown(Level.Trial)
    public void close() {
        pages.close();
    }

    /** The check that a cached page is still current. */
    @Benchmark
    public long version() {
        return pages.version(nextPage());
    }

    /** A validated copy of a whole page into a direct buffer. */
    @Benchmark
    public long read() {
        return pages.read(nextPage(), 0, pageLengthBytes, buffer.clear());
    }

    /** A whole page written and published, without the engine's monitor. */
    @Benchmark
    public long write() {
        return write(nextPage());
    }

    private long write(int page) {
        long version = pages.version(page) + 1;
        pages.beginWrite(page);
        pages.write(page, 0, buffer.clear());
        pages.endWrite(page, version);
        return version;
    }

    private int nextPage() {
        next = (next + 1) & (ORDER_LENGTH - 1);
        return order[next];
    }
}
