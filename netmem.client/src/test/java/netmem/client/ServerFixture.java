package netmem.client;

import netmem.server.NetMemServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A client of a real server with small pages, both anew for each test. */
abstract class ServerFixture {
    static final int PAGES = 300;
    static final int PAGE_LENGTH = 64;

    NetMemServer server;
    NetMem mem;

    @BeforeEach
    void start() {
        server = server(0);
        mem = NetMem.connect(server.uri());
    }

    /** Starts a server on a port; 0 takes a free one. */
    static NetMemServer server(int port) {
        return NetMemServer.builder()
                .pages(PAGES)
                .pageLengthBytes(PAGE_LENGTH)
                .listen("127.0.0.1", port)
                .start();
    }

    @AfterEach
    void stop() {
        mem.close();
        server.close();
    }
}
