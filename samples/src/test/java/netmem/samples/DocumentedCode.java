package netmem.samples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Compares the Java of a document with the test that runs it: each piece has to be in the test word for word. */
public final class DocumentedCode {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private DocumentedCode() {}

    /** Fails unless the page has so many pieces of Java at least, and each is in the test's source, spaces aside. */
    public static void assertIsRun(Path page, int snippetsMin, Class<?> test) throws IOException {
        Path source = Path.of("src/test/java", test.getName().replace('.', '/') + ".java");
        String code = dense(Files.readString(source));
        List<String> snippets = SNIPPET.matcher(Files.readString(page))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertTrue(snippets.size() >= snippetsMin, snippets.size() + " snippets");
        for (String snippet : snippets) {
            assertTrue(code.contains(dense(snippet)), () -> "not in " + source + ": " + snippet);
        }
    }

    private static String dense(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
