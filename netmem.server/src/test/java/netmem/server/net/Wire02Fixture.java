package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import netmem.server.NetMemServer;
import netmem.server.NetMemServerBuilder;
import netmem.server.config.ServerLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server for each test and its 0.2 clients. After each test the clients are closed and nothing of them may be left: no connection, session,
 * lock or waiter. Clients may be opened from any thread.
 */
final class Wire02Fixture implements BeforeEachCallback, AfterEachCallback {
    static final int PAGES = 8;
    static final int PAGE_LENGTH = 128;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final UnaryOperator<NetMemServerBuilder> settings;
    private final List<AutoCloseable> clients = new ArrayList<>();
    private @Nullable NetMemServer server;

    Wire02Fixture() {
        this(builder -> builder);
    }

    Wire02Fixture(UnaryOperator<NetMemServerBuilder> settings) {
        this.settings = settings;
    }

    /** Settings of a fixture with some limits changed. */
    static UnaryOperator<NetMemServerBuilder> limits(Map<String, Long> changes) {
        return builder -> builder.limits(ServerLimits.DEFAULTS.with(changes));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        start(builder -> builder);
    }

    /** Replaces the server by one with further settings. */
    void start(UnaryOperator<NetMemServerBuilder> more) {
        stop();
        NetMemServerBuilder builder = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(PAGES)
                .pageLengthBytes(PAGE_LENGTH)
                .eventLoops(2);
        server = more.apply(settings.apply(builder)).start();
    }

    private void stop() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try {
            synchronized (clients) {
                for (AutoCloseable client : clients) {
                    client.close();
                }
            }
            for (String left : List.of("connections", "locks-held", "waiters", "waiting-bytes")) {
                await(left + " to be 0", () -> stat(left) == 0);
            }
        } finally {
            stop();
        }
    }

    NetMemServer server() {
        if (server == null) {
            throw new IllegalStateException("server: not started");
        }
        return server;
    }

    Wire02Client connect() {
        return closedLater(new Wire02Client(server().port()));
    }

    /** A client that greeted and is known to the server as a 0.2 session. */
    Wire02Client connectAndGreet() {
        Wire02Client client = connect();
        client.getParams();
        client.getVersion();
        return client;
    }

    <C extends AutoCloseable> C closedLater(C client) {
        synchronized (clients) {
            clients.add(client);
        }
        return client;
    }

    long stat(String name) {
        return server().stats().getOrDefault(name, 0L);
    }

    void awaitWaiters(long count) {
        await(count + " waiters", () -> stat("waiters") == count);
    }

    void awaitLocks(long count) {
        await(count + " locks", () -> stat("locks-held") == count);
    }

    /** Asks until it is so; there is nothing to be told by, since the clients of these tests wait too. */
    static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        boolean so = condition.getAsBoolean();
        while (!so && System.nanoTime() - start < PATIENCE_NANOS) {
            Thread.onSpinWait();
            so = condition.getAsBoolean();
        }
        assertTrue(so, "expected: " + what);
    }

    /** A page full of this byte. */
    static byte[] page(int value) {
        byte[] page = new byte[PAGE_LENGTH];
        Arrays.fill(page, (byte) value);
        return page;
    }
}
