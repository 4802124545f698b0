package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Reply.Committed.Version;
import netmem.api.wire.ReplyCodec;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that watches and takes nothing for a while: what changed meanwhile is held back, and told as soon as there is room, whatever finds that out. */
@Timeout(30)
class SlowWatcherTest {
    private static final int ROOM_BYTES = 1 << 10;

    private final FuzzServer server = new FuzzServer();
    private final Stopper stopper = new Stopper();
    private final EmbeddedChannel watcher = connect(stopper);
    private final EmbeddedChannel writer = connect(new Stopper());
    private long lastSequence;

    /** Keeps what is flushed from going on, like a socket that is full. */
    private static final class Stopper extends ChannelOutboundHandlerAdapter {
        boolean closed;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!closed) {
                ctx.flush();
            }
        }
    }

    private EmbeddedChannel connect(Stopper between) {
        EmbeddedChannel channel = new EmbeddedChannel(between);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(ROOM_BYTES / 2, ROOM_BYTES));
        channel.pipeline().addLast(server.selector());
        channel.writeInbound(Unpooled.wrappedBuffer(FuzzFrames.preface()));
        channel.writeInbound(Unpooled.wrappedBuffer(FuzzFrames.hello(SessionId.NONE, FuzzServer.INCARNATION)));
        assertInstanceOf(Reply.Welcome.class, taken(channel).getFirst());
        return channel;
    }

    @AfterEach
    void close() {
        stopper.closed = false;
        watcher.finishAndReleaseAll();
        writer.finishAndReleaseAll();
        server.close();
    }

    private void send(EmbeddedChannel channel, Request request) {
        byte[] frame = new byte[RequestCodec.frameBytes(request)];
        RequestCodec.encode(request, FrameHeader.requestId(0, ++lastSequence), FuzzFrames.little(frame));
        channel.writeInbound(Unpooled.wrappedBuffer(frame));
    }

    private static List<Reply> taken(EmbeddedChannel channel) {
        channel.runPendingTasks();
        List<Reply> replies = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes).release();
            ByteBuffer frames = FuzzFrames.little(bytes);
            while (frames.hasRemaining()) {
                int length = (int) FrameHeader.length(frames, frames.position());
                try {
                    replies.add(ReplyCodec.decode(
                            frames.slice(frames.position(), length).order(frames.order())));
                } catch (MalformedFrameException e) {
                    throw new AssertionError(e);
                }
                frames.position(frames.position() + length);
            }
        }
        return replies;
    }

    private void change(long page) {
        ByteBuffer data = FuzzFrames.little(new byte[] {1});
        send(writer, new Request.Write(page, 0, 0, 0, false, Ranges.of(0, 1), data));
        assertInstanceOf(Reply.Written.class, taken(writer).getFirst());
    }

    /** The watcher asks for more than there is room for, and takes nothing. */
    private void fillUp() {
        stopper.closed = true;
        Request.ReadMany.Entry entry = new Request.ReadMany.Entry(1, 0, 0, FuzzFrames.PAGE);
        send(watcher, new Request.ReadMany(false, Collections.nCopies(20, entry)));
        assertFalse(watcher.isWritable());
        assertEquals(List.of(), taken(watcher));
    }

    private static void assertTold(List<Reply> replies, Version... pages) {
        assertInstanceOf(Reply.DataMany.class, replies.getFirst());
        assertEquals(List.of(new Reply.Changed(List.of(pages))), replies.subList(1, replies.size()));
    }

    @Test
    void room_foundByTheSocket_bringsWhatWasHeldBack() {
        send(watcher, new Request.Watch(0, 2, List.of()));
        assertEquals(List.of(new Reply.Done()), taken(watcher));
        fillUp();
        change(0);
        change(1);
        change(0);
        assertEquals(List.of(), taken(watcher));
        assertEquals(2, server.counter("changes-unsent"));

        stopper.closed = false;
        watcher.flush();

        assertTold(taken(watcher), new Version(0, 3), new Version(1, 2));
        assertEquals(0, server.counter("changes-unsent"));
    }

    @Test
    void room_foundWhileReading_bringsWhatWasHeldBack() {
        send(watcher, new Request.Watch(0, 2, List.of()));
        taken(watcher);
        fillUp();
        change(0);
        assertEquals(List.of(), taken(watcher));

        stopper.closed = false;
        watcher.writeInbound(Unpooled.wrappedBuffer(new byte[] {44}));

        assertTrue(watcher.isWritable());
        assertTold(taken(watcher), new Version(0, 2));
    }

    @Test
    void replyThatMeetsNoRoom_bringsNotificationsBeforeItself() {
        send(watcher, new Request.Watch(0, 1, List.of()));
        taken(watcher);
        send(watcher, new Request.AwaitNewer(0, 1, 1000));
        fillUp();
        change(0);

        stopper.closed = false;
        watcher.flush();

        List<Reply> replies = taken(watcher);
        assertEquals(
                List.of(new Reply.Changed(List.of(new Version(0, 2))), new Reply.Written(2)),
                replies.subList(1, replies.size()));
    }

    @Test
    void watcher_tooFarBehind_isCut() {
        send(watcher, new Request.Watch(0, FuzzFrames.PAGES, List.of()));
        taken(watcher);
        fillUp();
        for (int page = 0; page < FuzzFrames.PAGES; page++) {
            change(page);
        }
        assertEquals(0, server.counter("watches"), "more than " + FuzzServer.LIMITS.changesUnsentMax());

        stopper.closed = false;
        watcher.flush();

        List<Reply> replies = taken(watcher);
        Reply.Failed cut = assertInstanceOf(Reply.Failed.class, replies.getLast());
        assertEquals(Status.BUSY, cut.status());
        assertEquals(2, server.counter("sessions"), "the session goes on");
    }
}
