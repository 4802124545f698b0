package netmem.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;
import netmem.api.Incarnation;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Preface;
import netmem.api.wire.Ranges;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;
import netmem.client.NetMem;

/**
 * A bare blocking socket in C that sends the bytes of one validated read to the same NetMem server as NetMem's client does:
 * what is over it is what the client library costs. One caller, nothing else. Shared.
 */
public final class CSocketContestant implements Contestant {
    /** What results call it. */
    public static final String NAME = "C socket";

    private static final Mix VALIDATED_READS = Mix.of(Operation.VALIDATED_READ);
    private static final long PAGE = 0;
    private static final int GREETING_BYTES_MAX = 256;
    private static final int REQUEST_ID_AT = 8;

    private final Path program;
    private final Target target;
    private final LongSupplier cpuNanos;

    /**
     * Takes part with a NetMem server on this machine.
     *
     * @param program compiled of {@code socket.c}
     */
    public CSocketContestant(Path program, Target target, LongSupplier cpuNanos) {
        this.program = program;
        this.target = target;
        this.cpuNanos = cpuNanos;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean plays(Load load) {
        return load.mix().equals(VALIDATED_READS)
                && load.callers() == 1
                && load.ratePerSecond().isEmpty();
    }

    @Override
    public Runner ready(Load load, int pageCount) {
        ByteBuffer greeting = ByteBuffer.allocate(GREETING_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
        Preface.put(greeting);
        RequestCodec.encode(new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, "C socket", ""), 0, greeting);
        int bytes = Operation.VALIDATED_READ.requestBytes(target.pageLengthBytes());
        ByteBuffer request = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Ranges whole = Ranges.of(0, target.pageLengthBytes());
        RequestCodec.encode(new Request.Read(PAGE, version(), whole), 0, request);
        List<String> command = List.of(
                program.toString(),
                Integer.toString(target.port()),
                hex(greeting),
                hex(request),
                Integer.toString(REQUEST_ID_AT),
                Long.toString(FrameHeader.requestId(0, 1)),
                Integer.toString(Operation.VALIDATED_READ.replyBytes(target.pageLengthBytes())));
        try {
            return new CSocketRunner(command, cpuNanos);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long version() {
        try (NetMem mem = NetMem.connect("netmem://" + target.host() + ":" + target.port())) {
            return mem.version(PAGE);
        }
    }

    private static String hex(ByteBuffer frame) {
        byte[] bytes = new byte[frame.position()];
        frame.get(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public long serverCpuNanos() {
        return cpuNanos.getAsLong();
    }
}
