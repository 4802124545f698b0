package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerLimits;
import netmem.server.engine.Effect;
import netmem.server.engine.Engine;
import netmem.server.engine.Session;
import netmem.server.memory.PageMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine's timer, and the way of its effects, when something throws there. */
@Timeout(30)
final class EngineGateTest {
    private static final ServerLimits LIMITS = ServerLimits.DEFAULTS.with(Map.of("lease-min-millis", 10L));
    private static final long ORIGIN = System.nanoTime();

    private final EventLoop timerLoop = new DefaultEventLoop();
    private final PageMemory pages = PageMemory.heap(4, 64);
    private final AtomicInteger faults = new AtomicInteger();
    private final EngineGate gate = new EngineGate(
            new Engine(pages, LIMITS, new Incarnation(1, 2), new Reply.Description("gate", Map.of())),
            this::now,
            timerLoop);

    /** Throws on the timer's thread, as often as there are faults. */
    private long now() {
        if (timerLoop.inEventLoop() && faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new LinkageError("planted");
        }
        return System.nanoTime() - ORIGIN;
    }

    @AfterEach
    void end() {
        timerLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        pages.close();
    }

    private Session greet(long connection, int leaseMillis) {
        Request.Hello hello = new Request.Hello(SessionId.NONE, Incarnation.NONE, leaseMillis, "gate", "");
        SessionId id = new SessionId(1, connection);
        try {
            return assertInstanceOf(
                    Session.class,
                    gate.enter().greet(connection, hello, id, gate.now()).session());
        } finally {
            gate.leave();
        }
    }

    private void execute(Session session, long connection, Request request) {
        try {
            gate.enter().execute(session, connection, FrameHeader.requestId(0, 1), request, gate.now());
        } finally {
            gate.leave();
        }
    }

    private static class Quiet implements Peer {
        final List<Effect> effects = new ArrayList<>();

        @Override
        public void accept(Effect effect) {
            effects.add(effect);
        }

        @Override
        public void drain() {}

        @Override
        public void abort() {}
    }

    @Test
    void timer_thatMeetsFaults_goesOn() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        long connection = gate.register(new Quiet() {
            @Override
            public void accept(Effect effect) {
                assertEquals(
                        Status.SESSION_EXPIRED,
                        assertInstanceOf(Effect.Detached.class, effect).reason());
                ended.countDown();
            }
        });
        faults.set(3);
        greet(connection, 10);
        assertTrue(ended.await(20, TimeUnit.SECONDS), "the session has ended");
        assertEquals(0, faults.get());
    }

    /** Nor can its connection be cut; others get theirs all the same, and whoever set it going is not blamed. */
    @Test
    void effect_thatCannotBeHandedOver_isNoFaultOfOthers() {
        Quiet other = new Quiet();
        long deafConnection = gate.register(new Quiet() {
            @Override
            public void accept(Effect effect) {
                throw new LinkageError("planted");
            }

            @Override
            public void abort() {
                throw new LinkageError("planted");
            }
        });
        long otherConnection = gate.register(other);
        long writerConnection = gate.register(new Quiet());
        execute(greet(deafConnection, 0), deafConnection, new Request.AwaitNewer(0, 1, 1000));
        execute(greet(otherConnection, 0), otherConnection, new Request.AwaitNewer(0, 1, 1000));
        Session writer = greet(writerConnection, 0);
        execute(writer, writerConnection, new Request.Atomic(0, 0, 0, 0, 0, WordFunction.ADD, 1, 0));
        assertEquals(1, other.effects.size(), other.effects::toString);
    }
}
