package netmem.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import netmem.api.wire.Preface;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;

/**
 * The bytes that go out on one connection. Callers append frames to one buffer and whoever gets hold of the writing lock
 * sends what has gathered, so that callers who come at the same time share a system call. The channel does not block: bytes
 * that the socket does not take are left to whoever reads. Shared.
 *
 * <pre>
 *   field                            access         guard
 *   gathering, appendedBytes, full   read, write    the client's lock
 *   queued, crowded                  volatile       written under the client's lock
 *   handingOut                       volatile       written by whoever has the duty to read
 *   gathers                          volatile       written by callers on virtual threads, for each other only
 *   sending, writtenBytes            read, write    writing
 *   stalled                          volatile       written under writing
 *   resumptions                      volatile       written under writing
 *   closed                           volatile       only ever set, by anybody
 *   lock order: the duty to read, writing, then the client's lock
 * </pre>
 *
 * No bytes are left behind: who appends sets {@code queued} before trying the writing lock, and who holds that looks at
 * {@code queued} again after letting it go. Who leaves them to another has seen {@code handingOut} or {@code gathers} set after
 * {@code queued}; whoever sets one resets it first and looks at {@code queued} then. Platform threads do not rely on a
 * virtual one, which may have to wait for a carrier.
 */
final class Outbound implements FrameSink {
    /** Bytes that wait for the socket; a longer frame waits alone. */
    private static final int GATHERED_BYTES_MAX = 256 << 10;

    private final Exchange exchange;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Consumer<IOException> failed;
    private final ReentrantLock writing = new ReentrantLock();
    private final Buffers buffers;
    private ByteBuffer gathering;
    private ByteBuffer sending;
    private long appendedBytes;
    private boolean full;
    private long writtenBytes;
    private volatile boolean queued;
    private volatile boolean crowded;
    private volatile boolean handingOut;
    private volatile boolean gathers;
    private volatile boolean stalled;
    private volatile boolean closed;
    private volatile int resumptions;

    /** The exchange is told under its lock when there is room again for what did not fit; {@code failed} when the socket fails. */
    Outbound(
            Exchange exchange, Buffers buffers, SocketChannel channel, SelectionKey key, Consumer<IOException> failed) {
        this.exchange = exchange;
        this.buffers = buffers;
        this.gathering = buffers.gathering();
        this.sending = buffers.sending().limit(0);
        this.channel = channel;
        this.key = key;
        this.failed = failed;
    }

    /** Appends what comes before the first frame; under the client's lock. */
    void appendPreface() {
        Preface.put(gathering);
        appendedBytes += Preface.BYTES;
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
        makeRoom(frameBytes);
        int start = gathering.position();
        try {
            RequestCodec.encode(request, requestId, gathering);
            crowded = exchange.core.isCrowded();
        } catch (Throwable e) {
            gathering.position(start); // half a frame would make the next one its data
            throw e;
        }
        appendedBytes += frameBytes;
        queued = true;
        return appendedBytes;
    }

    /** Grows what gathers, if need be; where there is no memory for that, nothing has changed. */
    private void makeRoom(int frameBytes) {
        if (gathering.remaining() < frameBytes) {
            int bytes = gathering.position() + frameBytes;
            ByteBuffer larger = Buffers.direct(Math.max(bytes, Math.min(2 * gathering.capacity(), GATHERED_BYTES_MAX)));
            gathering = larger.put(gathering.flip());
            buffers.keepOutgoing(gathering, sending);
        }
    }

    /** Sends what has gathered, or leaves it to somebody who is about to. Does not block. */
    void flush() {
        boolean virtual = Thread.currentThread().isVirtual();
        if (handingOut || (virtual && gathers)) { // pairs with endHandingOut() and gather(): they flush after this look
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

    /** Whoever reads is about to hand out answers, which bring the next requests: these are sent together, by the reader. */
    void beginHandingOut() {
        handingOut = true;
    }

    void endHandingOut() {
        handingOut = false; // pairs with flush(): what was left to us was queued before
        flushNow();
    }

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
                    key.selector().wakeup();
                    return;
                }
            }
        } catch (IOException | CancelledKeyException e) {
            failed.accept(new IOException("write failed", e));
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
            buffers.keepOutgoing(gathering, sending);
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

    /** Goes on where the socket took no more; it is ready to. Called by whoever reads. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under writing
    void resume() {
        if (!stalled) {
            return;
        }
        key.interestOps(SelectionKey.OP_READ);
        writing.lock();
        try {
            stalled = false;
            resumptions++; // pairs with resumptions(): one writer at a time, under writing
            send();
        } finally {
            writing.unlock();
        }
    }

    /** Counts how often the socket was full and took more again. */
    int resumptions() {
        return resumptions; // pairs with resume()
    }

    /** Bytes that the socket took; final once closed under the lock. */
    long writtenBytes() {
        writing.lock();
        try {
            return writtenBytes;
        } finally {
            writing.unlock();
        }
    }

    /** Nothing more is sent, but for what is being sent. */
    void stop() {
        closed = true;
    }

    boolean isStopped() {
        return closed;
    }

    /** Nothing is sent afterwards. */
    void close() {
        writing.lock();
        try {
            closed = true;
        } finally {
            writing.unlock();
        }
    }
}
