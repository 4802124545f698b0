package netmem.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The floor's server: reads a request of a length and answers with as many bytes as it asks for, one blocking thread a
 * connection, nothing between. Its time is what this machine's sockets take. Shared.
 *
 * <p>A request begins with its own length and the reply's, 4 bytes each; the reply is of zeros.
 */
public final class EchoServer implements AutoCloseable {
    /** The two lengths. */
    static final int HEADER_BYTES = 8;

    private static final int BUFFER_BYTES = 64 << 10;

    private final ServerSocketChannel listening;

    private EchoServer(ServerSocketChannel listening) {
        this.listening = listening;
    }

    /** Starts on a free port of the loopback address, in this process. */
    static EchoServer start() throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        EchoServer server = new EchoServer(listening);
        Thread.ofPlatform().daemon().name("echo-accept").start(server::accept);
        return server;
    }

    /** Runs as a process of its own; prints {@code READY host:port} and ends with its standard input. */
    public static void main(String[] arguments) throws IOException {
        try (EchoServer server = start()) {
            System.out.println("READY 127.0.0.1:" + server.port());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    int port() throws IOException {
        return ((InetSocketAddress) listening.getLocalAddress()).getPort();
    }

    private void accept() {
        try {
            for (; ; ) {
                SocketChannel connection = listening.accept();
                Thread.ofPlatform().daemon().name("echo").start(() -> serve(connection));
            }
        } catch (IOException e) {
            return; // closed: the server ends
        }
    }

    private static void serve(SocketChannel connection) {
        try (connection) {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            for (; ; ) {
                buffer = answer(connection, buffer);
            }
        } catch (IOException e) {
            return; // the peer has gone
        }
    }

    /** Answers one frame; returns the buffer for the next, which is longer once a frame was. */
    private static ByteBuffer answer(SocketChannel connection, ByteBuffer last) throws IOException {
        ByteBuffer buffer = last;
        read(connection, buffer.clear(), HEADER_BYTES);
        int requestBytes = buffer.getInt(0);
        int replyBytes = buffer.getInt(Integer.BYTES);
        if (Math.max(requestBytes, replyBytes) > buffer.capacity()) {
            buffer = ByteBuffer.allocateDirect(Math.max(requestBytes, replyBytes))
                    .put(buffer.flip());
        }
        read(connection, buffer, requestBytes);
        buffer.position(0).limit(replyBytes);
        while (buffer.hasRemaining()) {
            connection.write(buffer);
        }
        return buffer;
    }

    /** Reads until so many bytes are there, in as few calls as they come in. */
    static void read(SocketChannel connection, ByteBuffer buffer, int bytes) throws IOException {
        while (buffer.position() < bytes) {
            if (connection.read(buffer) < 0) {
                throw new EOFException("connection ended");
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
