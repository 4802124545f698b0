package netmem.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Preface;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection. Callers append frames to one buffer and whoever gets hold of the writing lock sends what has
 * gathered, so that callers who come at the same time share a system
 * call; who has the duty to read reads ({@link Reading}). The channel does not block: a caller whose bytes the socket does
 * not take leaves them to whoever reads, and an interrupt cannot close the channel under others. Shared.
 *
 * <pre>
 *   field                            access         guard
 *   gathering, appendedBytes, full   read, write    the client's lock
 *   queued, crowded                  volatile       written under the client's lock
 *   handingOut                       volatile       written by whoever has the duty to read
 *   gathers                          volatile       written by callers on virtual threads, for each other only
 *   sending, writtenBytes            read, write    writing
 *   stalled                          volatile       written under writing
 *   closed, error                    volatile       only ever set, by anybody; of two errors either will do
 *   inbound, ready                   read, write    the duty to read
 *   lock order: the duty to read, writing, then the client's lock
 * </pre>
 *
 * No bytes are left behind: who appends sets {@code queued} before trying the writing lock, and who holds that looks at
 * {@code queued} again after letting it go. Who leaves them to another has seen {@code handingOut} or {@code gathers} set after
 * {@code queued}; whoever sets one resets it first and looks at {@code queued} then. Platform threads do not rely on a
 * virtual one, which may have to wait for a carrier.
 */
final class Connection implements FrameSink, AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    /** Bytes that wait for the socket; a longer frame waits alone. */
    private static final int GATHERED_BYTES_MAX = 256 << 10;

    /** Reads in a row before other things have their turn. */
    private static final int READS_MAX = 16;

    private final Exchange exchange;
    private final Selector selector;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Consumer<SelectionKey> selected = this::selected;
    private final ReentrantLock writing = new ReentrantLock();
    private ByteBuffer gathering = buffer(BUFFER_BYTES);
    private ByteBuffer sending = buffer(BUFFER_BYTES).limit(0);
    private final Inbound inbound;
    private long appendedBytes;
    private boolean full;
    private long writtenBytes;
    private volatile boolean queued;
    private volatile boolean handingOut;
    private volatile boolean gathers;
    private volatile boolean crowded;
    private volatile boolean stalled;
    private volatile boolean closed;
    private volatile @Nullable Throwable error;
    private int ready;

    /**
     * Begins to connect. The exchange is told under its lock when there is room again for what did not fit.
     */
    Connection(InetSocketAddress to, Selector selector, Exchange exchange) throws IOException {
        this.exchange = exchange;
        this.selector = selector;
        channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean done = channel.connect(to);
            key = channel.register(selector, done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
            inbound = new Inbound(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
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
            gathering.putInt(Preface.MAGIC).putShort((short) Preface.VERSION).putShort((short) Preface.VERSION);
            appendedBytes += Preface.BYTES;
            append(hello, 0);
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
        boolean fits = gathering.position() == 0 || gathering.position() + frameBytes <= GATHERED_BYTES_MAX;
        full |= !fits;
        return fits;
    }

    @Override
    public long append(Request request, long requestId) {
        int frameBytes = RequestCodec.frameBytes(request);
        if (gathering.remaining() < frameBytes) {
            gathering = grown(gathering.flip(), gathering.limit() + frameBytes);
        }
        RequestCodec.encode(request, requestId, gathering);
        appendedBytes += frameBytes;
        queued = true;
        crowded = exchange.core.isCrowded();
        return appendedBytes;
    }

    /** A buffer with the source's bytes and room for so many in all. */
    private static ByteBuffer grown(ByteBuffer source, int bytes) {
        return buffer(Math.max(bytes, Math.min(2 * source.capacity(), GATHERED_BYTES_MAX)))
                .put(source);
    }

    /** Sends what has gathered, or leaves it to somebody who is about to, so that callers share system calls. Does not block. */
    void flush() {
        boolean virtual = Thread.currentThread().isVirtual();
        if (handingOut || (virtual && gathers)) { // pairs with handOut() and gather(), which flush later than this look
            return;
        }
        if (virtual && crowded) {
            gather();
        } else {
            flushNow();
        }
    }

    /** Lets the virtual threads that are ready to run append first, and sends for all. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on who runs meanwhile
    private void gather() {
        gathers = true;
        try {
            Thread.yield();
        } finally {
            gathers = false; // pairs with flush(): what was left to us was queued before
            flushNow();
        }
    }

    /** Sends what has gathered, unless somebody else is at it. */
    private void flushNow() {
        while (queued && !stalled && !closed && writing.tryLock()) {
            try {
                send();
            } finally {
                writing.unlock();
            }
        }
    }

    /** Sends until nothing is left or the socket takes no more. */
    private void send() {
        try {
            while (!closed && take()) {
                writtenBytes += channel.write(sending);
                if (sending.hasRemaining()) {
                    stalled = true;
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    selector.wakeup();
                    return;
                }
            }
        } catch (IOException | CancelledKeyException e) {
            fail(new IOException("write failed", e));
        }
    }

    /** Fetches what has gathered once all before it is sent; false when there is nothing. */
    private boolean take() {
        if (sending.hasRemaining()) {
            return true;
        }
        if (!queued) {
            return false;
        }
        exchange.lock.lock();
        try {
            ByteBuffer filled = gathering.flip();
            gathering = sending.clear();
            sending = filled;
            queued = false;
            if (full) {
                full = false;
                exchange.drained();
            }
            return sending.hasRemaining();
        } finally {
            exchange.lock.unlock();
        }
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
        closed = true;
        selector.wakeup();
        exchange.reading.wakeKeeper();
    }

    boolean isEnded() {
        return closed;
    }

    /** Throws what ended the connection, if it has. */
    void requireOpen() throws IOException, MalformedFrameException {
        switch (error) {
            case IOException e -> throw e;
            case MalformedFrameException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {
                if (closed) {
                    throw new IOException("closed", error);
                }
            }
        }
    }

    /** Serves the socket after {@link #await}: reads all that is there and goes on with what could not be written. */
    void serve(Inbound.Frames frames) throws IOException, MalformedFrameException {
        requireOpen();
        if (stalled && (ready & SelectionKey.OP_WRITE) != 0) {
            key.interestOps(SelectionKey.OP_READ);
            resume();
        }
        if ((ready & SelectionKey.OP_READ) != 0) {
            handOut(frames);
            for (int round = 1; round < READS_MAX && inbound.mayHaveMore(); round++) {
                handOut(frames);
            }
        }
    }

    /** Answers bring the next requests of those who are answered: they are sent together when all have been handed out. */
    private void handOut(Inbound.Frames frames) throws IOException, MalformedFrameException {
        handingOut = true;
        try {
            inbound.read(frames);
        } finally {
            handingOut = false; // pairs with flush(): what was left to us was queued before
        }
        flushNow();
    }

    private void resume() {
        writing.lock();
        try {
            stalled = false;
            send();
        } finally {
            writing.unlock();
        }
    }

    /** Bytes that the socket took; final once the connection is closed. */
    long writtenBytes() {
        writing.lock();
        try {
            return writtenBytes;
        } finally {
            writing.unlock();
        }
    }

    /** Closes the socket; nothing is written afterwards. */
    @Override
    public void close() throws IOException {
        writing.lock();
        try {
            closed = true;
        } finally {
            writing.unlock();
        }
        try {
            channel.close();
        } finally {
            selector.wakeup(); // a caller who reads leaves
        }
    }
}
