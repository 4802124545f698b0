package netmem.proof.simulation;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client's end of a {@link Wire}. Confined to its world. */
final class SimulatedSocket extends SocketChannel {
    /** What a socket takes before the server has seen it. */
    static final int BUFFER_BYTES = 8 << 10;

    private final Process process;
    private final Network network;
    private final Wire wire;
    private final Deque<ByteBuffer> received = new ArrayDeque<>();
    private @Nullable SimulatedSelector selector;
    private boolean connected;
    private boolean answered;
    private boolean ended;

    SimulatedSocket(Process process, Network network) {
        super(null);
        this.process = process;
        this.network = network;
        this.wire = network.wire(this);
    }

    Wire wire() {
        return wire;
    }

    void selector(SimulatedSelector registered) {
        selector = registered;
    }

    private void changed() {
        if (selector != null) {
            selector.changed();
        }
    }

    // What the wire tells.

    void received(byte[] bytes) {
        received.add(ByteBuffer.wrap(bytes));
        changed();
    }

    void ended() {
        ended = true;
        changed();
    }

    void roomAgain() {
        changed();
    }

    int readyOps() {
        int ready = answered && !connected ? SelectionKey.OP_CONNECT : 0;
        ready |= connected && (ended || !received.isEmpty()) ? SelectionKey.OP_READ : 0;
        ready |= connected && (ended || wire.unseenBytes() < BUFFER_BYTES) ? SelectionKey.OP_WRITE : 0;
        return ready;
    }

    // What the client calls.

    @Override
    public boolean connect(SocketAddress remote) {
        network.world.after(network.delay(), () -> {
            answered = isOpen();
            changed();
        });
        return false;
    }

    @Override
    public boolean finishConnect() throws IOException {
        if (!answered) {
            return false;
        }
        if (!wire.connect()) {
            throw new ConnectException("Connection refused");
        }
        connected = true;
        return true;
    }

    @Override
    public boolean isConnected() {
        return connected;
    }

    @Override
    public boolean isConnectionPending() {
        return !connected;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        ByteBuffer first = received.peek();
        if (first == null) {
            if (!ended) {
                return 0;
            }
            if (network.world.random.nextBoolean()) {
                return -1;
            }
            throw new IOException("Connection reset");
        }
        int count = Math.min(first.remaining(), target.remaining());
        if (network.narrow && count > 1) {
            count = 1 + network.world.random.nextInt(count);
        }
        target.put(first.slice().limit(count));
        first.position(first.position() + count);
        if (!first.hasRemaining()) {
            received.remove();
        }
        return count;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (ended) {
            throw new IOException("Broken pipe");
        }
        int count = Math.min(source.remaining(), Math.max(0, BUFFER_BYTES - wire.unseenBytes()));
        if (network.narrow && count > 1) {
            count = network.world.random.nextInt(4) == 0 ? 1 + network.world.random.nextInt(count) : count;
        }
        byte[] bytes = new byte[count];
        source.get(bytes);
        wire.send(bytes);
        return count;
    }

    @Override
    protected void implCloseSelectableChannel() {
        wire.clientClosed();
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        if (block) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) {
        return this;
    }

    @Override
    public String toString() {
        return "socket of " + process;
    }

    // What it never calls.

    @Override
    public SocketChannel bind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel shutdownInput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel shutdownOutput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress getLocalAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }
}
