package netmem.server.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import netmem.server.engine.Effect;
import netmem.server.engine.Engine;
import netmem.server.log.Log;
import org.jspecify.annotations.Nullable;

/**
 * The one entrance to the engine: its monitor, its clock and its timer, and the way of its effects to the connections. Shared.
 *
 * <p>An event loop enters once for a batch of requests. Before it leaves, the effects of the batch are handed to the loops of the
 * connections they are for; since that happens under the monitor, each connection sees effects in the engine's order. Nothing blocks under the monitor: handing over
 * is an append to the loop's queue. Lock order: the monitor is taken by event loops only, and nothing is taken inside it.
 *
 * <table>
 * <caption>fields</caption>
 * <tr><th>field</th><th>read and written</th></tr>
 * <tr><td>engine, armedNanos, pauseNanos, timer, enteredNanos</td><td>under the monitor</td></tr>
 * <tr><td>longestHoldNanos</td><td>written under the monitor, read by any thread</td></tr>
 * <tr><td>peers</td><td>any thread, concurrent map; an effect for a connection that is gone is dropped, since its session recorded the outcome</td></tr>
 * </table>
 */
final class EngineGate {
    private static final Log LOG = Log.limited(EngineGate.class);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock monitor = new ReentrantLock();
    private final Engine engine;
    private final LongSupplier clock;
    private final EventLoop timerLoop;
    private final Map<Long, Peer> peers = new ConcurrentHashMap<>();
    private final AtomicLong lastConnection = new AtomicLong();
    private long armedNanos = Long.MAX_VALUE;
    private long enteredNanos;
    private volatile long longestHoldNanos;

    /** What the timer waits where its task met a fault, which may come again at once; 0 where it did not. */
    private long pauseNanos;

    private @Nullable ScheduledFuture<?> timer;

    EngineGate(Engine engine, LongSupplier clock, EventLoop timerLoop) {
        this.engine = engine;
        this.clock = clock;
        this.timerLoop = timerLoop;
    }

    /** Nanoseconds on the server's clock. */
    long now() {
        return clock.getAsLong();
    }

    /** Names a new connection. */
    long register(Peer peer) {
        long connection = lastConnection.incrementAndGet();
        peers.put(connection, peer);
        return connection;
    }

    void unregister(long connection) {
        peers.remove(connection);
    }

    List<Peer> peers() {
        return List.copyOf(peers.values());
    }

    /** Takes the monitor; {@link #leave} must follow on the same thread. */
    Engine enter() {
        monitor.lock();
        enteredNanos = System.nanoTime();
        return engine;
    }

    /**
     * The longest time that the monitor was held at once, since the start; until then nobody else's request was run.
     */
    long longestHoldNanos() {
        return longestHoldNanos;
    }

    /**
     * Hands out the effects, arms the timer, gives the monitor back. What goes wrong in it is no fault of who leaves.
     */
    void leave() {
        try {
            Throwable fault = engine.takeFault();
            if (fault != null) {
                LOG.log(System.Logger.Level.ERROR, "a request that waited, or a session's end, met a fault", fault);
            }
            for (Effect effect : engine.takeEffects()) {
                Peer peer = peers.get(effect.connection());
                if (peer != null) {
                    handOver(effect, peer);
                }
            }
            arm();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "the engine's timer, or effects, wait for who enters next", e);
        } finally {
            long heldNanos = System.nanoTime() - enteredNanos;
            if (heldNanos > longestHoldNanos) {
                longestHoldNanos = heldNanos;
            }
            monitor.unlock();
        }
    }

    /** What cannot be handed over, for want of memory, cuts its own connection: the client comes back and asks again. Others get theirs. */
    private static void handOver(Effect effect, Peer peer) {
        try {
            peer.accept(effect);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "an effect could not be handed over; its connection is cut", e);
            abort(peer);
        }
    }

    /** The effects of others are handed over whatever becomes of this one. */
    private static void abort(Peer peer) {
        try {
            peer.abort();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "a connection could not be cut", e);
        }
    }

    private void arm() {
        long next = engine.nextTickNanos();
        if (next >= armedNanos || timerLoop.isShuttingDown()) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        armedNanos = Long.MAX_VALUE;
        long delayNanos = pauseNanos > 0 ? pauseNanos : Math.max(0, next - now());
        timer = timerLoop.schedule(this::tick, delayNanos, TimeUnit.NANOSECONDS);
        armedNanos = next; // not before: where there was no memory for the timer, whoever leaves next arms it
    }

    private void tick() {
        enter();
        try {
            armedNanos = Long.MAX_VALUE;
            timer = null;
            pauseNanos = 0;
            engine.tick(now());
        } catch (RuntimeException | Error fault) {
            pauseNanos = PAUSE_NANOS;
            LOG.log(System.Logger.Level.ERROR, "the engine's timer met a fault; it goes on", fault);
        } finally {
            leave();
        }
    }
}
