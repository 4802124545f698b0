package netmem.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
    private @Nullable ByteBuf bytes;

    /** Whether the bytes are in a buffer of the connection's own, not in the loop's. */
    private boolean own;

    Incoming(LoopBuffers loop) {
        this.loop = loop;
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
        ByteBuf shared = loop.incoming();
        return shared != null ? shared : allocator.directBuffer(LoopBuffers.HEADROOM_BYTES);
    }

    /** Appends what a socket read brought; takes the buffer over. */
    void append(ByteBufAllocator allocator, ByteBuf received) {
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
                    kept = moved(allocator, kept, 2 * (kept.readableBytes() + received.readableBytes()));
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

    private ByteBuf moved(ByteBufAllocator allocator, ByteBuf kept, int capacity) {
        ByteBuf lent = capacity > LoopBuffers.HEADROOM_BYTES ? loop.lend(capacity) : null;
        ByteBuf larger = lent != null ? lent : allocator.directBuffer(capacity);
        larger.writeBytes(kept);
        kept.release();
        bytes = larger;
        own = true;
        return larger;
    }

    /** Moves what is left over out of the loop's buffer; to be called before the channel's read is over. {@code frameBytes} is the length of the frame that it begins, 0 when that is not known yet. */
    void keep(ByteBufAllocator allocator, long frameBytes) {
        ByteBuf left = bytes;
        if (left != null && (!own || (!left.isWritable() && frameBytes > left.readableBytes()))) {
            int have = left.readableBytes();
            moved(allocator, left, (int) Math.max(have, Math.min(frameBytes, (long) GROWTH * have)));
        }
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
        }
    }
}
