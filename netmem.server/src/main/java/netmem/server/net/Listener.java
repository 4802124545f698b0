package netmem.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerConfig;
import netmem.server.engine.Engine;
import netmem.server.engine.PageReads;
import netmem.server.latency.Latencies;
import netmem.server.log.Log;
import netmem.server.memory.PageMemory;

/** The listening socket, its event loops and all connections. Shared; opened once and closed once. */
public final class Listener implements AutoCloseable {
    private static final int LOOPS_MAX = 4;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int BACKLOG = 1024;

    /** How often it is looked for what nobody else may come to. */
    private static final int LOOK_SECONDS = 5;

    private final LoopGroup loops;
    private final Transports transport;
    private final EngineGate gate;
    private final Service service;
    private final Channel channel;
    private volatile boolean closing;
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<EventExecutor, Loop> loopsKnown = new ConcurrentHashMap<>();

    /**
     * Binds and accepts.
     *
     * @param died is told when an event loop has ended that nobody closed; its connections get no answers any more
     * @throws IOException when the address cannot be bound
     */
    public Listener(ServerConfig config, PageMemory pages, Engine engine, Latencies latencies, Consumer<String> died)
            throws IOException {
        transport = Transports.of(config.transport());
        loops = new LoopGroup(loopCount(config), new LoopThreads(died), transport.loops());
        long origin = System.nanoTime();
        gate = new EngineGate(engine, () -> System.nanoTime() - origin, loops.next());
        SecureRandom random = new SecureRandom();
        service = new Service(
                config,
                pages,
                new PageReads(pages, config.limits().frameBytesMax()),
                gate,
                latencies,
                () -> new SessionId(random.nextLong(), random.nextLong()),
                Credential.of(config.token()),
                connections,
                new OutgoingBudget(config.limits()),
                new IncomingBudget(config.limits()));
        channel = bind();
        loops.next().scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Tells which lines of the log were left out, and arms the engine's timer should there have been no memory for
     * that when it was due.
     */
    private void look() {
        Log.tellLeftOut(false);
        gate.enter();
        gate.leave();
    }

    /** The number of event loops that a server with these settings has here. */
    static int loopCount(ServerConfig config) {
        return config.eventLoops() > 0
                ? config.eventLoops()
                : Math.min(LOOPS_MAX, Runtime.getRuntime().availableProcessors());
    }

    private Channel bind() throws IOException {
        ServerConfig config = service.config();
        int high = config.limits().outgoingBytesMax();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new Acceptor())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(high / 4, high / 2))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new ProtocolSelector(service, loop(accepted.eventLoop())));
                    }
                });
        ChannelFuture bound = bootstrap.bind(config.address()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            throw new IOException(
                    "cannot listen on " + config.host() + ":" + config.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return bound.channel();
    }

    /** The threads of the event loops. One that ends while the server is open is told of, whatever ended it. */
    private final class LoopThreads extends DefaultThreadFactory {
        private final Consumer<String> died;

        LoopThreads(Consumer<String> died) {
            super("netmem-io", true);
            this.died = died;
        }

        @Override
        public Thread newThread(Runnable loop) {
            return super.newThread(() -> {
                Throwable why = null;
                try {
                    loop.run();
                } catch (Throwable e) { // Netty tells its log of it, if it can
                    why = e;
                }
                if (!closing && !loops.isShuttingDown()) {
                    died.accept("the event loop " + Thread.currentThread().getName() + " has ended: "
                            + (why == null ? "the log says why" : why));
                }
            });
        }
    }

    private Loop loop(EventLoop loop) {
        return loopsKnown.computeIfAbsent(
                loop, _ -> new Loop(service.latencies().recorder(), new LoopBuffers()));
    }

    /** The port that it listens on. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Which transport was chosen, and why. */
    public String transport() {
        return transport.reason();
    }

    /** Counters and latencies, as STATS sends them. */
    public Map<String, Long> stats() {
        return service.stats(counters());
    }

    private Map<String, Long> counters() {
        try {
            return gate.enter().counters();
        } finally {
            gate.leave();
        }
    }

    /**
     * Stops accepting, refuses what waits, sends all replies, and closes: connections that do not close themselves within 2 seconds are cut. Waits until all
     * loops have ended; then no thread touches the memory.
     */
    @Override
    public void close() {
        closing = true;
        try {
            channel.close().awaitUninterruptibly();
            drain();
            gate.peers().forEach(Peer::drain);
            awaitConnectionsClosed();
            gate.peers().forEach(Peer::abort);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            Log.tellLeftOut(true);
        }
    }

    private void drain() {
        try {
            gate.enter().drain(gate.now());
        } finally {
            gate.leave();
        }
    }

    private void awaitConnectionsClosed() {
        long deadline = System.nanoTime() + DRAIN_NANOS;
        boolean interrupted = false;
        while (!gate.peers().isEmpty() && System.nanoTime() - deadline < 0 && !interrupted) {
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
