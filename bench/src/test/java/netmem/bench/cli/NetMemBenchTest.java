package netmem.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import netmem.bench.cliff.Cliff;
import netmem.bench.cliff.Contender;
import netmem.bench.result.Figure;
import netmem.bench.result.Histograms;
import netmem.bench.result.Result;
import netmem.bench.result.ResultFile;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shows that the bench runs and that its files can be read; never what it scores. */
@Timeout(180)
class NetMemBenchTest {
    private final NetMemServer server = NetMemServer.builder()
            .listen("127.0.0.1", 0)
            .pages(64)
            .pageLengthBytes(1024)
            .start();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void stop() {
        server.close();
    }

    private String address() {
        return "127.0.0.1:" + server.port();
    }

    private int run(String... arguments) {
        int status = NetMemBench.run(new PrintWriter(out), new PrintWriter(err), arguments);
        if (status != 0) {
            System.out.println("netmem-bench ended with " + status + ": " + err + out);
        }
        return status;
    }

    private static void assertComplete(Path folder, int results) throws IOException {
        ResultFile file = ResultFile.read(folder.resolve("results.json"));
        assertEquals(results, file.results().size());
        for (Result result : file.results()) {
            assertTrue(result.figure(Figure.THROUGHPUT_PER_S).orElse(0) > 0, result.toString());
            assertEquals("1024", result.load().get("page length"), "the server's, not the default");
            String hlog = result.hlog();
            assertEquals(result.experiment().equals(Session.OPEN), hlog != null, result.toString());
            if (hlog != null) {
                assertTrue(Histograms.read(folder.resolve(hlog)).getTotalCount() > 0, hlog);
            }
        }
        assertTrue(Files.readString(folder.resolve("report.html")).endsWith("</html>\n"));
        assertTrue(file.environment().versions().containsKey("NetMem server"));
    }

    @Test
    void quick_ofAServer_writesResultsHistogramsAndReport(@TempDir Path folder) throws IOException {
        int code = run("--server", address(), "--seconds", "4", "--rate", "500", "--out", folder.toString());

        assertEquals(0, code, err.toString());
        assertComplete(folder, 12);
        assertTrue(out.toString().contains("bare socket"), out.toString());
        assertTrue(out.toString().contains("report.html"), out.toString());
        Set<String> who = ResultFile.read(folder.resolve("results.json")).results().stream()
                .map(Result::contestant)
                .collect(Collectors.toSet());
        assertEquals(Set.of("bare socket", "NetMem"), who);
    }

    @Test
    void openAndClosed_withTheirOptions_makeOneReport(@TempDir Path folder) throws IOException {
        String open = folder.resolve("open").toString();
        String closed = folder.resolve("closed").toString();
        assertEquals(
                0,
                run(
                        "open",
                        "--server",
                        address(),
                        "--mix",
                        "validated-read=9,atomic-add",
                        "--rate",
                        "500",
                        "--callers",
                        "3",
                        "--clients",
                        "2",
                        "--skew",
                        "0.99",
                        "--random",
                        "--virtual",
                        "--seconds",
                        "0.3",
                        "--rounds",
                        "2",
                        "--warm-up",
                        "0",
                        "--with",
                        "netmem",
                        "--out",
                        open));
        assertEquals(
                0,
                run(
                        "closed",
                        "--server",
                        address(),
                        "--callers",
                        "1,8",
                        "--seconds",
                        "0.2",
                        "--rounds",
                        "1",
                        "--warm-up",
                        "0",
                        "--with",
                        "netmem",
                        "--out",
                        closed));
        assertComplete(folder.resolve("open"), 1);
        assertComplete(folder.resolve("closed"), 2);

        Path page = folder.resolve("all.html");
        assertEquals(0, run("report", open + "/results.json", closed + "/results.json", "--out", page.toString()));
        assertTrue(Files.readString(page).contains(Session.OPEN));
        assertTrue(Files.readString(page).contains(Session.CLOSED));
    }

