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
        goOnLater(ctx); // first: where there is no memory for that, it does not stop either
        pausing = true;
        ctx.channel().config().setAutoRead(false);
        LOG.log(
                System.Logger.Level.WARNING,
                "no connection can be accepted (" + cause.getMessage() + "); tried again every " + PAUSE_MILLIS
                        + " ms");
    }

    private void goOnLater(ChannelHandlerContext ctx) {
        ctx.channel().eventLoop().schedule(() -> goOn(ctx), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void goOn(ChannelHandlerContext ctx) {
        try {
            ctx.channel().config().setAutoRead(true);
            pausing = false;
        } catch (RuntimeException | Error fault) {
            LOG.log(System.Logger.Level.ERROR, "connections could not be accepted again yet", fault);
            goOnLater(ctx);
        }
    }
}
