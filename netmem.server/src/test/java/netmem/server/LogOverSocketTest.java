package netmem.server;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients can have the server write to its log, however much they try: a few lines of each kind, and how many
 * there would have been.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LogOverSocketTest {
    private static final Pattern LEFT_OUT = Pattern.compile("(\\d+) (like it|lines) were left out");

    /** Ten of a window, and what tells of the rest; a window may have passed on a slow machine. */
    private static final int LINES_MAX = 25;

    @TempDir
    private Path folder = Path.of("unset");

    private ServerProcess run(String... arguments) throws IOException {
        return ServerProcess.start(folder, arguments);
    }

    private static void assertLimited(ServerProcess server, String kind, int happened) throws IOException {
        assertEquals(happened, limited(server, kind), () -> kind + ": in all in\n" + server);
    }

    /** Those that contain this are few; how many they are with those that were left out. */
    private static int limited(ServerProcess server, String kind) throws IOException {
        List<String> lines =
                server.errors().lines().filter(line -> line.contains(kind)).toList();
        assertTrue(lines.size() <= LINES_MAX, "lines: " + lines.size() + " (expected: <= " + LINES_MAX + ")");
        int counted = 0;
        for (String line : lines) {
            Matcher leftOut = LEFT_OUT.matcher(line);
            boolean counts = leftOut.find();
            counted += counts ? Integer.parseInt(leftOut.group(1)) : 0;
            counted += counts && leftOut.group(2).equals("lines") ? 0 : 1;
        }
        return counted;
    }

    private static void assertStops(ServerProcess server) throws IOException, InterruptedException {
        server.terminate();
        assertEquals(0, server.exitCode(), server.toString());
    }

    @Test
    void connections_thousandsBeyondTheLimit_areTenLinesAndACount() throws Exception {
        int refused = 2000;
        try (ServerProcess server = run("--listen=127.0.0.1:0", "--connections-max=5")) {
            int port = server.awaitReady();
            List<RawClient> held = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                RawClient client = new RawClient(port);
                client.greet(RawClient.hello(0));
                held.add(client);
            }
            for (int i = 0; i < refused; i++) {
                try (RawClient client = new RawClient(port)) {
                    client.assertEndedOrReset();
                }
            }
            held.getFirst().assertAlive();
            for (RawClient client : held) {
                client.close();
            }
            assertStops(server);
            assertLimited(server, "connections: ", refused);
        }
    }

    /** Whatever is wrong with what a client says is told to that client alone. */
    @Test
    void clients_thatSpeakWrongly_haveNothingWritten() throws Exception {
        Path secret = folder.resolve("secret");
        Files.writeString(secret, "right");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        try (ServerProcess server =
                        run("--listen=127.0.0.1:0", "--auth-file=" + secret, "--frame-time=100ms", "--greeting=100ms");
                ServerProcess open = run("--listen=127.0.0.1:0")) {
            int port = server.awaitReady();
            int openPort = open.awaitReady();
            for (int i = 0; i < 100; i++) {
                try (RawClient client = new RawClient(port)) {
                    client.send(RawClient.PREFACE);
                    client.send(RawClient.hello(0), 0);
                    RawClient.failed(Status.DENIED, client.receive().reply());
                    client.assertEnded();
                }
                for (byte[] wrong : WRONG_BEGINNINGS) {
                    try (RawClient client = new RawClient(port)) {
                        client.send(wrong);
                        client.reset();
                    }
                    try (RawClient client = new RawClient(openPort)) {
                        client.send(wrong);
                        client.endSending();
                        client.drain();
                    }
                }
                for (byte[] wrong : WRONG_FRAMES) {
                    try (RawClient client = new RawClient(openPort)) {
                        client.greet(RawClient.hello(0));
                        client.send(wrong);
                        client.endSending();
                        client.drain();
                    }
                }
            }
            assertStops(server);
            assertStops(open);
            assertEquals("", server.errors());
            assertEquals("", open.errors());
        }
    }

    private static final List<byte[]> WRONG_BEGINNINGS = List.of(
            new byte[] {'N', 'M', 'E', 'X', 0, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {'N', 'M', 'E', 'M', 9, 0, 9, 0},
            new byte[] {'N'},
            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            new byte[] {5, 0, 0, 0, 0, 127, 127, 127, 127, 0, 0, 0, 0},
            new byte[] {(byte) 255, 0, 0, 0});

    private static final List<byte[]> WRONG_FRAMES = List.of(
            RawClient.frame(3, Opcode.PING.code(), 0, 0, 1),
            RawClient.frame(0xFFFF_FFFFL, Opcode.WRITE.code(), 0, 0, 1),
            RawClient.frame(FrameHeader.BYTES, 77, 0, 0, 1),
            RawClient.frame(FrameHeader.BYTES, Opcode.WRITE.code(), 0, 0, 1),
            RawClient.frame(FrameHeader.BYTES + 1L, Opcode.PING.code(), 9, 9, 1, (byte) 1),
            RawClient.frame(new Request.Read(-1, 0, Ranges.of(0, 1)), 1),
            RawClient.frame(new Request.Bye(), 0xFFFF_FFFF_FFFFL));

    @Test
    void requests_thatMeetAFault_areTenLinesAndACount() throws Exception {
        int faults = 300;
        try (ServerProcess server = ServerProcess.startPlanted(folder, "memory")) {
            int port = server.awaitReady();
            server.tell("lose it");
            server.awaitLine("LOST");
            for (int i = 0; i < faults; i++) {
                try (RawClient client = new RawClient(port)) {
                    client.greet(RawClient.hello(0));
                    RawClient.failed(Status.INTERNAL, client.ask(new Request.Read(1, 0, Ranges.of(0, 8))));
                    client.assertEnded();
                }
            }
            server.tell("close");
            assertEquals(0, server.exitCode(), server.toString());
            assertLimited(server, "closed after an internal error", faults);
            assertTrue(server.errors().length() < 100_000, () -> "bytes: " + server);
        }
    }

    /** Clients that take nothing, of which those are cut that the memory for replies is not enough for. */
    @Test
    void readers_thatAreCut_areTenLinesAndACount() throws Exception {
        try (ServerProcess server =
                run("--listen=127.0.0.1:0", "--pages=2", "--page-length=64KiB", "--outgoing-max=64KiB")) {
            int port = server.awaitReady();
            List<RawClient> slow = new ArrayList<>();
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int slot = 0; slot < 200; slot++) {
                frames.writeBytes(RawClient.frame(
                        new Request.Read(1, 0, Ranges.of(0, 64 << 10)), FrameHeader.requestId(slot, 1)));
            }
            byte[] reads = frames.toByteArray();
            for (int i = 0; i < 150; i++) {
                RawClient client = new RawClient(port);
                client.socket().setReceiveBufferSize(4096);
                client.greet(RawClient.hello(0));
                slow.add(client);
                client.send(reads);
            }
            int cut;
            try (RawClient honest = new RawClient(port)) {
                honest.greet(RawClient.hello(0));
                Reply.Statistics told =
                        assertInstanceOf(Reply.Statistics.class, honest.ask(new Request.Stats(), honest.nextId()));
                cut = slow.size()
                        + 1
                        - requireNonNull(told.values().get("connections")).intValue();
            }
            for (RawClient client : slow) {
                client.close();
            }
            assertTrue(cut > 50, "cut: " + cut + " (expected: > 50)");
            assertStops(server);
            int told = limited(server, " is cut: ");
            // some may have been cut after they were counted
            assertTrue(told >= cut && told <= slow.size(), () -> "cut: " + told + " in\n" + server);
        }
    }
}
