package netmem.client;

import java.net.InetSocketAddress;

/**
 * What happened to a client's connection, for logs and dashboards. Calls need none of it: they wait for the next
 * connection within their deadlines. Immutable.
 */
public sealed interface ConnectionEvent {
    /**
     * Returns the server's end of the connection.
     *
     * @return address and port
     */
    InetSocketAddress server();

    /**
     * The client is connected: for the first time, or again to the same address.
     *
     * @param server the server's end
     * @param resumed whether the session before goes on, with its locks; false for the first, and where the server
     *     gave a new one
     */
    record Up(InetSocketAddress server, boolean resumed) implements ConnectionEvent {}

    /**
     * The client is connected again, to another address than before.
     *
     * @param server the server's end
     * @param from the address before
     * @param resumed whether the session before goes on, with its locks
     */
    record Moved(InetSocketAddress server, InetSocketAddress from, boolean resumed) implements ConnectionEvent {}

    /**
     * The connection is lost; the client connects again by itself.
     *
     * @param server the server's end
     * @param why what ended it
     */
    record Down(InetSocketAddress server, Throwable why) implements ConnectionEvent {}
}
