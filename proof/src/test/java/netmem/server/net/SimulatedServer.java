package netmem.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import netmem.api.Incarnation;
import netmem.api.wire.Reply;
import netmem.api.wire.SessionId;
import netmem.proof.simulation.World;
import netmem.server.config.ServerConfig;
import netmem.server.config.ServerLimits;
import netmem.server.engine.Engine;
import netmem.server.engine.PageReads;
import netmem.server.latency.Latencies;
import netmem.server.memory.PageMemory;

/**
 * A server in a simulated world: engine, gate and connections as they are, over channels without sockets; its clock is true
 * time, its timer may be late, and effects reach other connections after a while. Confined to its world.
 */
public final class SimulatedServer {
    /** Histograms are large; all worlds of a thread share them. */
    private static final ThreadLocal<Latencies> LATENCIES = ThreadLocal.withInitial(Latencies::new);

    private static final ThreadLocal<Loop> LOOP =
            ThreadLocal.withInitial(() -> new Loop(LATENCIES.get().recorder(), new LoopBuffers()));
    private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false, true);

    /** A small one, so that others run before all is followed up that a command has set going. */
    private static final int PART = 2;

    private final World world;
    private final PageMemory pages;
    private final EngineGate gate;
    private final Service service;
    private final List<Peer> peers = new ArrayList<>();
    private final long startNanos;
    private long lateNanosMax;
    private boolean timerStands;
    private boolean down;

    /** Starts; its timer may be late by so much. */
    public SimulatedServer(
            World world, PageMemory pages, Incarnation incarnation, Map<String, Long> changes, long lateNanosMax) {
        this.world = world;
        this.pages = pages;
        this.startNanos = world.now();
        this.lateNanosMax = lateNanosMax;
        ServerLimits limits = ServerLimits.DEFAULTS.with(changes);
        Reply.Description description = new Reply.Description("simulated", limits.byName());
        Engine engine = new Engine(pages, limits, incarnation, description, PART);
        gate = new EngineGate(engine, this::now, timer());
        ServerConfig defaults = ServerConfig.DEFAULTS;
        ServerConfig config = new ServerConfig(
                defaults.host(),
                0,
                pages.pageCount(),
                pages.pageLength(),
                Optional.empty(),
                false,
                ServerConfig.HugePages.OFF,
                Optional.empty(),
                false,
                ServerConfig.Transport.NIO,
                1,
                limits);
        service = new Service(
                config,
                pages,
                new PageReads(pages, limits.frameBytesMax()),
                gate,
                LATENCIES.get(),
                () -> new SessionId(world.random.nextLong() | 1, world.random.nextLong()),
                Credential.of(Optional.empty()),
                new AtomicInteger(),
                new OutgoingBudget(limits),
                new IncomingBudget(limits));
    }

    private long now() {
        return world.now() - startNanos;
    }

    /** The loop of which the gate uses nothing but the timer. */
    private EventLoop timer() {
        return proxy(EventLoop.class, (method, arguments) -> switch (method) {
            case "isShuttingDown" -> false;
            case "schedule" ->
                scheduled((Runnable) arguments[0], ((TimeUnit) arguments[2]).toNanos((long) arguments[1]));
            default -> throw new UnsupportedOperationException(method);
        });
    }

    private ScheduledFuture<?> scheduled(Runnable action, long nanos) {
        boolean[] cancelled = {false};
        world.after(nanos + world.random.nextLong(lateNanosMax + 1), () -> tick(action, cancelled));
        return proxy(ScheduledFuture.class, (method, _) -> {
            cancelled[0] |= method.equals("cancel");
            return true;
        });
    }

    private void tick(Runnable action, boolean[] cancelled) {
        if (cancelled[0] || down) {
            return;
        }
        if (timerStands) {
            world.after(1_000_000, () -> tick(action, cancelled));
            return;
        }
        action.run();
        settle();
    }

    /** From now on its timer is on time. */
    public void beOnTime() {
        lateNanosMax = 100_000;
    }

    /** Its timer does not come, or does again. */
    public void timerStands(boolean stands) {
        timerStands = stands;
    }

    private interface Calls {
        Object call(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Calls calls) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) -> calls.call(method.getName(), arguments)));
    }

    /** A connection, as the wire sees it. */
    public final class Peer {
        private final EmbeddedChannel channel = new EmbeddedChannel();
        private final Consumer<byte[]> out;
        private final Runnable closed;
        private long channelNanos;
        private boolean settling;
        private boolean over;

        Peer(Consumer<byte[]> out, Runnable closed) {
            this.out = out;
            this.closed = closed;
            channel.freezeTime();
            channel.config().setAllocator(ALLOCATOR);
            channelNanos = world.now();
            channel.pipeline().addLast(new ProtocolSelector(service, LOOP.get()));
            channel.pipeline().fireChannelActive();
            world.after(service.config().limits().greetingMillis() * 1_000_001L, this::settleNow);
        }

        /** Bytes come in. */
        public void receive(byte[] bytes) {
            if (over || down) {
                return;
            }
            pass();
            channel.writeInbound(ALLOCATOR.heapBuffer(bytes.length).writeBytes(bytes));
            take();
            settle();
        }

        /** The connection is gone. */
        public void lost() {
            if (!over && !down) {
                over = true;
                channel.finishAndReleaseAll();
                peers.remove(this);
                settle();
            }
        }

        private void pass() {
            channel.advanceTimeBy(world.now() - channelNanos, TimeUnit.NANOSECONDS);
            channelNanos = world.now();
        }

        private void settleNow() {
            settling = false;
            if (!over && !down) {
                pass();
                channel.runPendingTasks();
                take();
                settle();
            }
        }

        private void take() {
            channel.checkException();
            for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
                byte[] copy = new byte[bytes.readableBytes()];
                bytes.readBytes(copy).release();
                out.accept(copy);
            }
            if (!channel.isActive()) {
                over = true;
                peers.remove(this);
                channel.finishAndReleaseAll();
                closed.run();
            }
        }
    }

    /** Accepts a connection. */
    public Peer connect(Consumer<byte[]> out, Runnable closed) {
        Peer peer = new Peer(out, closed);
        peers.add(peer);
        return peer;
    }

    /** What was handed over to the loops of other connections runs there, each in its own time. */
    private void settle() {
        for (Peer peer : peers) {
            if (!peer.settling && peer.channel.hasPendingTasks()) {
                peer.settling = true;
                world.after(world.random.nextLong(world.random.nextInt(8) == 0 ? 500_000 : 5_000), peer::settleNow);
            }
        }
    }

    /** Ends at once, without a word. */
    public void crash() {
        down = true;
    }

    /** Its counters. */
    public Map<String, Long> counters() {
        try {
            return gate.enter().counters();
        } finally {
            gate.leave();
        }
    }

    /** The version of a page. */
    public long version(long page) {
        return pages.version(page);
    }
}
