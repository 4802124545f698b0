package netmem.server.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class CredentialTest {
    @TempDir
    private Path folder = Path.of("unset");

    private Path file(String permissions, byte[] content) throws IOException {
        Path file = folder.resolve("auth");
        Files.createFile(file);
        Files.write(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private String read(String content) throws IOException, BadOptionException {
        return Credential.read(file("rw-------", content.getBytes(StandardCharsets.UTF_8)));
    }

    private String refusal(String content) {
        return assertThrows(BadOptionException.class, () -> read(content)).problem();
    }

    @Test
    void read_firstLine_isTrimmed() throws IOException, BadOptionException {
        assertEquals("p\u00e4ss word", read(" p\u00e4ss word \t\r\nmore\n"));
    }

    @Test
    void read_longestAllowed_isTaken() throws IOException, BadOptionException {
        assertEquals("x".repeat(256), read("x".repeat(256)));
    }

    @Test
    void read_tooLong_isRefusedWithItsLength() {
        assertTrue(refusal("\u00e4".repeat(129)).endsWith("auth has 258 bytes (expected: 1 to 256)"));
    }

    @Test
    void read_emptyFirstLine_isRefused() {
        assertTrue(refusal("  \nsecret").endsWith("auth has 0 bytes (expected: 1 to 256)"));
    }

    @Test
    void read_notUtf8_isRefused() throws IOException {
        Path file = file("r--------", new byte[] {(byte) 0xC3, '\n'});
        BadOptionException refusal = assertThrows(BadOptionException.class, () -> Credential.read(file));
        assertTrue(refusal.problem().contains("is not UTF-8"), refusal.problem());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw------x"})
    void read_othersHaveAccess_isRefusedWithTheCommandThatHelps(String permissions) throws IOException {
        Path file = file(permissions, new byte[] {'x'});
        BadOptionException refusal = assertThrows(BadOptionException.class, () -> Credential.read(file));
        assertTrue(refusal.problem().contains("has the permissions " + permissions), refusal.problem());
        assertEquals("chmod 600 " + file, refusal.fix());
    }

    @Test
    void unreadable_ofAnotherOwner_isNotBlamedOnItsMode() throws IOException {
        Path file = file("rw-------", new byte[] {'x'});

        assertEquals("chmod 600 " + file, FileProblem.fix(file, "netmem", Optional.of("netmem")));
        for (Optional<String> owner : List.of(Optional.of("root"), Optional.<String>empty())) {
            String fix = FileProblem.fix(file, "netmem", owner);
            assertTrue(fix.startsWith("chown netmem " + file), fix);
        }
        String owner = Files.getOwner(file).getName();
        String problem = FileProblem.of(file, new AccessDeniedException(file.toString()));
        assertTrue(problem.contains("it belongs to " + owner), problem);
    }
}
