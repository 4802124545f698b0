package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;

/** One client's end of a pipeline, with an allocator of its own whose bytes are counted exactly. Confined to one thread. */
final class FuzzPeer {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final EmbeddedChannel channel;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    /** A reply frame's request id and value. */
    record Answered(long requestId, Reply reply) {}

    FuzzPeer(ChannelHandler selector) {
        channel = new EmbeddedChannel(selector);
        channel.config().setAllocator(allocator);
    }

    boolean isOpen() {
        return channel.isActive();
    }

    /** Sends bytes in pieces of any length; what the server says meanwhile is kept. */
    void send(byte[] bytes, Random random) {
        for (int at = 0; at < bytes.length && isOpen(); ) {
            int length = random.nextInt(3) == 0
                    ? 1 + random.nextInt(Math.min(bytes.length - at, 20))
                    : 1 + random.nextInt(bytes.length - at);
            ByteBuf piece = random.nextBoolean() ? allocator.directBuffer(length) : allocator.heapBuffer(length);
            channel.writeInbound(piece.writeBytes(bytes, at, length));
            at += length;
            take();
        }
    }

    /** Runs what other connections' requests did to this one. */
    void settle() {
        channel.runPendingTasks();
        take();
    }

    private void take() {
        channel.checkException();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes).release();
            received.writeBytes(bytes);
        }
    }

    /** All replies so far, which must be whole frames. */
    List<Answered> answers() {
        byte[] all = received.toByteArray();
        List<Answered> answers = new ArrayList<>();
        for (int at = 0; at < all.length; ) {
            assertTrue(all.length - at >= FrameHeader.BYTES, "a whole header");
            long length = FrameHeader.length(FuzzFrames.little(all), at);
            assertTrue(length >= FrameHeader.BYTES && length <= all.length - at, "length: " + length);
            ByteBuffer frame = FuzzFrames.little(Arrays.copyOfRange(all, at, at + (int) length));
            long requestId = FrameHeader.requestId(frame, 0);
            try {
                answers.add(new Answered(requestId, ReplyCodec.decode(frame)));
            } catch (MalformedFrameException e) {
                throw new AssertionError(e);
            }
            at += (int) length;
        }
        return answers;
    }

    /** The connection is lost; not one byte may be left over. */
    void close() {
        channel.finishAndReleaseAll();
        channel.checkException();
        assertEquals(0, allocator.metric().usedDirectMemory(), "direct bytes left");
        assertEquals(0, allocator.metric().usedHeapMemory(), "heap bytes left");
    }
}
