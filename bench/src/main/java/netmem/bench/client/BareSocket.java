package netmem.bench.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import netmem.api.Incarnation;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Preface;
import netmem.api.wire.Ranges;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;

/**
 * The floor: a blocking channel that sends the bytes of one validated read and waits for the bytes of its answer. Confined
 * to one thread.
 */
final class BareSocket implements AutoCloseable {
    private static final int READ_BYTES = 44;
    private static final int NOT_MODIFIED_BYTES = 24;
    private static final int VERSION_OFFSET = 16;

    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(READ_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long sequence;

    /** Opens a session. */
    BareSocket(URI server) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        ByteBuffer greeting = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        Preface.put(greeting);
        RequestCodec.encode(new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, "bare", ""), 0, greeting);
        channel.write(greeting.flip());
        receive();
    }

    private void receive() throws IOException {
        in.clear();
        do {
            if (channel.read(in) < 0) {
                throw new IOException("the server closed the connection");
            }
        } while (in.position() < Integer.BYTES || in.position() < in.getInt(0));
    }

    /** The page's version. */
    long version(long page) throws IOException {
        call(new Request.Read(page, 0, Ranges.NONE));
        return in.getLong(VERSION_OFFSET);
    }

    /** Asks whether the page still has this version. */
    void validate(long page, long version, Ranges whole) throws IOException {
        call(new Request.Read(page, version, whole));
        if (in.position() != NOT_MODIFIED_BYTES) {
            throw new IOException("reply: " + in.position() + " bytes (expected: " + NOT_MODIFIED_BYTES + ")");
        }
    }

    private void call(Request request) throws IOException {
        out.clear();
        RequestCodec.encode(request, FrameHeader.requestId(0, ++sequence), out);
        channel.write(out.flip());
        receive();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
