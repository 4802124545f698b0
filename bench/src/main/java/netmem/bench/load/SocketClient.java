package netmem.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Sends frames of an operation's length and waits for the reply's. Each caller has its own socket and buffer. */
final class SocketClient implements Client {
    /** One caller's connection. Confined to it. */
    private record Lane(SocketChannel connection, ByteBuffer buffer) {}

    private final Target target;
    private final List<Lane> lanes = new ArrayList<>();

    SocketClient(Target target, int callers) {
        this.target = target;
        try {
            for (int i = 0; i < callers; i++) {
                lanes.add(lane());
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
    }

    private Lane lane() throws IOException {
        SocketChannel connection = SocketChannel.open(new InetSocketAddress(target.host(), target.port()));
        connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new Lane(connection, ByteBuffer.allocateDirect(target.pageLengthBytes() + 1024));
    }

    @Override
    public void prepare(Mix mix) {}

    @Override
    public void run(Operation operation, long page, int caller) {
        Lane lane = lanes.get(caller);
        int requestBytes = operation.requestBytes(target.pageLengthBytes());
        int replyBytes = operation.replyBytes(target.pageLengthBytes());
        try {
            for (int i = 0; i < operation.roundTrips(); i++) {
                roundTrip(lane, requestBytes, replyBytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void roundTrip(Lane lane, int requestBytes, int replyBytes) throws IOException {
        ByteBuffer buffer = lane.buffer.clear().limit(requestBytes);
        buffer.putInt(0, requestBytes).putInt(Integer.BYTES, replyBytes);
        while (buffer.hasRemaining()) {
            lane.connection.write(buffer);
        }
        EchoServer.read(lane.connection, buffer.clear(), replyBytes);
    }

    @Override
    public void close() {
        for (Lane lane : lanes) {
            try {
                lane.connection.close();
            } catch (IOException e) {
                System.getLogger(SocketClient.class.getName()).log(System.Logger.Level.DEBUG, "close", e);
            }
        }
    }
}
