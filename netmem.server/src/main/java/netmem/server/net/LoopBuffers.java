package netmem.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that the connections of an event loop use in turn: one that sockets are read into, and a few that replies are gathered in. Confined to its event loop.
 *
 * <p>A buffer is lent with a reference of the borrower's own, and is free again when that has been released: for replies, when the socket took them all. There is a fixed number, so that
 * clients who do not take their replies hold a bounded part of memory; who finds none free allocates what it needs.
 */
final class LoopBuffers {
    /** Room before what a read brings, for the beginning of a frame that the read before it left. */
    static final int HEADROOM_BYTES = 32 << 10;

    /** The batch that is run at once, and the replies that are sent at once: a few tens of pages of a usual length. */
    private static final int BYTES = 256 << 10;

    private static final int OUTGOING_MAX = 4;

    private final @Nullable ByteBuf[] outgoing = new @Nullable ByteBuf[OUTGOING_MAX];
    private @Nullable ByteBuf incoming;

    /** An empty buffer with its headroom, to be used up before the socket read is over; null when it is not free. */
    @Nullable
    ByteBuf incoming() {
        if (incoming == null) {
            incoming = direct(HEADROOM_BYTES + BYTES);
        }
        return incoming.refCnt() > 1
                ? null
                : incoming.setIndex(HEADROOM_BYTES, HEADROOM_BYTES).retain();
    }

    /** An empty buffer for at least so many bytes, which does not grow; null when none is free, or long enough. */
    @Nullable
    ByteBuf outgoing(int bytes) {
        if (bytes > BYTES) {
            return null;
        }
        for (int i = 0; i < OUTGOING_MAX; i++) {
            ByteBuf buffer = outgoing[i];
            if (buffer == null) {
                buffer = direct(BYTES);
                outgoing[i] = buffer;
            }
            if (buffer.refCnt() == 1) {
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
