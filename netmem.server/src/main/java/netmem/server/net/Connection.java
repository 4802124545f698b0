package netmem.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.List;
import netmem.api.wire.Reply;
import netmem.server.engine.Effect;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of both protocols have in common: bytes in, bytes out, and the bounds on bytes under way to a
 * slow reader and from a slow sender. Confined to its event loop; the methods of {@link Peer} come from any and hand
 * over.
 *
 * <p>A connection whose client does not take its replies is not read and its frames are not run until the channel is writable again: replies under way are bounded by
 * the channel's high water mark and one reply, and for all connections together by the {@link OutgoingBudget}.
 */
abstract class Connection extends ClientChannel implements Peer {
    private final BatchLatency latency;
    private final EffectQueue effects = new EffectQueue();
    final Turn turn;
    private boolean running;

    /** Whether it stopped running frames since its client does not take its replies. */
    private boolean stalled;

    private @Nullable StallWatch stallWatch;
    private @Nullable FrameWatch frameWatch;
    private long framesRun;
    private long readsDone;
    private long batchNanos;
    private boolean inputEnded;

    Connection(Service service, Loop loop, Incoming incoming) {
        super(service, loop, incoming);
        this.latency = new BatchLatency(loop.latencies(), gate);
        this.turn = new Turn(service);
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

    /**
     * Whether what is there is to be run, and more of it may be read, as far as the connection itself goes; a request
     * that waits may forbid it.
     */
    boolean mayRead() {
        return true;
    }

    /** Whether a frame that has begun has to be complete in its time; not while it could not be run anyway. */
    boolean isTimed() {
        return true;
    }

    /** Says why, where the protocol has words for it, and closes. */
    abstract void end(Reply.Failed why);

    /** Takes an effect on the event loop. */
    abstract void on(Effect effect);

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        incoming.whenGranted(() -> onLoop(this::runAndKeep));
        begin(added, this::drained);
        id = gate.register(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf received = (ByteBuf) message;
        if (isClosing()) {
            received.release();
            return;
        }
        readsDone++;
        incoming.append(received);
        runAndKeep();
    }

    private void takeNextTurn() {
        runAndKeep();
        out().flush();
    }

    /** Runs what is there and sees to what is left. */
    final void runAndKeep() {
        try {
            run();
        } finally {
            if (!incoming.keep(frameBytes())) {
                end(Refusals.noMemory("this connection began one more"));
            } else if (incoming.available() > 0) {
                watchFrame();
            }
            readWhileOpen();
        }
    }

    private void watchFrame() {
        if (frameWatch == null) {
            frameWatch = new FrameWatch(this, service);
        }
        frameWatch.start();
    }

    /** Whether more has to come before anything can be run. */
    boolean isInsideFrame() {
        long next = frameBytes();
        int have = incoming.available();
        return !isClosing() && !stalled && have > 0 && (next == 0 || have < next);
    }

    /** Its client may have said much that was not read for want of memory: its lease goes on. */
    final void heardThoughNotRead() {
        if (session != null) {
            session.heard(gate.now());
        }
    }

    final long framesRun() {
        return framesRun;
    }

    final long readsDone() {
        return readsDone;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        out().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && !running && !isClosing()) {
            runAndKeep();
            out().flush();
        } else {
            readWhileOpen();
        }
    }

    /** Nothing is under way to the client: it may go on, whatever all others have under way. */
    private void drained() {
        if (running || isClosing()) {
            return;
        }
        if (stalled) {
            runAndKeep();
            out().flush();
        } else if (sayHeldBack()) {
            out().flush();
        }
    }

    private void readWhileOpen() {
        boolean read = isClosing() || (out().isOpen() && mayRead() && !turn.isOver() && !incoming.isWaiting());
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
        long now = gate.now();
        batchNanos = turn.isOver() ? batchNanos : now;
        turn.begin(now);
        try {
            while (runWhileOpen() && !isClosing()) {
                out().flush();
                if (!out().isOpen()) {
                    break;
                }
            }
            if (!isClosing()) {
                sayHeldBack();
            }
        } finally {
            running = false;
            latency.end(batchNanos);
        }
        stalled = !isClosing() && !out().isOpen();
        if (stalled) {
            watchStall();
        } else if (turn.isOver()) {
            later(this::takeNextTurn, 0); // behind the sockets, where a task would be run before them
        } else if (inputEnded) {
            closeAfterReplies();
        }
    }

    /** The client has ended its side of the stream: what it sent before is run and answered, but for what waits. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && isClosing()) {
            Farewell.answered(ctx);
        } else if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            runAndKeep();
        }
    }

    private void watchStall() {
        if (stallWatch == null) {
            stallWatch = new StallWatch(this, service, () -> stalled && !isClosing());
        }
        stallWatch.start();
    }

    /** False when it ended for lack of whole frames, or since its turn is over. */
    private boolean runWhileOpen() {
        try {
            boolean more = true;
            while (more && !isClosing() && out().isOpen()) {
                more = runNext();
                framesRun += more ? 1 : 0;
                flushIfDue();
                if (more && !inputEnded && turn.endsWithThis()) {
                    return false;
                }
            }
            return more;
        } finally {
            endBatch();
        }
    }

    private void flushIfDue() {
        if (out().isFlushDue()) {
            endBatch();
            out().flush();
        }
    }

    /** When the bytes that are being run came in, on the server's clock. */
    final long batchNanos() {
        return batchNanos;
    }

    final void record(int opcode) {
        latency.ran(opcode, batchNanos);
    }

    /** Keeps the effect until the event loop comes to it: one task and one flush for all that came by then. */
    @Override
    public final void accept(Effect effect) {
        if (effects.add(effect)) {
            onLoop(this::takeEffects);
        }
    }

    private void takeEffects() {
        List<Effect> taken = effects.take();
        try {
            for (int i = 0; i < taken.size() && !isClosing(); i++) {
                on(taken.get(i));
                flushIfDue();
            }
        } catch (RuntimeException | Error e) { // what is lost here the client must not wait for: it comes back and asks
            exceptionCaught(context(), e);
        } finally {
            endBatch();
        }
        out().flush();
    }

    @Override
    public final void drain() {
        onLoopIfAny(() -> {
            do {
                run();
            } while (turn.isOver() && !isClosing());
            closeAfterReplies();
        });
    }

    @Override
    public final void abort() {
        onLoopIfAny(() -> context().close());
    }
}
