package netmem.bench.raw;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A blocking connection to a server on loopback. Confined to the generator's thread. */
public final class RawSocket implements AutoCloseable {
    private final SocketChannel channel;

    RawSocket(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Waits for bytes and adds them to {@code to}. */
    void receive(ByteBuffer to) throws IOException {
        if (channel.read(to) < 0) {
            throw new EOFException("the server closed the connection");
        }
    }

    /** Waits for exactly {@code lengthBytes}. */
    ByteBuffer receiveExactly(int lengthBytes, ByteOrder order) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(lengthBytes).order(order);
        while (bytes.hasRemaining()) {
            receive(bytes);
        }
        return bytes.flip();
    }

    /** Waits for a line of a text protocol and returns it without its end. */
    String receiveLine() throws IOException {
        StringBuilder line = new StringBuilder();
        do {
            line.append((char) receiveExactly(1, ByteOrder.BIG_ENDIAN).get());
        } while (line.charAt(line.length() - 1) != '\n');
        return line.toString().stripTrailing();
    }

    void sendText(String text) throws IOException {
        send(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
