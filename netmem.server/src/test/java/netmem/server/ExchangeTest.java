package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.options.Invocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ExchangeTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static Invocation.Remote at(int port, String token, Duration timeout) {
        return new Invocation.Remote("127.0.0.1", port, token, timeout);
    }

    private static Map<String, Long> stats(NetMemServer server) throws IOException {
        try (Exchange exchange = Exchange.open(at(server.port(), "", LONG))) {
            return assertInstanceOf(Reply.Statistics.class, exchange.ask(new Request.Stats()))
                    .values();
        }
    }

    @Test
    void ask_runningServer_answersAndItsSessionIsGone() throws IOException {
        try (NetMemServer server = NetMemServer.builder().listen("127.0.0.1", 0).start()) {
            try (Exchange exchange = Exchange.open(at(server.port(), "", LONG))) {
                assertInstanceOf(Reply.Done.class, exchange.ask(new Request.Ping()));
            }
            Map<String, Long> stats = stats(server);
            assertEquals(1, stats.get("sessions"), stats.toString());
            assertEquals(1, stats.get("ping-count"), stats.toString());
        }
    }

    @Test
    void statsPage_runningServer_hasCountersAndOperations() throws IOException {
        try (NetMemServer server = NetMemServer.builder().listen("127.0.0.1", 0).start()) {
            stats(server);
            List<String> lines = StatsPage.lines(stats(server));
            assertTrue(lines.contains("sessions                        1 of 10000"), String.join("\n", lines));
            assertTrue(lines.stream().anyMatch(line -> line.matches("stats +1 .*")), String.join("\n", lines));
            assertTrue(lines.stream().noneMatch(line -> line.contains("-nanos")), String.join("\n", lines));
        }
    }

    @Test
    void open_credential_isPresentedOrDenied() throws IOException {
        try (NetMemServer server =
                NetMemServer.builder().listen("127.0.0.1", 0).credential("hush").start()) {
            Exchange.open(at(server.port(), "hush", LONG)).close();
            FailureException refusal =
                    assertThrows(FailureException.class, () -> Exchange.open(at(server.port(), "wrong", LONG)));
            assertTrue(refusal.problem().contains("DENIED"), refusal.problem());
            assertEquals("present the server's credential: --auth-file FILE", refusal.fix());
            assertTrue(!refusal.problem().contains("wrong:"), refusal.problem());
        }
    }

    @Test
    void open_nobodyListens_saysSo() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        FailureException refusal = assertThrows(FailureException.class, () -> Exchange.open(at(port, "", LONG)));
        assertTrue(
                refusal.problem().startsWith("netmem://127.0.0.1:" + port + ": cannot connect: "), refusal.problem());
    }

    @Test
    void open_silentServer_endsAtTheTimeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Invocation.Remote server = at(silent.getLocalPort(), "", Duration.ofMillis(50));
            FailureException refusal = assertThrows(FailureException.class, () -> Exchange.open(server));
            assertEquals(server + ": no answer within 50 ms", refusal.problem());
        }
    }

    @Test
    void open_otherProtocol_saysThatItIsNoNetMemServer() throws IOException {
        String problem = refusalOf("HTTP/1.1 400 Bad Request\r\n\r\n");
        assertTrue(
                problem.endsWith("is no NetMem server: frame length: 1347703880 (expected: 16 to 16777216)"), problem);
    }

    @Test
    void open_closedConnection_saysSo() throws IOException {
        String problem = refusalOf("");
        assertTrue(problem.endsWith("closed the connection without an answer"), problem);
    }

    private static String refusalOf(String answer) throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = other.accept()) {
                    socket.getInputStream().readNBytes(8);
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            return assertThrows(FailureException.class, () -> Exchange.open(at(other.getLocalPort(), "", LONG)))
                    .problem();
        }
    }
}
