package netmem.client;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the program, and the log, when the connection is lost and when it is back: each once. Shared by the keeper,
 * who says what happens, and the thread that tells it.
 *
 * <pre>
 *   field               access       guard
 *   untold, telling     read, write  lock
 *   last, downNanos     read, write  confined to the keeper
 * </pre>
 */
final class ConnectionEvents {
    /** Events that a slow listener is behind; past it the oldest are left out. */
    static final int UNTOLD_MAX = 64;

    private final Address address;
    private final @Nullable Consumer<ConnectionEvent> listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<ConnectionEvent> untold = new ArrayDeque<>();
    private boolean telling;
    private @Nullable InetSocketAddress last;
    private long downNanos;

    ConnectionEvents(Address address, @Nullable Consumer<ConnectionEvent> listener) {
        this.address = address;
        this.listener = listener;
    }

    /** There is a connection, and a session on it. */
    void up(InetSocketAddress server, boolean resumed) {
        InetSocketAddress before = last;
        last = server;
        if (before != null) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - downNanos);
            String moved = before.equals(server) ? "" : " at " + server;
            String session = resumed ? "the session goes on" : "with a new session";
            Log.log(
                    System.Logger.Level.INFO,
                    "connected to " + address + moved + " again after " + millis + " ms, " + session,
                    null);
        }
        tell(
                before == null || before.equals(server)
                        ? new ConnectionEvent.Up(server, resumed)
                        : new ConnectionEvent.Moved(server, before, resumed));
    }

    /** The connection is lost, and the client wants another. */
    void down(InetSocketAddress server, Throwable why) {
        downNanos = System.nanoTime();
        Log.log(System.Logger.Level.WARNING, "connection to " + address + " lost: " + why.getMessage(), null);
        tell(new ConnectionEvent.Down(server, why));
    }

    private void tell(ConnectionEvent event) {
        if (listener == null) {
            return;
        }
        lock.lock();
        try {
            if (untold.size() == UNTOLD_MAX) {
                ConnectionEvent _ = untold.remove();
            }
            untold.add(event);
            if (!telling) {
                Thread.ofVirtual().name("netmem-connection-events").start(() -> tellAll(listener));
                telling = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private void tellAll(Consumer<ConnectionEvent> to) {
        for (ConnectionEvent event = next(); event != null; event = next()) {
            ConnectionEvent told = event;
            UserCode.run("onConnection", () -> to.accept(told));
        }
    }

    private @Nullable ConnectionEvent next() {
        lock.lock();
        try {
            ConnectionEvent next = untold.poll();
            telling = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }
}
