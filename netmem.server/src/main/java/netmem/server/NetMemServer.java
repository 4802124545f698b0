package netmem.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import netmem.api.Incarnation;
import netmem.api.wire.Reply;
import netmem.server.config.ServerConfig;
import netmem.server.config.ServerLimits;
import netmem.server.engine.Engine;
import netmem.server.latency.Latencies;
import netmem.server.log.Log;
import netmem.server.memory.PageMemory;
import netmem.server.net.Listener;

/**
 * A NetMem server inside this JVM. Any number may run side by side, each with its own pages. Shared.
 *
 * {@snippet :
 * try (NetMemServer server = NetMemServer.builder().pages(64).listen("127.0.0.1", 0).start()) {
 *     System.out.println(server.uri());
 * }
 * }
 */
public final class NetMemServer implements AutoCloseable {
    private static final Log LOG = Log.of(NetMemServer.class);

    private final ServerConfig config;
    private final PageMemory pages;
    private final Listener listener;
    private final Latencies latencies;
    private final AtomicBoolean closed = new AtomicBoolean();

    private NetMemServer(ServerConfig config, Consumer<String> died) throws IOException {
        this.config = config;
        Incarnation incarnation = ConfiguredMemory.incarnation();
        latencies = new Latencies();
        pages = ConfiguredMemory.of(config, incarnation);
        ServerLimits limits = config.limits();
        Engine engine =
                new Engine(pages, limits, incarnation, new Reply.Description(ServerVersion.TEXT, limits.byName()));
        try {
            listener = new Listener(config, pages, engine, latencies, died);
        } catch (Throwable e) {
            pages.close();
            throw e;
        }
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static NetMemServerBuilder builder() {
        return new NetMemServerBuilder();
    }

    /**
     * Starts a server and returns when it accepts connections.
     *
     * @param config all settings
     * @return the running server
     * @throws UncheckedIOException when the address cannot be bound or the arena file cannot be made
     */
    public static NetMemServer start(ServerConfig config) {
        return start(config, died -> LOG.log(Level.ERROR, died + "; its connections get no answers any more"));
    }

    /**
     * Starts a server and returns when it accepts connections.
     *
     * @param config all settings
     * @param died is told, on any thread, when one of the server's threads has ended that nobody closed. Such a server is to be closed: clients of it wait
     *     in vain. By default it is an error in the log
     * @return the running server
     * @throws UncheckedIOException when the address cannot be bound or the arena file cannot be made
     */
    public static NetMemServer start(ServerConfig config, Consumer<String> died) {
        try {
            return new NetMemServer(config, died);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the settings.
     *
     * @return as given
     */
    public ServerConfig config() {
        return config;
    }

    /**
     * Returns the port that it listens on.
     *
     * @return 1 to 65535
     */
    public int port() {
        return listener.port();
    }

    /**
     * Returns the address for clients on this machine or, for a server bound to one address, anywhere.
     *
     * @return {@code netmem://host:port}
     */
    public String uri() {
        String host = config.host();
        return "netmem://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /** {@return one line for people, which says what transport was chosen and why} */
    public String transport() {
        return listener.transport();
    }

    /**
     * Returns counters and latencies, as the STATS operation does.
     *
     * @return values by name; the unit is the last word of a name
     */
    public Map<String, Long> stats() {
        return listener.stats();
    }

    /** Stops accepting, answers what was accepted, closes all connections, and frees the memory. Waits 5 seconds at most; may be called twice. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                listener.close();
            } finally {
                pages.close();
            }
        }
    }

    /** What kind of memory the pages are in. */
    String place() {
        return pages.place();
    }

    /** What the operations took; the program prints and logs it. */
    Latencies latencies() {
        return latencies;
    }
}