    @Test
    void contentionAndCliffs_short_measureEachRow(@TempDir Path folder) throws IOException {
        try (NetMemServer large = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(Cliff.PAGES)
                .pageLengthBytes(64)
                .start()) {
            String[] where = {"--server", "127.0.0.1:" + large.port(), "--short", "--out", folder.toString()};
            assertEquals(0, run(words(where, "contention")));
            assertRows(folder, 3 * Contender.values().length);
            assertEquals(0, run(words(where, "cliffs", "--rate", "100")));
            assertRows(folder, 4 * Cliff.values().length);
            for (Cliff cliff : Cliff.values()) {
                assertTrue(out.toString().contains(cliff.words()), cliff.words());
            }
        }
    }

    private static String[] words(String[] last, String... first) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(last)).toArray(String[]::new);
    }

    private static void assertRows(Path folder, int results) throws IOException {
        ResultFile file = ResultFile.read(folder.resolve("results.json"));
        assertEquals(results, file.results().size());
        for (Result result : file.results()) {
            assertTrue(result.figure(Figure.P99_US).orElse(0) > 0, result.toString());
        }
        assertTrue(Files.readString(folder.resolve("report.html")).endsWith("</html>\n"));
    }

    @Test
    void cliffTable_ratios_sayWhereTheyTellOnlyOfABusyMachine() {
        assertEquals("29.9 × busy", CliffTable.ratio(100, 2990));
        assertEquals("30.0 ×", CliffTable.ratio(100, 3000));
        assertEquals("2990.0 × busy", CliffTable.ratio(0, 2990));
    }

    @Test
    void commandLine_thatIsWrong_endsWithTwo(@TempDir Path folder) {
        assertEquals(2, run("--no-such-option"));
        assertEquals(2, run("open", "--mix", "read", "--server", address(), "--out", folder.toString()));
        assertTrue(err.toString().contains("operation: read (expected: one of validated-read,"), err.toString());
        assertEquals(2, run("report"));
        assertEquals(2, run("closed", "--page-length", "100", "--out", folder.toString()));
    }

    @Test
    void server_thatIsNotThere_endsWithOne(@TempDir Path folder) {
        assertEquals(1, run("--launcher", folder.resolve("absent").toString(), "--out", folder.toString()));
        assertEquals(1, run("report", folder.resolve("absent.json").toString()));
    }

    @Test
    void help_ofEachCommand_isPrinted() {
        for (String command : new String[] {"quick", "open", "closed", "peers", "contention", "cliffs", "report"}) {
            assertEquals(0, run(command, "--help"));
        }
        assertEquals(0, run("--help"));
        assertEquals(0, run("--version"));
    }

    @Test
    void serverWithACredential_isMeasuredWithAuthFileAndDeniesWithout(@TempDir Path folder) throws IOException {
        Path auth = Files.writeString(folder.resolve("auth"), "hush\n");
        try (NetMemServer closed = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(64)
                .pageLengthBytes(1024)
                .credential("hush")
                .start()) {
            String[] arguments = {
                "closed",
                "--server",
                "127.0.0.1:" + closed.port(),
                "--callers",
                "1",
                "--mix",
                "page-read",
                "--with",
                "netmem",
                "--seconds",
                "0.2",
                "--rounds",
                "1",
                "--warm-up",
                "0",
                "--out",
                folder.resolve("out").toString(),
                "--auth-file",
                auth.toString()
            };
            assertEquals(0, run(arguments), err::toString);
            assertTrue(Files.exists(folder.resolve("out/results.json")));
            assertTrue(
                    !Files.readString(folder.resolve("out/results.json")).contains("hush"), "the credential is kept");

            assertTrue(run(Arrays.copyOf(arguments, arguments.length - 2)) != 0);
            assertTrue(err.toString().contains("DENIED") || err.toString().contains("credential"), err::toString);
        }
    }
}
