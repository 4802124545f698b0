package netmem.server.net;

import io.netty.channel.EventLoop;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import netmem.api.Incarnation;
import netmem.api.wire.Reply;
import netmem.server.config.ServerLimits;
import netmem.server.engine.Effect;
import netmem.server.engine.Engine;
import netmem.server.memory.PageMemory;

/** A way into an engine on heap pages: the gate, or something that is wrong. Shared as far as it keeps to the gate's rules. */
abstract class Entrance {
    static final Incarnation INCARNATION = new Incarnation(7, 8);
    static final int LEASE_MILLIS = 10_000;

    final PageMemory pages = PageMemory.heap(2, 64);
    final Engine engine =
            new Engine(pages, ServerLimits.DEFAULTS, INCARNATION, new Reply.Description("test", Map.of("slots", 1L)));

    abstract Engine enter();

    abstract void leave();

    /** Names a connection; what the engine tells it is in the queue. */
    abstract long connect(Queue<Effect> told);

    /** The gate as it is. Its event loop takes no timers: ticks are commands of the test. */
    static final class Gate extends Entrance {
        private final EngineGate gate = new EngineGate(engine, () -> 0, stoppingLoop());

        @SuppressWarnings("ReferenceEquality")
        private static EventLoop stoppingLoop() {
            return (EventLoop) Proxy.newProxyInstance(
                    EventLoop.class.getClassLoader(),
                    new Class<?>[] {EventLoop.class},
                    (loop, method, arguments) -> switch (method.getName()) {
                        case "isShuttingDown" -> true;
                        case "equals" -> loop == arguments[0];
                        case "hashCode" -> 1;
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        @Override
        Engine enter() {
            return gate.enter();
        }

        @Override
        void leave() {
            gate.leave();
        }

        @Override
        long connect(Queue<Effect> told) {
            return gate.register(new Peer() {
                @Override
                public void accept(Effect effect) {
                    handOver(effect, told);
                }

                @Override
                public void drain() {
                    throw new UnsupportedOperationException("drain");
                }

                @Override
                public void abort() {
                    throw new UnsupportedOperationException("abort");
                }
            });
        }
    }

    /** Hands out effects as the gate does; connections are named before threads start. */
    abstract static class Wrong extends Entrance {
        private final List<Queue<Effect>> connections = new ArrayList<>();

        @Override
        long connect(Queue<Effect> told) {
            synchronized (connections) {
                connections.add(told);
                return connections.size();
            }
        }

        void handOut(List<Effect> effects) {
            for (Effect effect : effects) {
                Queue<Effect> told;
                synchronized (connections) {
                    told = connections.get((int) effect.connection() - 1);
                }
                handOver(effect, told);
            }
        }
    }

    /** Lets all threads in at once. */
    static final class Open extends Wrong {
        @Override
        Engine enter() {
            return engine;
        }

        @Override
        void leave() {
            handOut(engine.takeEffects());
        }
    }

    /** Gives the monitor back before it hands out the effects. */
    static final class LateEffects extends Wrong {
        private final ReentrantLock monitor = new ReentrantLock();

        @Override
        Engine enter() {
            monitor.lock();
            return engine;
        }

        @Override
        void leave() {
            List<Effect> effects;
            try {
                effects = engine.takeEffects();
            } finally {
                monitor.unlock();
            }
            handOut(effects);
        }
    }

    /** Hands over slowly, so that others come between where they can. */
    private static void handOver(Effect effect, Queue<Effect> told) {
        LockSupport.parkNanos(1);
        told.add(effect);
    }

    static Queue<Effect> ear() {
        return new ConcurrentLinkedQueue<>();
    }
}
