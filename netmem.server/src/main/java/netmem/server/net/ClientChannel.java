package netmem.server.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import netmem.server.engine.Session;
import netmem.server.log.Log;
import org.jspecify.annotations.Nullable;

/**
 * The channel of a client, with the session that it reaches, its ways in and out, and its end. Confined to its event
 * loop.
 */
abstract class ClientChannel extends ChannelInboundHandlerAdapter {
    private static final Log LOG = Log.limited(Connection.class);

    final Service service;
    final EngineGate gate;
    final Loop loop;
    final Incoming incoming;
    long id;

    @Nullable
    Session session;

    private @Nullable ChannelHandlerContext context;
    private @Nullable Outgoing outgoing;
    private boolean closing;

    ClientChannel(Service service, Loop loop, Incoming incoming) {
        this.service = service;
        this.gate = service.gate();
        this.loop = loop;
        this.incoming = incoming;
    }

    /** The handler was added; {@code drained} is called each time that nothing is under way to the client any more. */
    final void begin(ChannelHandlerContext added, Runnable drained) {
        context = added;
        outgoing = new Outgoing(added, loop.buffers(), service.budget(), drained);
    }

    ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "connection: not added to a channel yet");
    }

    Outgoing out() {
        return Objects.requireNonNull(outgoing, "connection: not added to a channel yet");
    }

    final boolean isClosing() {
        return closing;
    }

    /** Sends what was said, ends the stream, and closes ({@link Farewell}). Nothing more is run. */
    final void closeAfterReplies() {
        if (closing) {
            return;
        }
        closing = true;
        incoming.release();
        leaveSession();
        Farewell.say(context(), out());
    }

    /**
     * Has a task run on the event loop while the channel is open; any thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException the loop has ended
     */
    final void onLoop(Runnable task) {
        context().channel().eventLoop().execute(whileOpen(task));
    }

    /** The same after some time; on the event loop. */
    final void later(Runnable task, long millis) {
        context().channel().eventLoop().schedule(whileOpen(task), millis, TimeUnit.MILLISECONDS);
    }

    private Runnable whileOpen(Runnable task) {
        return new Guarded(context(), () -> {
            if (context().channel().isActive()) {
                task.run();
            }
        });
    }

    /** The same, if its event loop has not ended. */
    final void onLoopIfAny(Runnable task) {
        try {
            onLoop(task);
        } catch (RejectedExecutionException ended) {
            gate.unregister(id); // the loop has ended, and nothing reaches the connection any more
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        gate.unregister(id);
        leaveSession();
    }

    /** Tells the engine that this connection no longer reaches its session; may be told twice. */
    private void leaveSession() {
        if (session != null) {
            try {
                gate.enter().disconnected(session, id, gate.now());
            } finally {
                gate.leave();
            }
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        incoming.release();
        out().release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
            logFault(cause);
        }
        ctx.close();
    }

    final void logFault(Throwable cause) {
        LOG.log(System.Logger.Level.ERROR, "connection " + id + " closed after an internal error", cause);
    }
}
