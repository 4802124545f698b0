package netmem.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that the connections of an event loop use in turn: one that sockets are read into, and a few that replies, and long frames, are gathered in. Confined to its event loop.
 *
 * <p>A buffer is lent with a reference of the borrower's own, and is free again when that has been released: for replies, when the socket took them all. There is a fixed number, so that
 * clients who do not take their replies, or do not send the rest of a frame, hold a bounded part of memory; who finds none free allocates what it needs.
 */
final class LoopBuffers {
    /** Room before what a read brings, for the beginning of a frame that the read before it left. */
    static final int HEADROOM_BYTES = 32 << 10;

    /** The batch that is run at once, and the replies that are sent at once: a few tens of pages of a usual length. */
    private static final int BYTES = 256 << 10;

    /** Two pages of the greatest length, and what goes with them. */
    private static final int BYTES_MAX = (2 << 20) + BYTES;

    private static final int LENT_MAX = 8;

    /** What a socket read brings where memory is short. */
    private static final int LITTLE_BYTES = 8 << 10;

    private final @Nullable ByteBuf[] lent = new @Nullable ByteBuf[LENT_MAX];
    private @Nullable ByteBuf incoming;
    private @Nullable ByteBuf incomingLittle;

    /** What the buffers of so many loops take at most. */
    static long bytesMax(int loops) {
        return loops * (long) (2 * HEADROOM_BYTES + LITTLE_BYTES + BYTES + LENT_MAX * BYTES_MAX);
    }

    /** An empty buffer with its headroom, to be used up before the socket read is over; null when it is not free. */
    @Nullable
    ByteBuf incoming() {
        if (incoming == null) {
            incoming = direct(HEADROOM_BYTES + BYTES);
        }
        return free(incoming);
    }

    /** The same for a short read. */
    @Nullable
    ByteBuf incomingLittle() {
        if (incomingLittle == null) {
            incomingLittle = direct(HEADROOM_BYTES + LITTLE_BYTES);
        }
        return free(incomingLittle);
    }

    private static @Nullable ByteBuf free(ByteBuf buffer) {
        return buffer.refCnt() > 1
                ? null
                : buffer.setIndex(HEADROOM_BYTES, HEADROOM_BYTES).retain();
    }

    /** An empty buffer for at least so many bytes, which does not grow; null when none is free, or that is too long for one. It stays as long as it was once asked to be. */
    @Nullable
    ByteBuf lend(int bytes) {
        for (int i = 0; i < LENT_MAX && bytes <= BYTES_MAX; i++) {
            ByteBuf buffer = lent[i];
            if (buffer == null || buffer.refCnt() == 1) {
                if (buffer == null || buffer.capacity() < bytes) {
                    buffer = direct(Math.max(bytes, BYTES));
                    lent[i] = buffer;
                }
                return buffer.clear().retain();
            }
        }
        return null;
    }

    /** Freed by the collector with the loop. */
    private static ByteBuf direct(int bytes) {
        return Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(bytes));
    }
}
