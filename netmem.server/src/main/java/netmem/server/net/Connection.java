package netmem.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.Objects;
import netmem.server.engine.Effect;
import netmem.server.engine.Session;
import netmem.server.log.Log;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of both protocols have in common: bytes in, bytes out, the bound on bytes under way to a slow reader, and the end.
 * Confined to its event loop; the methods of {@link Peer} come from any and hand over.
 *
 * <p>A connection whose client does not take its replies is not read and its frames are not run until the channel is writable again: replies under way are bounded by
 * the channel's high water mark and one reply, and for all connections together by the {@link OutgoingBudget}.
 */
abstract class Connection extends ChannelInboundHandlerAdapter implements Peer {
    private static final Log LOG = Log.limited(Connection.class);

    final Service service;
    final EngineGate gate;
    final Loop loop;
    final Incoming incoming;
    private final BatchLatency latency;
    long id;

    @Nullable
    Session session;

    private @Nullable ChannelHandlerContext context;
    private @Nullable Outgoing outgoing;
    private boolean running;

    /** Whether it stopped running frames since its client does not take its replies. */
    private boolean stalled;

    private @Nullable StallWatch stallWatch;
    private long batchNanos;
    private boolean inputEnded;
    private boolean closing;

    Connection(Service service, Loop loop, Incoming incoming) {
        this.service = service;
        this.gate = service.gate();
        this.loop = loop;
        this.latency = new BatchLatency(loop.latencies(), gate);
        this.incoming = incoming;
    }

    /** Runs the next frame if all of it is there; false when it is not. */
    abstract boolean runNext();

    /** Length of the frame that is next, 0 when it is not known yet. */
    abstract long frameBytes();

    /** Leaves the gate if the connection is inside. */
    abstract void endBatch();

    /** Says what was held back while the client did not take its replies; false when there was nothing, or is no room yet. */
    boolean sayHeldBack() {
        return false;
    }

    /** Takes an effect on the event loop. */
    abstract void on(Effect effect);

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        outgoing = new Outgoing(added, loop.buffers(), service.budget(), this::drained);
        id = gate.register(this);
    }

    ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "connection: not added to a channel yet");
    }

    Outgoing out() {
        return Objects.requireNonNull(outgoing, "connection: not added to a channel yet");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf received = (ByteBuf) message;
        if (closing) {
            received.release();
            return;
        }
        incoming.append(ctx.alloc(), received);
        try {
            run();
        } finally {
            incoming.keep(ctx.alloc(), frameBytes());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        out().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && !running && !closing) {
            run();
            out().flush();
        }
        readWhileOpen();
    }

    /** Nothing is under way to the client: it may go on, whatever all others have under way. */
    private void drained() {
        if (running || closing) {
            return;
        }
        if (stalled) {
            run();
            out().flush();
            readWhileOpen();
        } else if (sayHeldBack()) {
            out().flush();
        }
    }

    private void readWhileOpen() {
        boolean read = closing || out().isOpen();
        if (context().channel().config().isAutoRead() != read) {
            context().channel().config().setAutoRead(read);
        }
    }

    /** Runs what is there, as far as the client takes its replies. */
    final void run() {
        if (running) {
            return;
        }
        running = true;
        batchNanos = gate.now();
        try {
            while (runWhileOpen() && !closing) {
                out().flush();
                if (!out().isOpen()) {
                    break;
                }
            }
            if (!closing) {
                sayHeldBack();
            }
        } finally {
            running = false;
            latency.end(batchNanos);
        }
        stalled = !closing && !out().isOpen();
        if (stalled) {
            readWhileOpen();
            watchStall();
        } else if (inputEnded) {
            closeAfterReplies();
        }
    }

    /** The client has ended its side of the stream: what it sent before is run and answered, but for what waits. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && closing) {
            Farewell.answered(ctx);
        } else if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            run();
        }
    }

    private void watchStall() {
        if (stallWatch == null) {
            stallWatch = new StallWatch(id, context(), out(), service.budget(), () -> stalled && !closing);
        }
        stallWatch.start();
    }

    /** False when it ended for lack of whole frames. */
    private boolean runWhileOpen() {
        try {
            boolean more = true;
            while (more && !closing && out().isOpen()) {
                more = runNext();
                if (out().isFlushDue()) {
                    endBatch();
                    out().flush();
                }
            }
            return more;
        } finally {
            endBatch();
        }
    }

    /** When the bytes that are being run came in, on the server's clock. */
    final long batchNanos() {
        return batchNanos;
    }

    final void record(int opcode) {
        latency.ran(opcode, batchNanos);
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

    @Override
    public final void accept(Effect effect) {
        onLoop(() -> {
            if (!closing) {
                try {
                    on(effect);
                } finally {
                    endBatch();
                }
                out().flush();
            }
        });
    }

    @Override
    public final void drain() {
        onLoop(() -> {
            run();
            closeAfterReplies();
        });
    }

    @Override
    public final void abort() {
        onLoop(() -> context().close());
    }

    private void onLoop(Runnable task) {
        context().channel().eventLoop().execute(() -> {
            if (context().channel().isActive()) {
                task.run();
            }
        });
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
