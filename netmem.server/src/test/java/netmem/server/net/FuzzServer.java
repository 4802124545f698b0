package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import netmem.api.Incarnation;
import netmem.api.wire.Reply;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerConfig;
import netmem.server.config.ServerLimits;
import netmem.server.engine.Engine;
import netmem.server.engine.PageReads;
import netmem.server.latency.Latencies;
import netmem.server.memory.PageMemory;

/** A server without sockets and threads: engine, gate and pipelines as they are, a clock that only moves when told. Confined to one thread. */
final class FuzzServer implements AutoCloseable {
    static final Incarnation INCARNATION = new Incarnation(11, 22);

    static final ServerLimits LIMITS = ServerLimits.DEFAULTS.with(Map.of(
            "sessions-max", 6L,
            "slots", 64L,
            "locks-per-session-max", 3L,
            "waiters-max", 5L,
            "waiters-per-page-max", 3L,
            "watches-per-session-max", 3L,
            "changes-unsent-max", 3L,
            "frame-max-bytes", (1L << 20) + (16 << 10),
            "outgoing-max-bytes", 64L << 10));

    private final EmbeddedChannel timers = new EmbeddedChannel();
    private final PageMemory pages;
    private final EngineGate gate;
    private final Service service;
    private long nowNanos;
    private long lastSession;

    FuzzServer() {
        this(PageMemory.heap(FuzzFrames.PAGES, FuzzFrames.PAGE));
    }

    /** With a memory of that many pages of that length, which it closes. */
    FuzzServer(PageMemory pages) {
        this.pages = pages;
        Engine engine = new Engine(pages, LIMITS, INCARNATION, new Reply.Description("fuzz", LIMITS.byName()));
        gate = new EngineGate(engine, () -> nowNanos, timers.eventLoop());
        ServerConfig defaults = ServerConfig.DEFAULTS;
        ServerConfig config = new ServerConfig(
                defaults.host(),
                0,
                FuzzFrames.PAGES,
                FuzzFrames.PAGE,
                Optional.empty(),
                false,
                ServerConfig.HugePages.OFF,
                Optional.empty(),
                false,
                ServerConfig.Transport.NIO,
                1,
                LIMITS);
        service = new Service(
                config,
                pages,
                new PageReads(pages, LIMITS.frameBytesMax()),
                gate,
                new Latencies(),
                () -> new SessionId(1, ++lastSession),
                Credential.of(Optional.empty()),
                new AtomicInteger(),
                new OutgoingBudget(LIMITS),
                new IncomingBudget(LIMITS));
    }

    /** Accepts a connection. */
    FuzzPeer connect() {
        return new FuzzPeer(selector());
    }

    /** What a new channel begins with. */
    ChannelHandler selector() {
        return new ProtocolSelector(service, new Loop(service.latencies().recorder(), new LoopBuffers()));
    }

    /** The id of the newest session, for resuming it. */
    SessionId newestSession() {
        return new SessionId(1, lastSession);
    }

    /** Takes the pages away, so that whatever touches them meets a fault. */
    void breakMemory() {
        pages.close();
    }

    void advance(long millis) {
        nowNanos += millis * 1_000_000;
        try {
            gate.enter().tick(nowNanos);
        } finally {
            gate.leave();
        }
    }

    long counter(String name) {
        try {
            return gate.enter().counters().getOrDefault(name, -1L);
        } finally {
            gate.leave();
        }
    }

    /** Nobody has the monitor, nor does this thread. */
    void assertMonitorFree() {
        Thread other = Thread.ofPlatform().daemon().start(() -> {
            gate.enter();
            gate.leave();
        });
        try {
            assertTrue(other.join(Duration.ofSeconds(10)), "the monitor is free");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With all connections gone and all leases over nothing is left. */
    void assertNothingLeft() {
        advance(LIMITS.leaseMillisMax() + 1L);
        assertEquals(0, service.budget().bytes(), "outgoing bytes");
        assertEquals(0, service.budget().memoryBytes(), "outgoing memory");
        assertEquals(0, service.incomingBudget().bytes(), "incoming bytes");
        for (String name : new String[] {
            "sessions", "locks-held", "waiters", "waiting-bytes", "watches", "changes-unsent", "outcome-bytes"
        }) {
            assertEquals(0, counter(name), name);
        }
        assertEquals(0, gate.peers().size(), "peers");
        assertEquals(0, service.connections().get(), "connections");
        for (int page = 0; page < FuzzFrames.PAGES; page++) {
            pages.version(page); // would spin for ever on a write that never ended
        }
    }

    @Override
    public void close() {
        timers.finishAndReleaseAll();
        pages.close();
    }
}
