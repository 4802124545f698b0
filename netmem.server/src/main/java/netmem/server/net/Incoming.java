package netmem.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The bytes of a connection that were received and not yet used. Confined to the connection's event loop. */
final class Incoming {
    private @Nullable ByteBuf bytes;

    /** Appends what a socket read brought; takes the buffer over. */
    void append(ByteBufAllocator allocator, ByteBuf received) {
        ByteBuf kept = bytes;
        if (kept == null) {
            bytes = received;
            return;
        }
        try {
            if (kept.maxFastWritableBytes() < received.readableBytes()) {
                kept = grown(allocator, kept, received.readableBytes());
            }
            kept.writeBytes(received);
            bytes = kept;
        } finally {
            received.release();
        }
    }

    private static ByteBuf grown(ByteBufAllocator allocator, ByteBuf kept, int more) {
        ByteBuf larger = allocator.directBuffer(Math.max(2 * kept.readableBytes(), kept.readableBytes() + more));
        larger.writeBytes(kept);
        kept.release();
        return larger;
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
