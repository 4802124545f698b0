package netmem.api.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * One annotated golden file of {@code docs/protocol/vectors}. Immutable.
 *
 * @param name file name without its ending
 * @param comments the lines that start with {@code #}, without that
 * @param hex all bytes, in order, as digits
 */
record VectorFile(String name, List<String> comments, String hex) {
    /** The protocol's documentation, seen from the module's folder, in which tests run. */
    static final Path DOCS = Path.of(System.getProperty("basedir", "."), "..", "docs", "protocol");

    private static final String ENDING = ".hex";

    /** Reads one file and checks that each line's offset is the number of bytes before it. */
    static VectorFile read(String name) {
        try {
            List<String> lines = Files.readAllLines(DOCS.resolve("vectors").resolve(name + ENDING));
            List<String> comments = lines.stream()
                    .filter(line -> line.startsWith("#"))
                    .map(line -> line.substring(1).strip())
                    .toList();
            StringBuilder hex = new StringBuilder();
            for (String line : lines) {
                if (!line.startsWith("#")) {
                    append(name, line, hex);
                }
            }
            return new VectorFile(name, comments, hex.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(String name, String line, StringBuilder hex) {
        int colon = line.indexOf(':');
        assertEquals(hex.length() / 2, Integer.parseInt(line, 0, colon, 16), () -> name + ": offset of: " + line);
        hex.append(line.substring(colon + 1, line.indexOf('#')).replace(" ", ""));
    }

    /** Names of all files, sorted. */
    static List<String> names() {
        try (Stream<Path> files = Files.list(DOCS.resolve("vectors"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(ENDING))
                    .map(file -> file.substring(0, file.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /** A fresh little-endian copy that decoders may move about in. */
    ByteBuffer buffer() {
        return Frames.little(bytes());
    }
}
