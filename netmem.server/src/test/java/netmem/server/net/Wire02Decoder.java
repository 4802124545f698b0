package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import netmem.api.Incarnation;
import netmem.api.wire.Reply;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerConfig;
import netmem.server.engine.Engine;
import netmem.server.engine.PageReads;
import netmem.server.latency.Latencies;
import netmem.server.memory.PageMemory;
import org.jspecify.annotations.Nullable;

/** A server without sockets: connections that get exactly the pieces that a test cuts, on one thread, with every buffer accounted for. */
final class Wire02Decoder implements AutoCloseable {
    static final int PAGES = 4;
    static final int PAGE_LENGTH = 64;

    private static final Latencies LATENCIES = new Latencies();
    private static final Loop LOOP = new Loop(LATENCIES.recorder(), new LoopBuffers());

    private final PageMemory pages = PageMemory.heap(PAGES, PAGE_LENGTH);
    private final Engine engine = new Engine(
            pages,
            ServerConfig.DEFAULTS.limits(),
            new Incarnation(1, 2),
            new Reply.Description("test", ServerConfig.DEFAULTS.limits().byName()));
    private final List<Wire> wires = new ArrayList<>();
    private @Nullable Service service;

    /** One connection. */
    final class Wire {
        private final EmbeddedChannel channel = new EmbeddedChannel();
        private final List<ByteBuf> pieces = new ArrayList<>();

        private Wire() {
            channel.pipeline().addLast(new ProtocolSelector(service(channel), LOOP));
        }

        /** Hands a piece over as one socket read; none once the server has closed. */
        Wire receive(byte[] bytes, int from, int to) {
            if (to > from && isOpen()) {
                ByteBuf piece = channel.alloc().directBuffer(to - from).writeBytes(bytes, from, to - from);
                pieces.add(piece);
                channel.writeInbound(piece);
            }
            return this;
        }

        Wire receive(byte[] bytes) {
            return receive(bytes, 0, bytes.length);
        }

        /** All that was said so far and not taken yet. */
        byte[] said() {
            channel.runPendingTasks();
            ByteBuf all = Unpooled.buffer();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                all.writeBytes(out);
                out.release();
            }
            return ByteBufUtil.getBytes(all);
        }

        boolean isOpen() {
            channel.runPendingTasks();
            return channel.isOpen();
        }

        void end() {
            channel.close();
            channel.runPendingTasks();
            channel.checkException();
            said();
            for (ByteBuf piece : pieces) {
                assertEquals(0, piece.refCnt(), "each received buffer is released once");
            }
        }
    }

    private Service service(EmbeddedChannel first) {
        if (service == null) {
            service = new Service(
                    new ServerConfig(
                            "127.0.0.1",
                            0,
                            PAGES,
                            PAGE_LENGTH,
                            Optional.empty(),
                            false,
                            ServerConfig.HugePages.OFF,
                            Optional.empty(),
                            false,
                            ServerConfig.Transport.NIO,
                            1,
                            ServerConfig.DEFAULTS.limits()),
                    pages,
                    new PageReads(pages, ServerConfig.DEFAULTS.limits().frameBytesMax()),
                    new EngineGate(engine, () -> 0, first.eventLoop()),
                    LATENCIES,
                    () -> new SessionId(3, 4),
                    Credential.of(Optional.empty()),
                    new AtomicInteger(),
                    new OutgoingBudget(ServerConfig.DEFAULTS.limits()),
                    new IncomingBudget(ServerConfig.DEFAULTS.limits()));
        }
        return service;
    }

    Wire connect() {
        Wire wire = new Wire();
        wires.add(wire);
        return wire;
    }

    /** The page's bytes and version as text, for comparisons. */
    String page(long page) {
        ByteBuffer bytes = ByteBuffer.allocate(PAGE_LENGTH);
        long version = pages.read(page, 0, PAGE_LENGTH, bytes);
        return version + ":" + ByteBufUtil.hexDump(bytes.array());
    }

    /** Ends all connections; then nothing of them may be left. */
    @Override
    public void close() {
        wires.forEach(Wire::end);
        assertEquals(0, engine.counters().get("sessions"));
        assertEquals(0, engine.counters().get("locks-held"));
        assertEquals(0, engine.counters().get("waiters"));
        assertTrue(engine.takeEffects().isEmpty());
        pages.close();
    }
}
