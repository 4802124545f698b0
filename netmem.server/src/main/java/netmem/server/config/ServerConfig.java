package netmem.server.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import netmem.api.wire.WireLimits;

/**
 * All that a server can be told. Immutable; {@link netmem.server.NetMemServer} has the builder.
 *
 * @param host name or address to listen on
 * @param port 0 takes a free one
 * @param pages number of pages
 * @param pageLengthBytes length of each page, a multiple of 64 from 64 to 1 MiB
 * @param arenaFile file that holds the pages, for readers on the same host; empty for anonymous memory
 * @param arenaCommit whether all of its memory is taken before the first client is accepted
 * @param hugePages whether the system is asked to hold the pages in huge pages
 * @param token credential that each client must present; empty where none is asked for
 * @param insecure whether an address beyond loopback may be bound without a credential
 * @param transport how sockets are driven
 * @param eventLoops number of event loops, 0 for one a processor up to 4
 * @param limits the bounds
 */
public record ServerConfig(
        String host,
        int port,
        long pages,
        int pageLengthBytes,
        Optional<Path> arenaFile,
        boolean arenaCommit,
        HugePages hugePages,
        Optional<String> token,
        boolean insecure,
        Transport transport,
        int eventLoops,
        ServerLimits limits) {
    /** How sockets are driven. */
    public enum Transport {
        /** Epoll where it loads, NIO elsewhere. */
        AUTO,
        /** Linux epoll; refused where it does not load. */
        EPOLL,
        /** The JDK's selectors. */
        NIO
    }

    /** Whether the system is asked to hold the pages in huge pages, of 2 MiB. */
    public enum HugePages {
        /** Where they pay and nothing is lost by them: for an arena of 64 MiB or more, without a file, if at most half of the available memory. */
        AUTO,
        /** Always; the server does not start where it cannot have them. */
        ON,
        /** Never. */
        OFF
    }

    /** Port of a server that was told nothing. */
    public static final int PORT = 7070;

    /** Settings of a server that was told nothing: 1024 pages of 4 KiB on 127.0.0.1:7070. */
    public static final ServerConfig DEFAULTS = new ServerConfig(
            "127.0.0.1",
            PORT,
            1024,
            4096,
            Optional.empty(),
            false,
            HugePages.AUTO,
            Optional.empty(),
            false,
            Transport.AUTO,
            0,
            ServerLimits.DEFAULTS);

    /** Checks each value; the message names the value, the bound and, where it helps, the way out. */
    public ServerConfig {
        if (pages < 1) {
            throw new IllegalArgumentException("pages: " + pages + " (expected: >= 1)");
        }
        if (pageLengthBytes < 64 || pageLengthBytes > 1 << 20 || pageLengthBytes % 64 != 0) {
            throw new IllegalArgumentException(
                    "page-length: " + pageLengthBytes + " (expected: a multiple of 64 from 64 to 1048576)");
        }
        if (hugePages == HugePages.ON && arenaFile.isPresent()) {
            throw new IllegalArgumentException("huge-pages: on, and the pages are in the file " + arenaFile.get()
                    + " (expected: no arena file; for a file it is its file system that chooses,"
                    + " by mount -o huge=within_size)");
        }
        if (eventLoops < 0 || eventLoops > 256) {
            throw new IllegalArgumentException("event-loops: " + eventLoops + " (expected: 0 to 256)");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("listen: port " + port + " (expected: 0 to 65535)");
        }
        int tokenBytes =
                token.map(text -> text.getBytes(StandardCharsets.UTF_8).length).orElse(1);
        if (tokenBytes < 1 || tokenBytes > WireLimits.TOKEN_BYTES_MAX) {
            throw new IllegalArgumentException("auth-file: a credential of " + tokenBytes + " bytes (expected: 1 to "
                    + WireLimits.TOKEN_BYTES_MAX + ")");
        }
        if (!isLoopback(host) && token.isEmpty() && !insecure) {
            throw new IllegalArgumentException("listen: " + host
                    + " is not a loopback address, and clients would need no credential (expected: one of"
                    + " a loopback address such as 127.0.0.1; --auth-file FILE with a credential that clients must present;"
                    + " --insecure to let everybody on that network read and write the pages)");
        }
    }

    /** Leaves the credential out. */
    @Override
    public String toString() {
        return "ServerConfig[" + host + ":" + port + ", pages=" + pages + ", pageLengthBytes=" + pageLengthBytes
                + ", arenaFile=" + arenaFile + ", arenaCommit=" + arenaCommit + ", hugePages=" + hugePages
                + ", token="
                + (token.isPresent() ? "given" : "none") + ", insecure="
                + insecure + ", transport=" + transport + ", eventLoops=" + eventLoops + ", " + limits + "]";
    }

    /**
     * Finds the address to bind.
     *
     * @return the first address of the host, with the port
     */
    public InetSocketAddress address() {
        return new InetSocketAddress(addresses(host)[0], port);
    }

    private static boolean isLoopback(String host) {
        return Arrays.stream(addresses(host)).allMatch(InetAddress::isLoopbackAddress);
    }

    private static InetAddress[] addresses(String host) {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "listen: " + host + " (expected: an address of this machine, or a name that resolves)", e);
        }
    }
}
