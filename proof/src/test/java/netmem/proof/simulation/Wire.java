package netmem.proof.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;
import netmem.server.net.SimulatedServer;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection: bytes under way in both directions, each in its order, and how its ends come to know of its end.
 * Confined to its world.
 */
final class Wire {
    /** Bytes one way. */
    private final class Way {
        private final Deque<byte[]> chunks = new ArrayDeque<>();
        private final Consumer<byte[]> to;
        private final Runnable ended;
        private long lastDue;
        private int bytes;
        private boolean closed;

        Way(Consumer<byte[]> to, Runnable ended) {
            this.to = to;
            this.ended = ended;
        }

        void send(byte[] chunk) {
            if (closed || chunk.length == 0) {
                return;
            }
            chunks.add(chunk);
            bytes += chunk.length;
            lastDue = Math.max(lastDue, Math.max(stalledUntil, network.world.now()) + network.delay());
            network.world.after(lastDue - network.world.now(), this::arrive);
        }

        private void arrive() {
            byte[] next = chunks.poll();
            if (next != null) {
                bytes -= next.length;
                to.accept(next);
            }
        }

        /** Only so many of the bytes under way arrive; then, after a while, the end is known, if ever. */
        void cut(int left, long noticeNanos) {
            if (closed) {
                return;
            }
            closed = true;
            int kept = 0;
            Deque<byte[]> all = new ArrayDeque<>(chunks);
            chunks.clear();
            for (byte[] chunk : all) {
                int length = Math.min(chunk.length, left - kept);
                if (length > 0) {
                    chunks.add(length == chunk.length ? chunk : Arrays.copyOf(chunk, length));
                    kept += length;
                }
            }
            bytes = kept;
            if (noticeNanos != NEVER) {
                network.world.after(Math.max(0, lastDue - network.world.now()) + noticeNanos, ended);
            }
        }
    }

    static final long NEVER = Long.MAX_VALUE;

    private final Network network;
    private final SimulatedSocket socket;
    private final Way toServer;
    private final Way toClient;
    private SimulatedServer.@Nullable Peer peer;
    private long stalledUntil;
    private boolean over;

    Wire(Network network, SimulatedSocket socket) {
        this.network = network;
        this.socket = socket;
        this.toServer = new Way(this::atServer, this::serverNotices);
        this.toClient = new Way(socket::received, socket::ended);
    }

    /** The connection is made, if there is a server. */
    boolean connect() {
        SimulatedServer server = network.server();
        if (server == null) {
            over = true;
            return false;
        }
        peer = server.connect(toClient::send, this::serverClosed);
        return true;
    }

    /** Bytes from the client that the server has not seen yet. */
    int unseenBytes() {
        return toServer.bytes;
    }

    void send(byte[] bytes) {
        toServer.send(bytes);
    }

    private void atServer(byte[] bytes) {
        SimulatedServer.Peer to = peer;
        if (to == null) {
            return;
        }
        int split =
                network.narrow && bytes.length > 1 ? 1 + network.world.random.nextInt(bytes.length - 1) : bytes.length;
        to.receive(Arrays.copyOf(bytes, split));
        if (split < bytes.length) {
            to.receive(Arrays.copyOfRange(bytes, split, bytes.length));
        }
        if (toServer.bytes < SimulatedSocket.BUFFER_BYTES) {
            socket.roomAgain();
        }
    }

    private void serverNotices() {
        SimulatedServer.Peer to = peer;
        if (to != null) {
            peer = null;
            to.lost();
        }
    }

    /** The server has closed its end: what it sent before still arrives. */
    private void serverClosed() {
        toClient.cut(Integer.MAX_VALUE, network.delay());
        over = true;
    }

    /** The client has closed its end. */
    void clientClosed() {
        toServer.cut(Integer.MAX_VALUE, network.delay());
        over = true;
    }

    /** The client's process is gone: its system resets the connection, or is gone too and tells nobody. */
    void clientGone(boolean silent) {
        toServer.cut(network.world.random.nextInt(toServer.bytes + 1), silent ? NEVER : network.delay());
        toClient.cut(0, NEVER);
        over = true;
    }

    void serverGone() {
        peer = null;
        toServer.cut(0, NEVER);
        toClient.cut(network.world.random.nextInt(toClient.bytes + 1), network.delay());
        over = true;
    }

    /** Breaks, at any byte in both directions; each end is told after its own time. */
    void cut(long serverNoticeNanos, long clientNoticeNanos) {
        int up = network.world.random.nextInt(toServer.bytes + 1);
        int down = network.world.random.nextInt(toClient.bytes + 1);
        network.world.log(() -> "cut of " + socket + ", " + up + " of " + toServer.bytes + " bytes up and " + down
                + " of " + toClient.bytes + " down arrive");
        toServer.cut(up, serverNoticeNanos);
        toClient.cut(down, clientNoticeNanos);
        over = true;
    }

    /** From now on nothing of what the client sends arrives, and nobody is told. */
    void deaf() {
        network.world.log(() -> "the server no longer hears " + socket);
        toServer.cut(network.world.random.nextInt(toServer.bytes + 1), NEVER);
    }

    /** Nothing arrives for a while, and nothing is lost. */
    void stall(long nanos) {
        network.world.log(() -> "stall of " + socket + " for " + nanos / 1_000_000 + " ms");
        stalledUntil = network.world.now() + nanos;
    }

    boolean isOver() {
        return over;
    }
}
