package netmem.server.net;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import netmem.server.log.Log;

/** Looks after a connection whose client does not take its replies: one that takes nothing is cut, but only where its bytes are missed. Confined to its event loop. */
final class StallWatch {
    private static final Log LOG = Log.limited(StallWatch.class);

    /** How long a client may take nothing while the server's memory for replies, or for frames, is spent. */
    private static final int STALL_MILLIS = 5000;

    private final long connection;
    private final ChannelHandlerContext context;
    private final Outgoing outgoing;
    private final Service service;
    private final BooleanSupplier stalled;
    private boolean watching;

    StallWatch(
            long connection,
            ChannelHandlerContext context,
            Outgoing outgoing,
            Service service,
            BooleanSupplier stalled) {
        this.connection = connection;
        this.context = context;
        this.outgoing = outgoing;
        this.service = service;
        this.stalled = stalled;
    }

    /** The connection has stalled; goes on looking until it has not. */
    void start() {
        if (!watching) {
            watching = true;
            lookAgain();
        }
    }

    private void lookAgain() {
        long sent = outgoing.sentBytes();
        context.channel().eventLoop().schedule(() -> look(sent), STALL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Whether others lack the memory: for replies, or for what they send, since what a stalled client has sent is
     * kept too.
     */
    private boolean isMissed() {
        return service.budget().isSpent() || service.incomingBudget().isLacking();
    }

    private void look(long sentBefore) {
        if (!stalled.getAsBoolean()) {
            watching = false;
        } else if (outgoing.sentBytes() != sentBefore || !isMissed()) {
            lookAgain();
        } else {
            String why = "its client took nothing for " + STALL_MILLIS + " ms, while all had many bytes under way";
            LOG.log(System.Logger.Level.WARNING, "connection " + connection + " is cut: " + why);
            context.close();
        }
    }
}
