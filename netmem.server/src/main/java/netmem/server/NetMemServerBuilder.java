package netmem.server;

import java.nio.file.Path;
import java.util.Optional;
import netmem.server.config.ServerConfig;
import netmem.server.config.ServerLimits;

/** Collects settings; they are checked by {@link #start()}. Confined to one thread. */
public final class NetMemServerBuilder {
    private String host = ServerConfig.DEFAULTS.host();
    private int port = ServerConfig.DEFAULTS.port();
    private long pages = ServerConfig.DEFAULTS.pages();
    private int pageLengthBytes = ServerConfig.DEFAULTS.pageLengthBytes();
    private Optional<Path> arenaFile = Optional.empty();
    private boolean arenaCommit;
    private ServerConfig.HugePages hugePages = ServerConfig.DEFAULTS.hugePages();
    private Optional<String> token = Optional.empty();
    private boolean insecure;
    private ServerConfig.Transport transport = ServerConfig.Transport.AUTO;
    private int eventLoops;
    private ServerLimits limits = ServerLimits.DEFAULTS;

    NetMemServerBuilder() {}

    /**
     * Sets the address.
     *
     * @param host name or address; loopback unless there is a {@link #credential(String)} or {@link #insecure()}
     * @param port 0 takes a free one
     * @return this
     */
    public NetMemServerBuilder listen(String host, int port) {
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
    public NetMemServerBuilder pages(long count) {
        pages = count;
        return this;
    }

    /**
     * Sets the length of each page.
     *
     * @param bytes a multiple of 64 from 64 to 1 MiB
     * @return this
     */
    public NetMemServerBuilder pageLengthBytes(int bytes) {
        pageLengthBytes = bytes;
        return this;
    }

    /**
     * Holds the pages in a file instead of anonymous memory.
     *
     * @param file created; an older arena there is replaced
     * @return this
     */
    public NetMemServerBuilder arenaFile(Path file) {
        arenaFile = Optional.of(file);
        return this;
    }

    /**
     * Takes the memory of all pages at the start, so that no write finds later that there is none; 0.5 s a GiB.
     *
     * @return this
     */
    public NetMemServerBuilder arenaCommit() {
        arenaCommit = true;
        return this;
    }

    /**
     * Chooses whether the system is asked to hold the pages in huge pages, of 2 MiB. The JVM of a program that has a
     * server inside it needs {@code --enable-native-access=netmem.server} for it, or {@code ALL-UNNAMED} where NetMem is
     * on the class path.
     *
     * @param choice AUTO unless told, which does without them where the JVM was not told so
     * @return this
     */
    public NetMemServerBuilder hugePages(ServerConfig.HugePages choice) {
        hugePages = choice;
        return this;
    }

    /**
     * Asks each client for a credential. Clients of NetMem 0.2 have none and are refused then.
     *
     * @param text 1 to 256 bytes of UTF-8
     * @return this
     */
    public NetMemServerBuilder credential(String text) {
        token = Optional.of(text);
        return this;
    }

    /**
     * Allows an address beyond loopback without a credential.
     *
     * @return this
     */
    public NetMemServerBuilder insecure() {
        insecure = true;
        return this;
    }

    /**
     * Chooses how sockets are driven.
     *
     * @param choice AUTO unless told
     * @return this
     */
    public NetMemServerBuilder transport(ServerConfig.Transport choice) {
        transport = choice;
        return this;
    }

    /**
     * Sets the number of event loops.
     *
     * @param count 0 for one a processor up to 4
     * @return this
     */
    public NetMemServerBuilder eventLoops(int count) {
        eventLoops = count;
        return this;
    }

    /**
     * Sets the bounds.
     *
     * @param bounds all of them; start from {@link ServerLimits#DEFAULTS}
     * @return this
     */
    public NetMemServerBuilder limits(ServerLimits bounds) {
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
                hugePages,
                token,
                insecure,
                transport,
                eventLoops,
                limits));
    }
}
