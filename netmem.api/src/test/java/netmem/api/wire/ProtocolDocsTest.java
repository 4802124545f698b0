package netmem.api.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import netmem.api.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The tables of {@code docs/protocol} say what the code says: operations, statuses, limits, the frames of the example; links lead somewhere
 * and named tests exist. The server's limits are compared in its own module.
 */
@Timeout(20)
class ProtocolDocsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern VECTOR = Pattern.compile("\\[vectors/([a-z0-9-]+)\\.hex\\]");
    private static final Pattern BLOCK = Pattern.compile("\n```\n(# .*?\n)```", Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("(?m)^## (\\d+) ([A-Z_]+)$");
    private static final Pattern FLAG = Pattern.compile("[A-Z_]+ = (\\d+)");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    private static String read(String file) {
        try {
            return Files.readString(VectorFile.DOCS.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<MatchResult> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().toList();
    }

    /** Cells of the table rows of a file that have this many cells, without backquotes. */
    private static List<List<String>> rows(String file, int cells) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : read(file).lines().filter(l -> l.startsWith("|")).toList()) {
            List<String> row = Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
                    .map(cell -> cell.replace("`", "").strip())
                    .toList();
            if (row.size() == cells) {
                rows.add(row);
            }
        }
        return rows;
    }

    @Test
    void operations_ofTable_areThoseOfTheCode() {
        Map<String, String> expected = new TreeMap<>();
        for (Opcode opcode : Opcode.values()) {
            expected.put(
                    opcode.name(),
                    "%d 0x%02x %d %s"
                            .formatted(
                                    opcode.code(),
                                    opcode.code(),
                                    opcode.flagsKnown(),
                                    opcode.isRecorded() ? "yes" : "no"));
        }

        Map<String, String> actual = new TreeMap<>();
        for (List<String> row : rows("README.md", 6)) {
            if (row.get(2).startsWith("0x")) {
                int flags = all(FLAG, row.get(3)).stream()
                        .mapToInt(flag -> Integer.parseInt(flag.group(1)))
                        .sum();
                actual.put(row.get(0), row.get(1) + " " + row.get(2) + " " + flags + " " + row.get(4));
            }
        }

        assertEquals(expected, actual);
    }

    @Test
    void operations_all_haveTheirSection() {
        String spec = read("README.md");
        for (Opcode opcode : Opcode.values()) {
            assertTrue(spec.contains("\n### " + opcode + "\n"), opcode::name);
        }
    }

    @Test
    void statuses_ofTableAndHeadings_areThoseOfTheCode() {
        Map<Integer, String> expected = new TreeMap<>();
        for (Status status : Status.values()) {
            expected.put(status.code(), status.name());
        }

        Map<Integer, String> table = new TreeMap<>();
        for (List<String> row : rows("status-codes.md", 3)) {
            if (row.get(0).matches("\\d+")) {
                String name = row.get(1).replaceAll("\\[(\\w+)\\].*", "$1");
                assertEquals("[" + name + "](#" + row.get(0) + "-" + name.toLowerCase(Locale.ROOT) + ")", row.get(1));
                table.put(Integer.valueOf(row.get(0)), name);
            }
        }
        Map<Integer, String> headings = new TreeMap<>();
        for (MatchResult heading : all(HEADING, read("status-codes.md"))) {
            headings.put(Integer.valueOf(heading.group(1)), heading.group(2));
        }

        assertEquals(expected, table);
        assertEquals(expected, headings);
    }

    @Test
    void limits_ofTable_areThoseOfTheCode() throws IllegalAccessException {
        Map<String, String> expected = new TreeMap<>();
        for (Field field : WireLimits.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) {
                expected.put(field.getName(), String.valueOf(field.get(null)));
            }
        }

        Map<String, String> actual = new TreeMap<>();
        for (List<String> row : rows("limits.md", 4)) {
            if (row.get(1).matches("[A-Z_]+")) {
                actual.put(row.get(1), row.get(2));
            }
        }

        assertEquals(expected, actual);
    }

    @Test
    void conversation_ofSpec_isTheVectors() throws IOException {
        String spec = read("README.md");
        List<MatchResult> vectors = all(VECTOR, spec);
        List<MatchResult> blocks = all(BLOCK, spec);

        assertFalse(vectors.isEmpty());
        assertEquals(vectors.size(), blocks.size());
        for (int i = 0; i < vectors.size(); i++) {
            assertEquals(
                    read("vectors/" + vectors.get(i).group(1) + ".hex"),
                    blocks.get(i).group(1));
        }
    }

    @Test
    void links_ofAllFiles_leadSomewhere() {
        for (String file : List.of("README.md", "status-codes.md", "limits.md", "netmem-0.2.md", "vectors/README.md")) {
            Path folder = VectorFile.DOCS.resolve(file).resolveSibling("");
            for (MatchResult link : all(LINK, read(file))) {
                assertTrue(Files.exists(folder.resolve(link.group(1))), () -> file + ": " + link.group());
            }
        }
    }

    @Test
    void tests_named_exist() throws IOException {
        List<MatchResult> named = new ArrayList<>(all(TEST, read("status-codes.md")));
        assertTrue(named.size() >= Status.values().length, "each status names a test");
        named.addAll(all(TEST, read("netmem-0.2.md")));
        for (MatchResult test : named) {
            assertTrue(
                    source(test.group(1)).contains(" " + test.group(2) + "("), () -> "no such test: " + test.group());
        }
    }

    private static String source(String testClass) throws IOException {
        Path root = VectorFile.DOCS.resolve("../..");
        for (String module : List.of("netmem.api", "netmem.server", "netmem.client")) {
            Path tests = root.resolve(module).resolve("src/test/java");
            if (Files.isDirectory(tests)) {
                try (Stream<Path> files = Files.walk(tests)) {
                    for (Path file :
                            files.filter(f -> f.endsWith(testClass + ".java")).toList()) {
                        return Files.readString(file);
                    }
                }
            }
        }
        return "";
    }
}
