package netmem.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Passes bytes between a client and a server, and cuts each connection after a random number of them. Shared. */
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final int serverPort;
    private final Random random;
    private final int bytesMax;
    private final AtomicInteger cuts = new AtomicInteger();

    CuttingProxy(int serverPort, int bytesMax, long seed) throws IOException {
        this.serverPort = serverPort;
        this.bytesMax = bytesMax;
        this.random = new Random(seed);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String uri() {
        return "netmem://127.0.0.1:" + listener.getLocalPort();
    }

    int cuts() {
        return cuts.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                AtomicLong left = new AtomicLong(1 + random.nextInt(bytesMax));
                Thread.ofVirtual().start(() -> pump(client, server, left));
                Thread.ofVirtual().start(() -> pump(server, client, left));
            } catch (IOException e) {
                return;
            }
        }
    }

    /** Passes bytes on in small pieces; the last piece is cut off where the count ends. */
    private void pump(Socket from, Socket to, AtomicLong left) {
        byte[] piece = new byte[512];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int count = in.read(piece); count > 0; count = in.read(piece)) {
                long rest = left.addAndGet(-count);
                out.write(piece, 0, (int) Math.max(0, rest < 0 ? count + rest : count));
                if (rest <= 0) {
                    cuts.incrementAndGet();
                    return;
                }
            }
        } catch (IOException e) {
            // The other direction was cut.
            left.set(0);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
