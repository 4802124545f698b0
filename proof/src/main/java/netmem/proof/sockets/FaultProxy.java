package netmem.proof.sockets;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** Passes bytes between clients and a server, and breaks each connection as its {@link Fault} says. Shared. */
public final class FaultProxy implements AutoCloseable {
    private static final int BACKLOG = 50;

    private final ServerSocket listener;
    private final int serverPort;
    private final IntFunction<Fault> faults;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicLong requestBytes = new AtomicLong();
    private final AtomicLong replyBytes = new AtomicLong();
    private final List<Pair> open = new CopyOnWriteArrayList<>();

    /** A client's connection and the one behind it. */
    private record Pair(Socket client, Socket server, Fault fault) {
        void cut(boolean reset) {
            for (Socket socket : List.of(client, server)) {
                try {
                    if (reset) {
                        socket.setSoLinger(true, 0);
                    }
                    socket.close();
                } catch (IOException e) {
                    // Closed before by the other direction, which is what this wants.
                }
            }
        }
    }

    /**
     * Starts to listen on loopback.
     *
     * @param serverPort where the server is
     * @param faults of the n-th connection, from 0
     */
    public FaultProxy(int serverPort, IntFunction<Fault> faults) throws IOException {
        this.serverPort = serverPort;
        this.faults = faults;
        listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    public String uri() {
        return "netmem://127.0.0.1:" + listener.getLocalPort();
    }

    /** How many connections were broken. */
    public int cuts() {
        return cuts.get();
    }

    public int connections() {
        return connections.get();
    }

    /** What reached the server over all connections. */
    public long requestBytes() {
        return requestBytes.get();
    }

    /** What reached the clients over all connections. */
    public long replyBytes() {
        return replyBytes.get();
    }

    /** Breaks all connections that are open now. */
    public void cutAll() {
        for (Pair pair : open) {
            cuts.incrementAndGet();
            pair.cut(true);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException e) {
                // Closed, which ends this; or the client was closed before it got here.
            }
        }
    }

    /** Where the server is gone the client is closed, as it would be without a proxy, and may come again. */
    private void connect(Socket client) throws IOException {
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        } catch (IOException gone) {
            client.close();
            return;
        }
        Pair pair = new Pair(client, server, faults.apply(connections.getAndIncrement()));
        pair.client.setTcpNoDelay(true);
        pair.server.setTcpNoDelay(true);
        open.add(pair);
        Thread.ofVirtual().start(() -> pump(pair, true));
        Thread.ofVirtual().start(() -> pump(pair, false));
    }

    private void pump(Pair pair, boolean requests) {
        Fault fault = pair.fault;
        byte[] piece = new byte[fault.pieceBytes()];
        long left = requests ? fault.requestBytes() : fault.replyBytes();
        long untilStall = fault.stallBytes();
        AtomicLong total = requests ? requestBytes : replyBytes;
        try (pair.client;
                pair.server;
                InputStream in = (requests ? pair.client : pair.server).getInputStream();
                OutputStream out = (requests ? pair.server : pair.client).getOutputStream()) {
            while (left > 0) {
                int count = in.read(piece);
                if (count < 0) {
                    return;
                }
                if (fault.delayNanos() > 0) {
                    LockSupport.parkNanos(fault.delayNanos());
                }
                untilStall -= count;
                if (untilStall < 0) {
                    untilStall = Long.MAX_VALUE;
                    LockSupport.parkNanos(fault.stallNanos());
                }
                int passed = (int) Math.min(left, count);
                total.addAndGet(passed);
                out.write(piece, 0, passed);
                left -= count;
            }
            cuts.incrementAndGet();
            pair.cut(fault.reset());
        } catch (IOException e) {
            // One end is gone; the other is closed on the way out.
            pair.cut(false);
        } finally {
            open.remove(pair);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(pair -> pair.cut(false));
    }
}
