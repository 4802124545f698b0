package netmem.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection: its socket, and what goes out and comes in on it. Callers send, who has the duty to read reads
 * ({@link Reading}). The channel does not block, so an interrupt cannot close it under others. Shared.
 *
 * <pre>
 *   field                            access         guard
 *   out                              -              as it says
 *   error                            volatile       only ever set, by anybody; of two errors either will do
 *   inbound, ready                   read, write    the duty to read
 * </pre>
 */
final class Connection implements FrameSink, AutoCloseable {
    /** Reads in a row before other things have their turn. */
    private static final int READS_MAX = 16;

    private final Exchange exchange;
    private final Selector selector;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Consumer<SelectionKey> selected = this::selected;
    private final Inbound inbound;
    private final Outbound out;
    private volatile @Nullable Throwable error;
    private int ready;

    /** Begins to connect. */
    Connection(InetSocketAddress to, Selector selector, Buffers buffers, Exchange exchange) throws IOException {
        this.exchange = exchange;
        this.selector = selector;
        channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean done = channel.connect(to);
            key = channel.register(selector, done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
            inbound = new Inbound(channel, buffers);
            out = new Outbound(exchange, buffers, channel, key, this::fail);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    /** Waits until the socket is ready, somebody wakes the selector, or the time is over. */
    void await(long nanos) throws IOException {
        ready = 0;
        selector.select(selected, Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos)) + 1);
    }

    private void selected(SelectionKey ours) {
        ready = ours.readyOps();
    }

    /** Moves the connect on; true when it is done. */
    boolean finishConnect() throws IOException {
        if (channel.isConnected()) {
            return true;
        }
        if (!channel.finishConnect()) {
            return false;
        }
        key.interestOps(SelectionKey.OP_READ);
        return true;
    }

    /** Queues the preface and the greeting. */
    void greet(Request.Hello hello) {
        exchange.lock.lock();
        try {
            out.appendPreface();
            out.append(hello, 0);
        } finally {
            exchange.lock.unlock();
        }
        flush();
    }

    /** The greeting is over: longer frames may come. */
    void opened(int bytesMax) {
        inbound.opened(bytesMax);
    }

    @Override
    public boolean fits(int frameBytes) {
        return out.fits(frameBytes);
    }

    @Override
    public long append(Request request, long requestId) {
        return out.append(request, requestId);
    }

    /** Sends what has gathered, or leaves it to somebody who is about to. Does not block. */
    void flush() {
        out.flush();
    }

    /** Ends the wait of whoever reads. */
    void wakeReader() {
        selector.wakeup();
    }

    /** Ends the connection for whatever went wrong: the keeper finds it ended and starts again. */
    void fail(Throwable cause) {
        if (error == null) {
            error = cause;
        }
        out.stop();
        selector.wakeup();
        exchange.reading.wakeKeeper();
    }

    boolean isEnded() {
        return out.isStopped();
    }

    /** Throws what ended the connection, if it has. */
    void requireOpen() throws IOException, MalformedFrameException {
        switch (error) {
            case IOException e -> throw e;
            case MalformedFrameException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {
                if (isEnded()) {
                    throw new IOException("closed", error);
                }
            }
        }
    }

    /** Serves the socket after {@link #await}: reads all that is there and goes on with what could not be written. */
    void serve(Inbound.Frames frames) throws IOException, MalformedFrameException {
        requireOpen();
        if ((ready & SelectionKey.OP_WRITE) != 0) {
            out.resume();
        }
        if ((ready & SelectionKey.OP_READ) != 0) {
            handOut(frames);
            for (int round = 1; round < READS_MAX && inbound.mayHaveMore(); round++) {
                handOut(frames);
            }
        }
    }

    private void handOut(Inbound.Frames frames) throws IOException, MalformedFrameException {
        out.beginHandingOut();
        try {
            inbound.read(frames);
        } finally {
            out.endHandingOut();
        }
    }

    /** Changes whenever bytes flow: they came in, or the socket, which was full, took more because the server took some. */
    int pulse() {
        return inbound.reads() + out.resumptions();
    }

    /** Bytes that the socket took; final once the connection is closed. */
    long writtenBytes() {
        return out.writtenBytes();
    }

    /** Closes the socket; nothing is written afterwards. */
    @Override
    public void close() throws IOException {
        out.close();
        try {
            channel.close();
        } finally {
            selector.wakeup(); // a caller who reads leaves
        }
    }
}
