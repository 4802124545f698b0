package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Options, and what connecting does when there is no server, or one that refuses. */
@Timeout(60)
class NetMemBuilderTest {
    private static void refused(String message, UnaryOperator<NetMemBuilder> options) {
        NetMemBuilder builder = NetMem.builder("netmem://127.0.0.1:1");
        Exception e = assertThrows(IllegalArgumentException.class, () -> options.apply(builder));
        assertEquals(message, e.getMessage());
    }

    @Test
    void options_outOfBounds_areRefused() {
        refused("deadline: PT0S (expected: PT0.001S to PT24H)", b -> b.deadline(Duration.ZERO));
        refused("deadline: PT25H (expected: PT0.001S to PT24H)", b -> b.deadline(Duration.ofHours(25)));
        refused("connectTimeout: PT-1S (expected: PT0.001S to PT24H)", b -> b.connectTimeout(Duration.ofSeconds(-1)));
        refused("lease: PT0.0001S (expected: PT0.001S to PT24H)", b -> b.lease(Duration.ofNanos(100_000)));
        refused(
                "backoff max: PT0.01S (expected: PT1S to PT1M)",
                b -> b.backoff(Duration.ofSeconds(1), Duration.ofMillis(10)));
        refused("name: " + "ä".repeat(33) + ": 66 bytes of UTF-8 (expected: <= 64)", b -> b.name("ä".repeat(33)));
        refused("credential: 257 bytes of UTF-8 (expected: <= 256)", b -> b.credential("s".repeat(257)));
        refused("asyncCallsMax: 0 (expected: 1 to 1048576)", b -> b.asyncCallsMax(0));
        assertThrows(IllegalArgumentException.class, () -> PageCache.ofBytes(-1));
    }

    @Test
    void options_goIntoTheGreeting() throws Exception {
        try (FakeServer server = new FakeServer()) {
            FutureTask<NetMem> connecting = FakeServer.start(() -> NetMem.builder(server.uri())
                    .name("zähler")
                    .credential("secret\n")
                    .lease(Duration.ofSeconds(7))
                    .connect());
            FakeServer.Peer peer = server.accept();
            Request.Hello hello = peer.greet(FakeServer.welcome(false));
            assertEquals("zähler", hello.name());
            assertEquals("secret", hello.token());
            assertEquals(7000, hello.leaseMillis());
            assertFalse(hello.session().isPresent());
            peer.close();
            FakeServer.join(connecting).close();
        }
    }

    @Test
    void connect_noServer_saysWhyWithinTheDeadline() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        NetMemBuilder builder = NetMem.builder("netmem://127.0.0.1:" + port).deadline(Duration.ofMillis(100));
        NetMemException e = assertThrows(NetMemException.Disconnected.class, builder::connect);
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        String start = "connect to netmem://127.0.0.1:" + port + ": no answer within 100 ms";
        assertTrue(String.valueOf(e.getMessage()).startsWith(start), e::toString);
        assertTrue(String.valueOf(e.getMessage()).contains("Connection refused"), e::toString);
    }

    @Test
    void connect_serverSilent_saysWhyWithinTheDeadline() throws Exception {
        try (FakeServer server = new FakeServer()) {
            NetMemBuilder builder = NetMem.builder(server.uri())
                    .deadline(Duration.ofMillis(200))
                    .connectTimeout(Duration.ofMillis(50));
            NetMemException e = assertThrows(NetMemException.Disconnected.class, builder::connect);
            assertTrue(String.valueOf(e.getMessage()).contains("no answer within 50 ms"), e::toString);
        }
    }

    @Test
    void connect_serverComesLate_waitsForIt() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        FutureTask<NetMem> connecting = FakeServer.start(() -> NetMem.connect("netmem://127.0.0.1:" + port));
        try (ServerSocket late = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                FakeServer.Peer peer = new FakeServer.Peer(late.accept())) {
            peer.greet(FakeServer.welcome(false));
            NetMem mem = FakeServer.join(connecting);
            peer.reset();
            mem.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DENIED", "BUSY", "UNSUPPORTED_VERSION"})
    void connect_refused_failsAtOnceWithTheStatus(Status status) throws Exception {
        try (FakeServer server = new FakeServer()) {
            FutureTask<NetMem> connecting = FakeServer.start(() -> NetMem.connect(server.uri()));
            FakeServer.Peer peer = server.accept();
            peer.fail(status, new FakeServer.Frame(0, peer.greeting()));
            peer.close();
            NetMemException e = assertThrows(NetMemException.class, () -> FakeServer.join(connecting));
            assertEquals(status, e.status());
            assertEquals(Outcome.NO_EFFECT, e.outcome());
        }
    }

    @Test
    void threads_areDaemonsAndEndWithTheClient() throws Exception {
        try (FakeServer server = new FakeServer()) {
            FakeServer.Pair pair = server.connect();
            Thread reader = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().matches("netmem-client-\\d+-reader"))
                    .max(java.util.Comparator.comparingLong(Thread::threadId))
                    .orElseThrow();
            assertTrue(reader.isDaemon());
            pair.peer().close();
            pair.mem().close();
            assertTrue(reader.join(Duration.ofSeconds(20)), "the reader goes on");
        }
    }
}
