package netmem.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import netmem.client.NetMem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The image on hosts that have little. */
@Timeout(120)
final class BareHostIT {
    private static final Path IMAGE = Path.of("target", "netmem").toAbsolutePath();

    /** Under a limit of the shell's, such as {@code ulimit -n 64}. */
    private static List<String> under(String limit, String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", limit + "; exec \"$@\"", "sh"));
        command.addAll(ImageServer.command(IMAGE, arguments));
        return command;
    }

    /**
     * More connections than descriptors, with nothing logged before, and then none: those that were open are served on, and new ones are accepted again.
     */
    @ParameterizedTest
    @CsvSource({"epoll, 64", "epoll, 100", "epoll, 300", "nio, 80", "nio, 120", "nio, 1024"})
    void server_outOfDescriptors_servesOnAndAcceptsAgain(String transport, int descriptors) throws Exception {
        List<String> command = under("ulimit -n " + descriptors, "--listen", "127.0.0.1:0", "--transport", transport);
        try (ImageServer server = ImageServer.start(command, Map.of())) {
            assertTrue(server.stderr().contains("open files: " + descriptors + " (expected: >= "), server.stderr());
            try (NetMem held = NetMem.connect(server.uri())) {
                held.write(0, 0, new byte[] {7});
                List<Socket> many = new ArrayList<>();
                for (int i = 0; i < descriptors + 100; i++) {
                    many.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
                }
                awaitError(server, "no connection can be accepted");
                assertEquals(7, held.read(0).buffer().get(0));
                for (Socket one : many) {
                    one.close();
                }
                try (NetMem fresh = NetMem.connect(server.uri())) {
                    assertEquals(7, fresh.read(0).buffer().get(0));
                }
                assertEquals(7, held.read(0).buffer().get(0));
            }
            assertEquals(0, server.stop(), server.stderr());
            assertFalse(server.stderr().contains("Error"), server.stderr());
            assertTrue(server.stderr().lines().count() <= 2 + 12, server.stderr());
        }
    }

    private static void awaitError(ImageServer server, String text) throws IOException {
        while (!server.stderr().contains(text)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void server_noAddressSpace_saysSoOnStandardErrorAlone() throws Exception {
        Process process = new ProcessBuilder(under("ulimit -v 1000000", "--listen", "127.0.0.1:0")).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor() != 0, errors);
        assertEquals("", output);
        assertFalse(errors.isBlank());
    }

    @ParameterizedTest
    @CsvSource({"-XX:+UseZGC", "-XX:+UseParallelGC", "-XX:+UseG1GC", "-XX:+UseSerialGC"})
    void server_otherCollector_starts(String option) throws Exception {
        List<String> command = ImageServer.command(IMAGE, "--listen", "127.0.0.1:0");
        try (ImageServer server = ImageServer.start(command, Map.of("JAVA_OPTS", option))) {
            assertEquals(0, server.stop(), server.stderr());
        }
    }

    @Test
    void launcher_workingDirectoryDeleted_saysSo() throws Exception {
        assertRefused(
                List.of("sh", "-c", "d=$(mktemp -d) && cd \"$d\" && rmdir \"$d\" && exec \"$@\"", "sh"),
                "netmem-server: working directory: none (expected: one that exists)");
    }

    /** Without them the JVM gathers random numbers from its threads, without a word. */
    @Test
    void launcher_noRandomDevices_saysSo() throws Exception {
        List<String> bare = List.of("unshare", "-rm", "sh", "-c", "mount -t tmpfs none /dev && exec \"$@\"", "sh");
        List<String> attempt = new ArrayList<>(bare);
        attempt.add("true");
        assumeTrue(new ProcessBuilder(attempt).start().waitFor() == 0, "this user may not mount");
        assertRefused(bare, "netmem-server: /dev/random, /dev/urandom: missing (expected: both, readable)");
    }

    private static void assertRefused(List<String> shell, String message) throws Exception {
        List<String> command = new ArrayList<>(shell);
        command.addAll(ImageServer.command(IMAGE, "--listen", "127.0.0.1:0"));
        Process process = new ProcessBuilder(command).start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, process.waitFor(), errors);
        assertTrue(errors.lines().anyMatch(message::equals), errors);
        assertFalse(errors.contains("\tat "), errors);
    }

    /** A shell that searches CDPATH prints where it went, and may go elsewhere. */
    @Test
    void launcher_relativeAndCdpathSet_findsItsImage() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bin/netmem-server", "--version")
                .directory(IMAGE.toFile())
                .redirectErrorStream(true);
        builder.environment().put("CDPATH", "/tmp:" + IMAGE.resolve("bin") + ":.");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.startsWith("netmem-server "), output);
    }
}
