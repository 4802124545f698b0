package netmem.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import netmem.api.Status;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import netmem.server.log.Log;
import org.jspecify.annotations.Nullable;

/** The bytes that a connection has to say, gathered into few writes. Confined to the connection's event loop. */
final class Outgoing {
    private static final Log LOG = Log.limited(Outgoing.class);

    /** Bytes gathered before they are handed to the channel, which counts them against its limit. */
    private static final int GATHER_BYTES = 128 << 10;

    /** Buffers that are not the loop's, of one batch beside its last reply: each is twice as long as the one before. */
    static final int BATCH_BYTES_MAX = 2 * GATHER_BYTES;

    /** The same where the memory for all connections is spent. */
    private static final int GATHER_BYTES_SPENT = 8 << 10;

    private static final int BUFFER_BYTES = 512;

    private final ChannelHandlerContext context;
    private final LoopBuffers loop;
    private final OutgoingBudget budget;
    private final Runnable drained;
    private @Nullable ByteBuf buffer;
    private int reserved;
    private boolean flushDue;

    /** As the channel counts them, its own cost of each write included. */
    private long handedBytes;

    /** What the budget has of this connection's bytes under way. */
    private long countedBytes;

    private boolean awaited;

    private int gatherBytes = GATHER_BYTES;

    /**
     * Length of the next buffer that is not the loop's, before what it must hold is looked at; each is twice as long
     * as the one before.
     */
    private int nextBytes = BUFFER_BYTES;

    /** What the budget has of this connection's memory. */
    private long memoryBytes;

    /** Of that, what has left when those have who are awaited. */
    private long awaitedMemoryBytes;

    /** {@code drained} is called, on the event loop, each time that what was under way has left. */
    Outgoing(ChannelHandlerContext context, LoopBuffers loop, OutgoingBudget budget, Runnable drained) {
        this.context = context;
        this.loop = loop;
        this.budget = budget;
        this.drained = drained;
    }

    /** Whether the client takes its replies well enough that more may be made for it. */
    boolean isOpen() {
        return context.channel().isWritable() && (countedBytes == 0 || !budget.isSpent());
    }

    /** Bytes that have left so far: whoever sees it stand still sees a client that takes nothing. */
    long sentBytes() {
        return handedBytes - underWayBytes();
    }

    /** What the channel has and the socket did not take yet; nothing of a closed channel. */
    private long underWayBytes() {
        ChannelOutboundBuffer held = context.channel().unsafe().outboundBuffer();
        return held == null ? 0 : held.totalPendingWriteBytes();
    }

    /** Room for this many bytes; {@link #advance} says how many were used. The view is good until then. */
    ByteBuffer reserve(int bytes, ByteOrder order) {
        if (buffer != null && buffer.maxWritableBytes() < bytes) {
            hand();
        }
        ByteBuf out = buffer == null ? fresh(bytes) : buffer;
        buffer = out;
        out.ensureWritable(bytes);
        reserved = bytes;
        return out.internalNioBuffer(out.writerIndex(), bytes).order(order);
    }

    private ByteBuf fresh(int bytes) {
        gatherBytes = budget.isSpent() ? GATHER_BYTES_SPENT : GATHER_BYTES;
        ByteBuf shared = loop.lend(bytes);
        if (shared != null) {
            return shared;
        }
        int capacity = Math.max(bytes, Math.min(nextBytes, gatherBytes));
        nextBytes = 2 * Math.min(capacity, GATHER_BYTES);
        ByteBuf own = Unpooled.directBuffer(capacity, capacity);
        memoryBytes += capacity;
        budget.addMemory(capacity);
        return own;
    }

    private void giveBack(long memory) {
        if (memory != 0) {
            memoryBytes -= memory;
            budget.addMemory(-memory);
        }
    }

    /** Keeps the first bytes of what was reserved. */
    void advance(int bytes) {
        ByteBuf out = buffer;
        if (out == null || bytes > reserved) {
            throw new IllegalStateException("bytes: " + bytes + " (expected: <= " + reserved + ", reserved before)");
        }
        out.writerIndex(out.writerIndex() + bytes);
        if (out.readableBytes() >= gatherBytes) {
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

    /** Appends the reply to a WRITE that was done. */
    void written(long requestId, long version) {
        ByteBuffer room = reserve(ReplyCodec.VERSION_BYTES, ByteOrder.LITTLE_ENDIAN);
        ReplyCodec.putVersion(room, Opcode.WRITE, requestId, Status.OK, version, 0);
        advance(ReplyCodec.VERSION_BYTES);
    }

    /** Hands what was gathered to the channel, without flushing. */
    private void hand() {
        write();
        count();
        flushDue = true;
    }

    /** Whether so much was handed over since the last flush that it should leave before more is gathered, while its bytes are in the processor's cache. */
    boolean isFlushDue() {
        return flushDue;
    }

    /** Hands over and flushes. Where the socket takes all at once, as it mostly does, nothing is counted and nobody is told: no garbage. */
    void flush() {
        write();
        flushDue = false;
        context.flush();
        count();
        nextBytes = BUFFER_BYTES;
        if (countedBytes == 0) {
            giveBack(memoryBytes);
        } else if (memoryBytes != 0 && budget.isFull()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a connection is cut: its client does not take its replies at once, and"
                            + " those of all clients take all memory that there is for them (20 times outgoing-max)");
            context.close();
        } else {
            awaitLeft();
        }
    }

    private void write() {
        ByteBuf out = buffer;
        if (out != null) {
            buffer = null;
            long before = underWayBytes();
            context.write(out, context.voidPromise());
            handedBytes += underWayBytes() - before;
        }
    }

    private void count() {
        long underWay = underWayBytes();
        if (underWay != countedBytes) {
            budget.add(underWay - countedBytes);
            countedBytes = underWay;
        }
    }

    /** Sends an empty buffer after what is under way, to be told when that has left or was dropped. */
    private void awaitLeft() {
        if (countedBytes == 0 || awaited) {
            return;
        }
        awaited = true;
        awaitedMemoryBytes = memoryBytes;
        long before = underWayBytes();
        ChannelFuture last = context.write(Unpooled.EMPTY_BUFFER);
        handedBytes += underWayBytes() - before;
        // Later, since the channel tells first and then takes the buffer off its count.
        last.addListener(_ -> context.channel().eventLoop().execute(new Guarded(context, this::left)));
        context.flush();
    }

    private void left() {
        awaited = false;
        giveBack(Math.min(awaitedMemoryBytes, memoryBytes));
        count();
        if (countedBytes == 0) {
            drained.run();
        } else {
            awaitLeft();
        }
    }

    /** Drops what was not handed over; the connection is gone. */
    void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
        count();
        giveBack(memoryBytes);
    }
}
