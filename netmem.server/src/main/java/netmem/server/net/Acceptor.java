package netmem.server.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import netmem.server.log.Log;

/**
 * Stands at the listening channel, before Netty's own acceptor: when no connection can be accepted, mostly for lack of file descriptors (EMFILE,
 * ENFILE), it stops for a moment and tries again. Connections wait in the system's queue meanwhile. Confined to the channel's event loop.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Log LOG = Log.limited(Acceptor.class);

    private static final int PAUSE_MILLIS = 200;

    private boolean pausing;

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (pausing) {
            return;
        }
        pausing = true;
        ctx.channel().config().setAutoRead(false);
        ctx.channel().eventLoop().schedule(() -> goOn(ctx), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        LOG.log(
                System.Logger.Level.WARNING,
                "no connection can be accepted (" + cause.getMessage() + "); tried again every " + PAUSE_MILLIS
                        + " ms");
    }

    private void goOn(ChannelHandlerContext ctx) {
        pausing = false;
        ctx.channel().config().setAutoRead(true);
    }
}
