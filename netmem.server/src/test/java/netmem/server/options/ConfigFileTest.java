package netmem.server.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class ConfigFileTest {
    @TempDir
    private Path folder = Path.of("unset");

    private Path file = Path.of("unset");

    @BeforeEach
    void nameFile() {
        file = folder.resolve("netmem.conf");
    }

    private Map<String, String> read(String text) throws IOException, BadOptionException {
        Files.writeString(file, text);
        return ConfigFile.read(file).entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().key(), entry -> entry.getValue().text()));
    }

    @Test
    void read_spacesCommentsAndEndings_areSkipped() throws IOException, BadOptionException {
        assertEquals(Map.of("pages", "5", "listen", "[::1]:7070", "arena-file", "/tmp/a#b", "lease", ""), read("""
                # a comment

                pages=5\r
                  listen =   [::1]:7070   # why
                   # another = comment
                arena-file = /tmp/a#b
                lease =\
                """));
    }

    @Test
    void read_nothing_isEmpty() throws IOException, BadOptionException {
        assertEquals(Map.of(), read(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pages 5 | line 2: pages 5: (expected: key = value)",
                "pagesize = 5 | line 2: pagesize: unknown key (expected: the name of an option without its dashes; did you mean page-length?)",
                "--pages = 5 | line 2: --pages: unknown key (expected: the name of an option without its dashes; did you mean pages?)",
                "Pages = 5 | line 2: Pages: unknown key",
                "config = other.conf | line 2: config: unknown key",
                "= 5 | line 2: : unknown key",
                "insecure = true | line 2: insecure: given twice (expected: once)",
            })
    void read_badLine_isNamedWithItsNumber(String line, String message) {
        BadOptionException refusal =
                assertThrows(BadOptionException.class, () -> read("insecure = false\n" + line + "\n"));
        assertTrue(refusal.problem().startsWith(file + " " + message), refusal.problem());
    }

    @Test
    void read_notUtf8_isRefused() throws IOException {
        Files.write(file, new byte[] {'#', (byte) 0xFF});
        BadOptionException refusal = assertThrows(BadOptionException.class, () -> ConfigFile.read(file));
        assertEquals("config: " + file + " (expected: text in UTF-8)", refusal.problem());
    }

    @Test
    void read_endlessFile_isRefused() {
        BadOptionException refusal =
                assertThrows(BadOptionException.class, () -> ConfigFile.read(Path.of("/dev/zero")));
        assertEquals("config: /dev/zero has more bytes (expected: <= 1048576)", refusal.problem());
    }
}
