package netmem.client;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the program, and the log, when the connection is lost and when it is back: each once. Shared by the keeper,
 * who says what happens and has all fields for itself, and the thread that tells it ({@link Mailbox}).
 */
final class ConnectionEvents {
    /** Events that a slow listener is behind; past it the oldest are left out. */
    static final int UNTOLD_MAX = 64;

    private final Address address;
    private final @Nullable Mailbox<ConnectionEvent> untold;
    private @Nullable InetSocketAddress last;
    private long downNanos = System.nanoTime();

    ConnectionEvents(Address address, @Nullable Consumer<ConnectionEvent> listener) {
        this.address = address;
        this.untold = listener == null
                ? null
                : new Mailbox<>(
                        "netmem-connection-events",
                        UNTOLD_MAX,
                        event -> UserCode.run("onConnection", () -> listener.accept(event)));
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
        if (untold != null) {
            untold.putInPlaceOfOldest(event);
        }
    }
}
