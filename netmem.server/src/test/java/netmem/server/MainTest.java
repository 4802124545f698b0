package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.wire.Preface;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as its users meet it: output, signals, exit codes. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MainTest {
    @TempDir
    private Path folder = Path.of("unset");

    private ServerProcess run(String... arguments) throws IOException {
        return ServerProcess.start(folder, arguments);
    }

    private void assertExit(int code, String output, String errors, String... arguments)
            throws IOException, InterruptedException {
        try (ServerProcess program = run(arguments)) {
            assertEquals(code, program.exitCode(), program.toString());
            assertTrue(String.join("\n", program.lines()).contains(output), program.toString());
            assertTrue(program.errors().contains(errors), program.toString());
            assertEquals(errors.isEmpty(), program.errors().isEmpty(), program.toString());
        }
    }

    @Test
    void server_wholeLife_isQuietAndEndsWithZero() throws IOException, InterruptedException {
        Path log = folder.resolve("latency.hlog");
        try (ServerProcess server = run("--listen=127.0.0.1:0", "--pages=3", "--latency-log=" + log)) {
            int port = server.awaitReady();
            assertExit(0, "answered in ", "", "ping", "127.0.0.1:" + port);
            assertExit(0, "operation ", "", "stats", "netmem://127.0.0.1:" + port);
            assertExit(1, "", "listen: 127.0.0.1:" + port + " is in use by another", "--listen=127.0.0.1:" + port);

            long start = System.nanoTime();
            server.terminate();
            assertEquals(0, server.exitCode(), server.toString());
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);

            assertTrue(seconds < 5, "seconds: " + seconds + " (expected: < 5)");
            assertEquals("", server.errors());
            String output = String.join("\n", server.lines());
            assertTrue(output.contains("3 pages of 4096 bytes"), output);
            assertTrue(output.contains("lease = 10s"), output);
            assertTrue(output.contains("stopping: signal 15"), output);
            assertTrue(output.lines().anyMatch(line -> line.matches("ping +1 .*")), output);
            assertTrue(Files.readString(log).contains("Tag=ping"), output);
        }
    }

    @Test
    void server_secondSignal_endsAtOnce() throws IOException, InterruptedException {
        try (ServerProcess server = run("--listen=127.0.0.1:0");
                Socket idle = new Socket(InetAddress.getLoopbackAddress(), server.awaitReady())) {
            greet(idle);
            server.terminate();
            server.awaitLine("stopping: ");
            server.terminate();
            assertEquals(128 + 15, server.exitCode(), server.toString());
        }
    }

    @Test
    void server_hangup_opensTheLogAnewAndGoesOn() throws IOException, InterruptedException {
        Path log = folder.resolve("rotated.hlog");
        try (ServerProcess server = run("--listen=127.0.0.1:0", "--latency-log=" + log)) {
            String address = "netmem://127.0.0.1:" + server.awaitReady();
            Path moved = folder.resolve("rotated.hlog.1");
            Files.move(log, moved);
            server.signal("HUP");
            server.awaitLine("SIGHUP: the server goes on; the latency log is opened anew");
            assertExit(0, address + " answered", "", "ping", address);
            server.terminate();
            assertEquals(0, server.exitCode(), server.toString());
            assertTrue(Files.readString(log).contains("Tag=ping"), "in the new file");
            assertTrue(Files.readString(moved).contains("NetMem latencies"), "the old file has its head");
        }
    }

    @Test
    void server_logLevel_leavesWarningsOut() throws IOException, InterruptedException {
        try (ServerProcess server = run("--listen=127.0.0.1:0", "--connections-max=1", "--log-level=error");
                Socket one = new Socket(InetAddress.getLoopbackAddress(), server.awaitReady())) {
            greet(one);
            assertOneTooMany(one.getPort());
            server.terminate();
            assertEquals(0, server.exitCode(), server.toString());
            assertEquals("", server.errors());
        }
    }

    @Test
    void server_logLine_hasTheTimeWithItsZone() throws IOException, InterruptedException {
        try (ServerProcess server = run("--listen=127.0.0.1:0", "--connections-max=1");
                Socket one = new Socket(InetAddress.getLoopbackAddress(), server.awaitReady())) {
            greet(one);
            assertOneTooMany(one.getPort());
            server.terminate();
            assertEquals(0, server.exitCode(), server.toString());
            String line = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d{4} WARNING netmem\\.\\S+: .*";
            assertEquals(1, server.errors().lines().count(), server.errors());
            assertTrue(server.errors().strip().matches(line), server.errors());
        }
    }

    private static void assertOneTooMany(int port) throws IOException {
        try (Socket two = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertEquals(-1, two.getInputStream().read());
        }
    }

    /** A client that stays connected, so that the server waits for it when it stops. */
    private static void greet(Socket socket) throws IOException {
        Request hello = new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, "idle", "");
        ByteBuffer bytes = ByteBuffer.wrap(new byte[Preface.BYTES + RequestCodec.frameBytes(hello)])
                .order(ByteOrder.LITTLE_ENDIAN);
        Preface.put(bytes);
        RequestCodec.encode(hello, 1 << 16, bytes);
        socket.getOutputStream().write(bytes.array());
        assertNotEquals(-1, socket.getInputStream().read());
    }

    @Test
    void server_ipv6AndCredential_isReachedWithIt() throws IOException, InterruptedException {
        Path auth = Files.createFile(
                folder.resolve("auth"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(auth, "hush-hush");
        try (ServerProcess server = run("--listen=[::1]:0", "--auth-file=" + auth)) {
            String address = "netmem://[::1]:" + server.awaitReady();
            assertExit(1, "", "DENIED", "ping", address);
            assertExit(0, address + " answered", "", "ping", address, "--auth-file=" + auth);
            assertTrue(!server.toString().contains("hush-hush"), server.toString());
        }
    }

    @Test
    void server_badOption_endsWithTwo() throws IOException, InterruptedException {
        assertExit(2, "", """
                netmem-server: page-length: 100 (expected: a multiple of 64 from 64 to 1048576)
                netmem-server: given by the flag --page-length; for example: --page-length 4KiB
                """, "--page-length=100");
    }

    @Test
    void server_arenaThatCannotBe_endsWithOne() throws IOException, InterruptedException {
        Path other = Files.writeString(folder.resolve("other"), "not an arena");
        assertExit(1, "", "holds something else", "--listen=127.0.0.1:0", "--arena-file=" + other);
        assertExit(1, "", "arena", "--listen=127.0.0.1:0", "--pages=1000000000000");
    }

    @Test
    void server_latencyLogThatCannotBe_endsWithOne() throws IOException, InterruptedException {
        assertExit(
                1,
                "",
                "latency-log: /no/such/x.hlog cannot be opened",
                "--listen=127.0.0.1:0",
                "--latency-log=/no/such/x.hlog");
    }

    @Test
    void printConfig_goodAndBadSettings_showsOrRefuses() throws IOException, InterruptedException {
        assertExit(0, "pages = 5                               # flag --pages", "", "--print-config", "--pages=5");
        assertExit(2, "", "lease: 1 ms (expected: 1000 to 300000 ms)", "--print-config", "--lease=1ms");
    }
}
