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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Preface;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection. Callers append frames to one buffer and whoever gets hold of the writing lock sends what has
 * gathered, so that callers who come at the same time share a system
 * call; one thread reads. The channel does not block: a caller whose bytes the socket does not take leaves them to the
 * reader, and an interrupt cannot close the channel under others. Shared.
 *
 * <pre>
 *   field                            access         guard
 *   gathering, appendedBytes, full   read, write    the client's lock
 *   queued                           volatile       written under the client's lock
 *   sending, writtenBytes            read, write    writing
 *   stalled, closed, error           volatile       written under writing
 *   in, ready                        read, write    confined to the reader
 *   lock order: writing, then the client's lock
 * </pre>
 *
 * No bytes are left behind: who appends sets {@code queued} before trying the writing lock, and who holds that looks at
 * {@code queued} again after letting it go.
 */
final class Connection implements FrameSink, AutoCloseable {
    /** Takes the frames that come in; runs on the reader's thread. */
    interface Frames {
        /** One whole frame from the buffer's position to its limit; the buffer is valid during the call. */
        void frame(ByteBuffer frame) throws IOException, MalformedFrameException;
    }

    private static final int BUFFER_BYTES = 64 << 10;

    /** Bytes that wait for the socket; a longer frame waits alone. */
    private static final int GATHERED_BYTES_MAX = 256 << 10;

    private static final int READS_MAX = 16;

    private final ReentrantLock clientLock;
    private final Runnable drained;
    private final Selector selector;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Consumer<SelectionKey> selected = this::selected;
    private final ReentrantLock writing = new ReentrantLock();
    private ByteBuffer gathering = buffer(BUFFER_BYTES);
    private ByteBuffer sending = buffer(BUFFER_BYTES).limit(0);
    private ByteBuffer in = buffer(BUFFER_BYTES);
    private long appendedBytes;
    private boolean full;
    private long writtenBytes;
    private long frameBytesMax = WireLimits.GREETING_FRAME_BYTES_MAX;
    private volatile boolean queued;
    private volatile boolean stalled;
    private volatile boolean closed;
    private volatile @Nullable Exception error;
    private int ready;

    /**
     * Begins to connect; {@code drained} is called under the client's lock when there is room again for what did not
     * fit.
     */
    Connection(InetSocketAddress to, Selector selector, ReentrantLock clientLock, Runnable drained) throws IOException {
        this.clientLock = clientLock;
        this.drained = drained;
        this.selector = selector;
        channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean done = channel.connect(to);
            key = channel.register(selector, done ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Waits until the socket is ready, somebody wakes the selector, or the time is over. */
    void await(long millis) throws IOException {
        ready = 0;
        selector.select(selected, Math.max(1, millis));
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
        clientLock.lock();
        try {
            gathering.putInt(Preface.MAGIC).putShort((short) Preface.VERSION).putShort((short) Preface.VERSION);
            appendedBytes += Preface.BYTES;
            append(hello, 0);
        } finally {
            clientLock.unlock();
        }
        flush();
    }

    /** The greeting is over: longer frames may come. */
    void opened(int bytesMax) {
        frameBytesMax = bytesMax;
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
        return appendedBytes;
    }

    /** A buffer with the source's bytes and room for so many in all. */
    private static ByteBuffer grown(ByteBuffer source, int bytes) {
        return buffer(Math.max(bytes, Math.min(2 * source.capacity(), GATHERED_BYTES_MAX)))
                .put(source);
    }

    /** Sends what has gathered, unless somebody else is at it. Does not block. */
    void flush() {
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
            failed(e);
        }
    }

    /** Fetches what has gathered once all before it is sent; false when there is nothing. */
    private boolean take() {
        if (sending.hasRemaining()) {
            return true;
        }
        clientLock.lock();
        try {
            ByteBuffer filled = gathering.flip();
            gathering = sending.clear();
            sending = filled;
            queued = false;
            if (full) {
                full = false;
                drained.run();
            }
            return sending.hasRemaining();
        } finally {
            clientLock.unlock();
        }
    }

    /** Writing failed: the reader finds the channel closed and starts again. */
    private void failed(Exception cause) {
        error = cause;
        closed = true;
        selector.wakeup();
    }

    /** Serves the socket after {@link #await}: reads all that is there and goes on with what could not be written. */
    void serve(Frames frames) throws IOException, MalformedFrameException {
        if (closed) {
            throw new IOException("write failed", error);
        }
        if (stalled && (ready & SelectionKey.OP_WRITE) != 0) {
            key.interestOps(SelectionKey.OP_READ);
            resume();
        }
        if ((ready & SelectionKey.OP_READ) != 0) {
            read(frames);
        }
        // Replies may have brought something to send.
        flush();
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

    /** Reads until the socket has no more, or often enough that other things must have their turn. */
    private void read(Frames frames) throws IOException, MalformedFrameException {
        boolean more = true;
        for (int round = 0; more && round < READS_MAX; round++) {
            int count = channel.read(in);
            if (count < 0) {
                throw new IOException("the server closed the connection");
            }
            more = !in.hasRemaining();
            in.flip();
            split(frames);
        }
    }

    /** Hands out the whole frames in the buffer and keeps the rest, with room for the frame that it begins. */
    private void split(Frames frames) throws IOException, MalformedFrameException {
        int end = in.limit();
        long length = 0;
        while (in.remaining() >= Integer.BYTES) {
            int start = in.position();
            length = FrameHeader.length(in, start);
            MalformedFrameException violation = FrameHeader.lengthViolation(length, frameBytesMax);
            if (violation != null) {
                throw violation;
            }
            if (length > in.remaining()) {
                break;
            }
            int next = start + (int) length;
            length = 0;
            try {
                frames.frame(in.limit(next));
            } finally {
                in.limit(end).position(next);
            }
        }
        if (length > in.capacity()) {
            in = grown(in, (int) length);
        } else {
            in.compact();
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
        channel.close();
    }
}
