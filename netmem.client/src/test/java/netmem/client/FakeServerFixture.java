package netmem.client;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A client that is connected to a server which says exactly what the test wants; both are gone after each test. */
abstract class FakeServerFixture {
    FakeServer server;
    FakeServer.Peer peer;
    NetMem mem;

    @BeforeEach
    void connect() throws Exception {
        server = new FakeServer();
        FakeServer.Pair pair = server.connect();
        peer = pair.peer();
        mem = pair.mem();
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        mem.close();
        server.close();
    }
}
