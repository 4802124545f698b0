package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/semantics.md names for its promises are there. That they test what is promised is for a reader to judge. */
class SemanticsDocsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+Test)\\.(\\w+)`");

    @Test
    void semantics_eachTestNamed_exists() throws IOException {
        List<String> missing = new ArrayList<>();
        int named = 0;
        Matcher matcher = NAMED.matcher(Files.readString(ROOT.resolve("docs/semantics.md")));
        while (matcher.find()) {
            named++;
            if (!isThere(matcher.group(1), matcher.group(2))) {
                missing.add(matcher.group());
            }
        }

        assertEquals(List.of(), missing);
        assertTrue(named > 20, "tests named: " + named);
    }

    private static boolean isThere(String testClass, String method) throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .flatMap(SemanticsDocsTest::files)
                    .filter(file -> file.getFileName().toString().equals(testClass + ".java"))
                    .anyMatch(file -> contains(file, " " + method + "("));
        }
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
