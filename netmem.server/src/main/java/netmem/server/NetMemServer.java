package netmem.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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
    public static Builder builder() {
        return new Builder();
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

    /** What the operations took; the program prints and logs it. */
    Latencies latencies() {
        return latencies;
    }

    /** Collects settings; they are checked by {@link #start()}. Confined to one thread. */
    public static final class Builder {
        private String host = ServerConfig.DEFAULTS.host();
        private int port = ServerConfig.DEFAULTS.port();
        private long pages = ServerConfig.DEFAULTS.pages();
        private int pageLengthBytes = ServerConfig.DEFAULTS.pageLengthBytes();
        private Optional<Path> arenaFile = Optional.empty();
        private boolean arenaCommit;
        private Optional<String> token = Optional.empty();
        private boolean insecure;
        private ServerConfig.Transport transport = ServerConfig.Transport.AUTO;
        private int eventLoops;
        private ServerLimits limits = ServerLimits.DEFAULTS;

        private Builder() {}

        /**
         * Sets the address.
         *
         * @param host name or address; loopback unless there is a {@link #credential(String)} or {@link #insecure()}
         * @param port 0 takes a free one
         * @return this
         */
        public Builder listen(String host, int port) {
            this.host = host;
            this.port = port;
            return this;
        }

        /**
         * Sets the number of pages.
         *
         * @param count at least 1; bounded by memory
         * @return this
         */
        public Builder pages(long count) {
            pages = count;
            return this;
        }

        /**
         * Sets the length of each page.
         *
         * @param bytes a multiple of 64 from 64 to 1 MiB
         * @return this
         */
        public Builder pageLengthBytes(int bytes) {
            pageLengthBytes = bytes;
            return this;
        }

        /**
         * Holds the pages in a file instead of anonymous memory.
         *
         * @param file created; an older arena there is replaced
         * @return this
         */
        public Builder arenaFile(Path file) {
            arenaFile = Optional.of(file);
            return this;
        }

        /**
         * Takes the memory of all pages at the start, so that no write finds later that there is none; 0.5 s a GiB.
         *
         * @return this
         */
        public Builder arenaCommit() {
            arenaCommit = true;
            return this;
        }

        /**
         * Asks each client for a credential. Clients of NetMem 0.2 have none and are refused then.
         *
         * @param text 1 to 256 bytes of UTF-8
         * @return this
         */
        public Builder credential(String text) {
            token = Optional.of(text);
            return this;
        }

        /**
         * Allows an address beyond loopback without a credential.
         *
         * @return this
         */
        public Builder insecure() {
            insecure = true;
            return this;
        }

        /**
         * Chooses how sockets are driven.
         *
         * @param choice AUTO unless told
         * @return this
         */
        public Builder transport(ServerConfig.Transport choice) {
            transport = choice;
            return this;
        }

        /**
         * Sets the number of event loops.
         *
         * @param count 0 for one a processor up to 4
         * @return this
         */
        public Builder eventLoops(int count) {
            eventLoops = count;
            return this;
        }

        /**
         * Sets the bounds.
         *
         * @param bounds all of them; start from {@link ServerLimits#DEFAULTS}
         * @return this
         */
        public Builder limits(ServerLimits bounds) {
            limits = bounds;
            return this;
        }

        /**
         * Starts the server.
         *
         * @return the running server
         * @throws IllegalArgumentException for a setting out of bounds
         */
        public NetMemServer start() {
            return NetMemServer.start(new ServerConfig(
                    host,
                    port,
                    pages,
                    pageLengthBytes,
                    arenaFile,
                    arenaCommit,
                    token,
                    insecure,
                    transport,
                    eventLoops,
                    limits));
        }
    }
}
