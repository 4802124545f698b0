package netmem.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import netmem.api.NetMemException;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The credential is the first line of a file, of which no more is read than a credential may be long. */
@Timeout(30)
class AuthFileTest {
    @TempDir
    Path folder;

    @Test
    void authFile_firstLine_isTheCredential() throws IOException {
        try (NetMemServer server = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .credential("grüße")
                .start()) {
            for (String text : new String[] {"grüße", " grüße\n", "grüße\r\nanother line\n"}) {
                try (NetMem mem =
                        NetMem.builder(server.uri()).authFile(file(text)).connect()) {
                    assertEquals(1, mem.version(0));
                }
            }
            assertThrows(
                    NetMemException.Refused.class,
                    () -> NetMem.builder(server.uri()).authFile(file("other")).connect());
        }
    }

    @Test
    void authFile_ofWhichNoneCanBeRead_isRefusedWithTheReason() throws IOException {
        Path latin = Files.write(folder.resolve("latin"), "grüße".getBytes(ISO_8859_1));
        assertRefused(latin, "authFile: first line of " + latin + " is not UTF-8");
        Path empty = file("\nsecond");
        assertRefused(empty, "authFile: first line of " + empty + " is empty (expected: the credential)");
        Path none = folder.resolve("none");
        assertRefused(none, "authFile: " + none + " cannot be read: ");
        assertRefused(folder, "authFile: " + folder + " cannot be read: ");
    }

    @Test
    void authFile_thatNeverEnds_isReadToItsBound() {
        Path zeros = Path.of("/dev/zero");
        assertRefused(zeros, "authFile: first line of " + zeros + ": 4096 bytes of UTF-8 (expected: <= 256)");
    }

    private Path file(String text) throws IOException {
        return Files.write(Files.createTempFile(folder, "auth", ""), text.getBytes(UTF_8));
    }

    private static void assertRefused(Path file, String message) {
        NetMemBuilder builder = NetMem.builder("netmem://127.0.0.1:1");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> builder.authFile(file));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(message), refused::getMessage);
    }
}
