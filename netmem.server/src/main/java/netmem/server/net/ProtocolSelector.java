package netmem.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.concurrent.TimeUnit;
import netmem.api.wire.Preface;
import netmem.server.log.Log;

/**
 * Tells by a connection's first byte which protocol it speaks, and makes way for that. Confined to the connection's event loop.
 *
 * <p>A 0.2 client may connect and send nothing for as long as it likes (old programs that share a cache do so), so a silent connection is closed only
 * where 0.2 clients are not served, for lack of a credential.
 */
final class ProtocolSelector extends ChannelInboundHandlerAdapter {
    private static final Log LOG = Log.limited(ProtocolSelector.class);

    private static final int FIRST_BYTE_02_MAX = Connection02.UPDATE_PAGE;

    private final Service service;
    private final Loop loop;
    private final Incoming incoming;
    private boolean decided;

    ProtocolSelector(Service service, Loop loop) {
        this.service = service;
        this.loop = loop;
        this.incoming = new Incoming(loop.buffers(), service.incomingBudget());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.channel().config().setRecvByteBufAllocator(incoming.new Room());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        int limit = service.config().limits().connectionsMax();
        int open = service.connections().incrementAndGet();
        ctx.channel().closeFuture().addListener(_ -> service.connections().decrementAndGet());
        if (open > limit) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "connections: " + open + " (expected: <= " + limit + "); a new one is closed");
            ctx.close();
        } else if (service.credential().isAsked()) {
            int millis = service.config().limits().greetingMillis();
            ctx.channel()
                    .eventLoop()
                    .schedule(new Guarded(ctx, () -> closeIfSilent(ctx)), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void closeIfSilent(ChannelHandlerContext ctx) {
        if (!decided) {
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        boolean known = false;
        try {
            known = makeWay(ctx, bytes);
        } finally {
            if (!known) {
                bytes.release(); // whatever throws must not keep the loop's buffer
            }
        }
        if (known) {
            ctx.pipeline().fireChannelRead(bytes);
        } else {
            ctx.close();
        }
    }

    /** Puts a connection of the right protocol into its own place; false where there is none. */
    private boolean makeWay(ChannelHandlerContext ctx, ByteBuf bytes) {
        decided = true;
        byte first = bytes.getByte(bytes.readerIndex());
        if (first == Preface.FIRST_BYTE) {
            ConnectionV1 connection = new ConnectionV1(service, loop, incoming);
            ctx.pipeline().replace(this, null, connection);
            connection.startGreetingTimer();
        } else if (first >= 0
                && first <= FIRST_BYTE_02_MAX
                && !service.credential().isAsked()) {
            ctx.pipeline().replace(this, null, new Connection02(service, loop, incoming));
        } else {
            return false;
        }
        return true;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
