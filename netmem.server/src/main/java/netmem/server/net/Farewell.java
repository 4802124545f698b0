package netmem.server.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection: all that was said leaves, then the stream ends, and the socket is closed once the client has closed its side. What still comes in is
 * read and dropped, since closing a socket with unread bytes would destroy the replies that are under way. Confined to the connection's event loop.
 */
final class Farewell {
    /** How long a client may take nothing, or not close its side, before the socket is closed. */
    private static final int LINGER_MILLIS = 2_000;

    private final ChannelHandlerContext context;
    private final Outgoing outgoing;
    private boolean ended;

    private Farewell(ChannelHandlerContext context, Outgoing outgoing) {
        this.context = context;
        this.outgoing = outgoing;
    }

    static void say(ChannelHandlerContext context, Outgoing outgoing) {
        Farewell farewell = new Farewell(context, outgoing);
        outgoing.flush();
        farewell.linger();
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> farewell.endStream());
    }

    /** The client has closed its side: there is nothing more to wait for, once the stream has ended here too. */
    static void answered(ChannelHandlerContext context) {
        if (context.channel() instanceof DuplexChannel duplex && duplex.isOutputShutdown()) {
            context.close();
        }
    }

    /** A client that takes its replies slowly has time; one that takes none, or does not close, has two seconds. */
    private void linger() {
        long sent = outgoing.sentBytes();
        boolean endedBefore = ended;
        context.channel()
                .eventLoop()
                .schedule(
                        new Guarded(context, () -> {
                            if (ended == endedBefore && outgoing.sentBytes() == sent) {
                                context.close();
                            } else if (context.channel().isActive()) {
                                linger();
                            }
                        }),
                        LINGER_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private void endStream() {
        ended = true;
        Channel channel = context.channel();
        if (channel.isActive() && channel instanceof DuplexChannel duplex && !duplex.isInputShutdown()) {
            duplex.shutdownOutput();
            channel.config().setAutoRead(true);
        } else {
            channel.close();
        }
    }
}
