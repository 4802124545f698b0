package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each test of the 0.2 wire is named in docs/protocol/netmem-0.2.md. That each name there is a test is checked in netmem.api (ProtocolDocsTest). */
final class Wire02DocumentTest {
    private static final Path TESTS = Path.of("src", "test", "java", "netmem", "server", "net");
    private static final Path DOCUMENT = Path.of("..", "docs", "protocol", "netmem-0.2.md");
    private static final List<String> WIRE_TESTS =
            List.of("Admission", "Contention", "Death", "Decisions", "Garbage", "Requests", "SlowReader", "Split");
    private static final Pattern NAME = Pattern.compile("`(Wire02\\w+Test)[.](\\w+)`");
    private static final Pattern METHOD = Pattern.compile("\\n    void (\\w+)\\(");

    @Test
    void tests_ofTheWire_areNamedInTheDocument() throws IOException {
        Set<String> named = named();
        List<String> unnamed = new ArrayList<>();
        for (String test : WIRE_TESTS) {
            unnamed.addAll(methods("Wire02" + test + "Test"));
        }
        assertTrue(unnamed.size() > 50, "tests: " + unnamed.size());
        unnamed.removeAll(named);
        assertEquals(List.of(), unnamed);
    }

    private static Set<String> named() throws IOException {
        return NAME.matcher(Files.readString(DOCUMENT))
                .results()
                .map(match -> match.group(1) + "." + match.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> methods(String test) throws IOException {
        return METHOD.matcher(Files.readString(TESTS.resolve(test + ".java")))
                .results()
                .map(match -> test + "." + match.group(1))
                .toList();
    }
}
