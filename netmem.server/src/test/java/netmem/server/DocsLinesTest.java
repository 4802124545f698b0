package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Lines of the documents end at or before column 120, so that they can be read beside code. Rows of tables and examples
 * cannot be broken, and pages that are made by programs are not.
 */
class DocsLinesTest {
    private static final Path ROOT = Path.of("..");
    private static final int COLUMNS_MAX = 120;
    private static final Set<String> MADE = Set.of("docs/operations/options.md", "docs/benchmarks.md");

    @Test
    void lines_ofDocuments_endInTime() throws IOException {
        List<String> tooLong = new ArrayList<>();
        List<Path> documents = documents();
        for (Path document : documents) {
            boolean example = false;
            List<String> lines = Files.readAllLines(document);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                example ^= line.startsWith("```");
                if (!example && !line.startsWith("|") && lines.get(i).length() > COLUMNS_MAX) {
                    tooLong.add(ROOT.relativize(document) + ":" + (i + 1) + ": "
                            + lines.get(i).length() + " columns");
                }
            }
        }
        assertEquals(List.of(), tooLong);
        assertTrue(documents.size() > 40, "documents: " + documents.size());
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .filter(file -> !MADE.contains(ROOT.relativize(file).toString()))
                    .toList();
        }
    }
}
