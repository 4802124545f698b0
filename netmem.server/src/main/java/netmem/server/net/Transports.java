package netmem.server.net;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import netmem.server.config.ServerConfig;

/**
 * How sockets are driven, and why so. Pure value.
 *
 * @param loops makes the driver of each event loop
 * @param serverChannel the listening channel's class
 * @param reason for people
 */
record Transports(IoHandlerFactory loops, Class<? extends ServerChannel> serverChannel, String reason) {
    /** Chooses; refuses epoll where it was asked for and does not load. */
    static Transports of(ServerConfig.Transport choice) {
        return switch (choice) {
            case NIO -> nio("nio, as configured");
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw new IllegalArgumentException(
                            "transport: epoll (expected: nio or auto, since epoll does not load here)",
                            Epoll.unavailabilityCause());
                }
                yield epoll("epoll, as configured");
            }
            case AUTO ->
                Epoll.isAvailable()
                        ? epoll("epoll, as it is available")
                        : nio("nio, since epoll does not load: " + Epoll.unavailabilityCause());
        };
    }

    private static Transports epoll(String reason) {
        return new Transports(EpollIoHandler.newFactory(), EpollServerSocketChannel.class, reason);
    }

    private static Transports nio(String reason) {
        return new Transports(NioIoHandler.newFactory(), NioServerSocketChannel.class, reason);
    }
}
