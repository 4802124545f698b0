package netmem.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other code of a program fills its heap for longer than the lease: afterwards calls, watches and locks go on. */
@Timeout(90)
class FullHeapTest extends ServerFixture {
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseG1GC"})
    void heapFilledByOthers_thenFreed_clientGoesOn(String collector) throws Exception {
        assertEnds(collector, server.uri(), "by-others");
    }

    /** What a caller cannot hold fails for it alone, and leaves no lock behind. */
    @Test
    void callsThatWantMoreThanTheHeap_leaveNoLockBehind() throws Exception {
        try (NetMemServer large = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(6)
                .pageLengthBytes(1 << 20)
                .start()) {
            assertEnds("-XX:+UseSerialGC", large.uri(), "by-calls");
        }
    }

    private static void assertEnds(String collector, String address, String filled) throws Exception {
        Process client = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx24m",
                        collector,
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullHeapClient.class.getName(),
                        address,
                        filled)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String said = new String(client.getInputStream().readAllBytes(), UTF_8);
            assertTrue(client.waitFor(20, TimeUnit.SECONDS));
            assertTrue(said.startsWith("OK"), () -> "said: " + said);
            assertEquals(0, client.exitValue());
        } finally {
            client.destroyForcibly();
        }
    }
}
