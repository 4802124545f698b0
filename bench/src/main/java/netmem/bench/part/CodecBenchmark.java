package netmem.bench.part;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
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
import org.openjdk.jmh.annotations.Warmup;

/** What frames take: a request and a reply of the lengths that matter, both ways. Confined to JMH's worker thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(2)
public class CodecBenchmark {
    private static final long REQUEST_ID = 1L << 16;

    /** Of a write's data and of a read's. */
    @Param({"64", "4096"})
    public int dataBytes;

    private Request read = new Request.Info();
    private Request write = new Request.Info();
    private Reply reply = new Reply.Done();
    private final ByteBuffer out = little(1 << 17);
    private ByteBuffer readFrame = out;
    private ByteBuffer writeFrame = out;
    private ByteBuffer replyFrame = out;

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Makes the values and their frames. */
    @Setup(Level.Trial)
    public void make() {
        Ranges whole = Ranges.of(0, dataBytes);
        read = new Request.Read(7, 9, whole);
        write = new Request.Write(7, 0, 0, 5000, false, whole, little(dataBytes));
        reply = new Reply.Data(9, little(dataBytes));
        readFrame = frame(read);
        writeFrame = frame(write);
        replyFrame = little(ReplyCodec.frameBytes(reply));
        ReplyCodec.encode(reply, Opcode.READ.code(), REQUEST_ID, replyFrame);
        replyFrame.flip();
    }

    private static ByteBuffer frame(Request request) {
        ByteBuffer frame = little(RequestCodec.frameBytes(request));
        RequestCodec.encode(request, REQUEST_ID, frame);
        return frame.flip();
    }

    /** The client's side of a read. */
    @Benchmark
    public ByteBuffer encodeRead() {
        RequestCodec.encode(read, REQUEST_ID, out.clear());
        return out;
    }

    /** The client's side of a write. */
    @Benchmark
    public ByteBuffer encodeWrite() {
        RequestCodec.encode(write, REQUEST_ID, out.clear());
        return out;
    }

    /** The server's side of a read. */
    @Benchmark
    public Request decodeRead() throws MalformedFrameException {
        return RequestCodec.decode(readFrame.rewind());
    }

    /** The server's side of a write; its data is a view. */
    @Benchmark
    public Request decodeWrite() throws MalformedFrameException {
        return RequestCodec.decode(writeFrame.rewind());
    }

    /** The client's side of a reply with data, which is a view. */
    @Benchmark
    public Reply decodeData() throws MalformedFrameException {
        return ReplyCodec.decode(replyFrame.rewind());
    }
}
