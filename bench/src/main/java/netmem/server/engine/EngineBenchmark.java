package netmem.server.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerLimits;
import netmem.server.memory.PageMemory;
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
 * What a request costs behind the codec and before the socket: reads beside the engine, changes in it with their recorded
 * outcomes. Confined to JMH's worker thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 2, jvmArgsAppend = "--sun-misc-unsafe-memory-access=allow")
public class EngineBenchmark {
    private static final int PAGES = 1024;
    private static final int SLOTS = 64;
    private static final long CONNECTION = 1;

    /** Length of a page. */
    @Param({"64", "4096"})
    public int pageLengthBytes;

    private PageMemory pages = PageMemory.heap(1, 64);
    private Engine engine = engine(pages);
    private Session session = open(engine);
    private PageReads reads = new PageReads(pages, 1 << 20);
    private ByteBuffer data = ByteBuffer.allocateDirect(0);
    private Ranges whole = Ranges.NONE;
    private long count;

    /** Opens a session of an engine whose pages have all been written. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        pages = PageMemory.anonymous(PAGES, pageLengthBytes, 0, 0);
        engine = engine(pages);
        session = open(engine);
        reads = new PageReads(pages, 1 << 20);
        data = ByteBuffer.allocateDirect(pageLengthBytes).order(ByteOrder.LITTLE_ENDIAN);
        whole = Ranges.of(0, pageLengthBytes);
        for (int page = 0; page < PAGES; page++) {
            if (pageUpdate() instanceof Answer.Now(Reply.Failed failed)) {
                throw new IllegalStateException("page " + page + ": " + failed.message());
            }
        }
    }

    private static Engine engine(PageMemory pages) {
        return new Engine(
                pages, ServerLimits.DEFAULTS, new Incarnation(1, 1), new Reply.Description("bench", Map.of()));
    }

    private static Session open(Engine engine) {
        Request.Hello hello = new Request.Hello(SessionId.NONE, new Incarnation(1, 1), 0, "bench", "");
        Session opened = engine.greet(CONNECTION, hello, new SessionId(1, 1), 0).session();
        if (opened == null) {
            throw new IllegalStateException("greeting: refused");
        }
        return opened;
    }

    /** Gives the pages back. */
    @TearDown(Level.Trial)
    public void close() {
        pages.close();
    }

    /** A read whose client has the current version: nothing is copied. */
    @Benchmark
    public long validatedRead() {
        long page = next();
        return reads.read(new Request.Read(page, pages.version(page), whole), data.clear());
    }

    /** A read that copies the page. */
    @Benchmark
    public long pageRead() {
        return reads.read(new Request.Read(next(), 0, whole), data.clear());
    }

    /** A write of a whole page, its outcome recorded. */
    @Benchmark
    public Answer pageUpdate() {
        return run(new Request.Write(next(), 0, 0, 0, false, whole, data.clear()));
    }

    /** An addition to a word, its outcome recorded. */
    @Benchmark
    public Answer atomicAdd() {
        return run(new Request.Atomic(next(), 0, 0, 0, 0, WordFunction.ADD, 1, 0));
    }

    private long next() {
        return ++count & (PAGES - 1);
    }

    /** Slots in turn, each with rising sequences, as a client sends them. */
    private Answer run(Request request) {
        long requestId = FrameHeader.requestId((int) (count % SLOTS), 1 + count / SLOTS);
        return engine.execute(session, CONNECTION, requestId, request, count);
    }
}
