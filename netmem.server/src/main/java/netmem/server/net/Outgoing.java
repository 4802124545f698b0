package netmem.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import org.jspecify.annotations.Nullable;

/** The bytes that a connection has to say, gathered into few writes. Confined to the connection's event loop. */
final class Outgoing {
    /** Bytes gathered before they are handed to the channel, which counts them against its limit. */
    private static final int GATHER_BYTES = 32 << 10;

    private static final int BUFFER_BYTES = 512;

    private final ChannelHandlerContext context;
    private final OutgoingBudget budget;
    private final Runnable drained;
    private @Nullable ByteBuf buffer;
    private int reserved;
    private long handedBytes;
    private long sentBytes;

    /** {@code drained} is called, on the event loop, each time that nothing is under way any more. */
    Outgoing(ChannelHandlerContext context, OutgoingBudget budget, Runnable drained) {
        this.context = context;
        this.budget = budget;
        this.drained = drained;
    }

    /** Whether the client takes its replies well enough that more may be made for it. */
    boolean isOpen() {
        return context.channel().isWritable() && (handedBytes == 0 || !budget.isSpent());
    }

    /** Bytes that have left so far: whoever sees it stand still sees a client that takes nothing. */
    long sentBytes() {
        return sentBytes;
    }

    /** Room for this many bytes; {@link #advance} says how many were used. The view is good until then. */
    ByteBuffer reserve(int bytes, ByteOrder order) {
        ByteBuf out = buffer;
        if (out == null) {
            out = context.alloc().directBuffer(Math.max(bytes, BUFFER_BYTES));
            buffer = out;
        }
        out.ensureWritable(bytes);
        reserved = bytes;
        return out.internalNioBuffer(out.writerIndex(), bytes).order(order);
    }

    /** Keeps the first bytes of what was reserved. */
    void advance(int bytes) {
        ByteBuf out = buffer;
        if (out == null || bytes > reserved) {
            throw new IllegalStateException("bytes: " + bytes + " (expected: <= " + reserved + ", reserved before)");
        }
        out.writerIndex(out.writerIndex() + bytes);
        if (out.readableBytes() >= GATHER_BYTES) {
            hand();
        }
    }

    /** Appends a reply of protocol version 1. */
    void reply(Reply reply, int opcode, long requestId) {
        int bytes = ReplyCodec.frameBytes(reply);
        ByteBuffer room = reserve(bytes, ByteOrder.LITTLE_ENDIAN);
        ReplyCodec.encode(reply, opcode, requestId, room);
        advance(bytes);
    }

    /** Hands what was gathered to the channel, without flushing. */
    void hand() {
        ByteBuf out = buffer;
        if (out != null) {
            buffer = null;
            int bytes = out.readableBytes();
            handedBytes += bytes;
            budget.add(bytes);
            context.write(out).addListener(_ -> left(bytes));
        }
    }

    /** The channel has sent them, or dropped them at its end. */
    private void left(int bytes) {
        handedBytes -= bytes;
        sentBytes += bytes;
        budget.add(-bytes);
        if (handedBytes == 0) {
            drained.run();
        }
    }

    /** Hands over and flushes. */
    void flush() {
        hand();
        context.flush();
    }

    /** Drops what was not handed over; the connection is gone. */
    void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
