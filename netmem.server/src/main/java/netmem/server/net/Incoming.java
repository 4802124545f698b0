package netmem.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a connection that were received and not yet used. Confined to the connection's event loop.
 *
 * <p>The channel reads into the loop's buffer, and the frames that came whole are used there. What is left over after that is moved to a buffer of the connection's own; the rest of a long frame is read
 * right behind it, while a short beginning is put before what comes next.
 */
final class Incoming {
    /** A buffer of the connection's own is at most so many times as long as what its client has sent of a frame. */
    private static final int GROWTH = 4;

    /** Reads of a socket before others have their turn. */
    private static final int READS_MAX = 4;

    private final LoopBuffers loop;
    private final IncomingBudget budget;
    private final IncomingBudget.Share share;
    private Runnable granted = () -> {};

    /** Whether something was asked of the budget; so nothing is asked of it for what comes whole. */
    private boolean asked;

    private @Nullable ByteBuf bytes;

    /** Whether the bytes are in a buffer of the connection's own, not in the loop's. */
    private boolean own;

    Incoming(LoopBuffers loop, IncomingBudget budget) {
        this.loop = loop;
        this.budget = budget;
        this.share = budget.share(this::tellGranted);
    }

    private void tellGranted() {
        granted.run();
    }

    /**
     * What is called, on any thread, when the frame that waits has its share: reading may go on. Set once, before the
     * first frame.
     */
    void whenGranted(Runnable told) {
        granted = told;
    }

    /** Whether the frame that has begun waits for its share of memory, so that the socket is not to be read. */
    boolean isWaiting() {
        return asked && share.isWaiting();
    }

    /** Tells the channel where its next read goes. */
    final class Room extends DefaultMaxMessagesRecvByteBufAllocator {
        Room() {
            super(READS_MAX);
        }

        @Override
        @SuppressWarnings("deprecation") // the type that the channel asks for
        public Handle newHandle() {
            return new MaxMessageHandle() {
                @Override
                public int guess() {
                    return LoopBuffers.HEADROOM_BYTES;
                }

                @Override
                public ByteBuf allocate(ByteBufAllocator allocator) {
                    return room(allocator);
                }
            };
        }
    }

    ByteBuf room(ByteBufAllocator allocator) {
        ByteBuf kept = bytes;
        if (kept != null && kept.readableBytes() > LoopBuffers.HEADROOM_BYTES && kept.isWritable()) {
            return kept.retain();
        }
        ByteBuf shared = budget.isLacking() ? loop.incomingLittle() : loop.incoming();
        return shared != null ? shared : allocator.directBuffer(LoopBuffers.HEADROOM_BYTES);
    }

    /** Appends what a socket read brought; takes the buffer over. */
    void append(ByteBuf received) {
        ByteBuf kept = bytes;
        if (kept == null) {
            bytes = received;
            own = false;
        } else if (isSame(kept, received)) {
            received.release();
        } else if (kept.readableBytes() <= received.readerIndex()) {
            int start = received.readerIndex() - kept.readableBytes();
            received.setBytes(start, kept, kept.readerIndex(), kept.readableBytes());
            kept.release();
            bytes = received.readerIndex(start);
            own = false;
        } else {
            try {
                if (kept.maxFastWritableBytes() < received.readableBytes()) {
                    kept = moved(kept, kept.readableBytes() + received.readableBytes());
                }
                kept.writeBytes(received);
            } finally {
                received.release();
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // equal buffers have the same bytes, here it is about the same memory
    private static boolean isSame(ByteBuf one, ByteBuf other) {
        return one == other;
    }

    private ByteBuf moved(ByteBuf kept, int capacity) {
        ByteBuf lent = capacity > IncomingBudget.SHORT_BYTES ? loop.lend(capacity) : null;
        ByteBuf larger = lent != null ? lent : allocated(capacity);
        larger.writeBytes(kept);
        kept.release();
        bytes = larger;
        own = true;
        return larger;
    }

    /** Outside of Netty's pools, so that what it takes is what was counted. */
    private static ByteBuf allocated(int capacity) {
        return capacity > IncomingBudget.SHORT_BYTES
                ? Unpooled.directBuffer(capacity, capacity)
                : Unpooled.buffer(capacity, capacity);
    }

    /**
     * Moves what is left over out of the loop's buffer, and asks for its share of memory; to be called before the
     * channel's read is over, and when frames were run. {@code frameBytes} is the length of the frame that it begins,
     * 0 when that is not known yet.
     *
     * @return false when there is no memory for what is left over; it is dropped, and the connection cannot go on
     */
    boolean keep(long frameBytes) {
        ByteBuf left = bytes;
        if (left == null) {
            return true;
        }
        int have = left.readableBytes();
        asked = true;
        boolean granted = share.ask(Math.max(have, frameBytes));
        if (!granted && !share.countBeside(have)) {
            release();
            return false;
        }
        if (!granted) {
            if (!own || left.capacity() > have) {
                moved(left, have);
            }
        } else if (!own || (!left.isWritable() && frameBytes > have)) {
            moved(left, (int) Math.max(have, Math.min(frameBytes, (long) GROWTH * have)));
        }
        return true;
    }

    /** Length of the buffer that is in use, 0 for none. */
    int capacity() {
        return bytes == null ? 0 : bytes.capacity();
    }

    int available() {
        return bytes == null ? 0 : bytes.readableBytes();
    }

    /** A view of the next bytes, from its position to its limit, good until the next call. */
    ByteBuffer view(int length, ByteOrder order) {
        ByteBuf kept = bytes;
        if (kept == null || kept.readableBytes() < length) {
            throw new IllegalStateException("bytes: " + available() + " (expected: >= " + length + ")");
        }
        return kept.internalNioBuffer(kept.readerIndex(), length).order(order);
    }

    /** Moves past bytes that were used. */
    void skip(int length) {
        ByteBuf kept = bytes;
        if (kept != null) {
            kept.skipBytes(length);
            if (!kept.isReadable()) {
                release();
            }
        }
    }

    void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
            if (asked) {
                asked = false;
                share.giveBack();
            }
        }
    }
}
