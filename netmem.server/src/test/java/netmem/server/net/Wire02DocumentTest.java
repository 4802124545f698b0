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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/protocol/netmem-0.2.md names tests that there are, and each test of the wire over sockets is named there. */
final class Wire02DocumentTest {
    private static final Path TESTS = Path.of("src", "test", "java", "netmem", "server");
    private static final Path DOCUMENT = Path.of("..", "docs", "protocol", "netmem-0.2.md");
    private static final List<String> WIRE_TESTS =
            List.of("Admission", "Contention", "Death", "Decisions", "Garbage", "Requests", "SlowReader", "Split");
    private static final Pattern NAME = Pattern.compile("`(Wire02\\w+Test|Version02Test)[.](\\w+)`");
    private static final Pattern METHOD = Pattern.compile("\\n    void (\\w+)\\(");

    @Test
    void tests_namedInTheDocument_areThere() throws IOException {
        Set<String> there = new TreeSet<>(methods("engine", "Version02Test"));
        for (String test : WIRE_TESTS) {
            there.addAll(methods("net", "Wire02" + test + "Test"));
        }
        Set<String> named = named();
        List<String> missing =
                named.stream().filter(name -> !there.contains(name)).toList();
        assertEquals(List.of(), missing);
        List<String> unnamed = there.stream()
                .filter(name -> !name.startsWith("Version02Test") && !named.contains(name))
                .toList();
        assertEquals(List.of(), unnamed);
        assertTrue(named.size() > 50, "names: " + named.size());
    }

    private static Set<String> named() throws IOException {
        return NAME.matcher(Files.readString(DOCUMENT))
                .results()
                .map(match -> match.group(1) + "." + match.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> methods(String folder, String test) throws IOException {
        Stream<MatchResult> methods = METHOD.matcher(
                        Files.readString(TESTS.resolve(folder).resolve(test + ".java")))
                .results();
        return new ArrayList<>(methods.map(match -> test + "." + match.group(1)).toList());
    }
}
