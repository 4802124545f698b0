package netmem.proof.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import netmem.proof.history.History;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers and clients that are wrong in one place are found out by their histories over sockets. */
@Timeout(300)
class PlantedOverSocketTest {
    private static final int ROUNDS_MAX = 12;
    private static final int SECONDS = 3;

    private static final Planted RETRY_RUN_TWICE = new Planted(
            "retry run twice",
            "netmem.server",
            "netmem.server.engine.Outcomes",
            "return state == null ? FRESH : state;",
            "return state instanceof Known.Waiting ? state : FRESH;");

    static List<Planted> found() {
        return List.of(
                new Planted(
                        "exclusive lock granted beside a shared one",
                        "netmem.server",
                        "netmem.server.lock.Line",
                        "return holders.isEmpty()\n",
                        "return holders.isEmpty() || holders.firstEntry().getValue().mode() == Claim.Mode.SHARED\n"),
                new Planted(
                        "transaction with one failed compare applied",
                        "netmem.server",
                        "netmem.server.engine.Transactions",
                        "if (!failed.isEmpty()) {",
                        "if (failed.size() > 1) {"),
                new Planted(
                        "watch begins anew with the next change only",
                        "netmem.client",
                        "netmem.client.Watches",
                        "again.add(new WatchCall(new Deadline(nowNanos, 0), watch, part, true));",
                        "if (otherMemory) again.add(new WatchCall(new Deadline(nowNanos, 0), watch, part, true));"),
                new Planted(
                        "frame that was written taken for one that was not",
                        "netmem.client",
                        "netmem.client.Call",
                        "if (streamEnd <= writtenBytes) {",
                        "if (streamEnd < 0) {"));
    }

    @TempDir
    Path folder;

    @Test
    void retryRunTwice_repliesCutAtEachByte_isFound() throws Exception {
        List<History> histories = new ArrayList<>();
        try (ServerProgram server = new ServerProgram(RETRY_RUN_TWICE.classPath(folder), folder)) {
            CutSweepTest.sweep(
                    server.port(), CutSweepTest.Script.WRITE, Fault::afterReplies, FaultProxy::replyBytes, histories);
        }
        List<String> violations = History.merged(histories).violations(Map.of());
        assertEquals(1, violations.size(), violations::toString);
        assertTrue(violations.getFirst().contains("happened twice"), violations::getFirst);
    }

    @ParameterizedTest
    @MethodSource("found")
    void planted_underRandomLoadAndFaults_isFound(Planted planted) throws Exception {
        String changed = planted.classPath(folder);
        String unchanged = System.getProperty("java.class.path");
        boolean inServer = planted.module().equals("netmem.server");
        for (long seed = 1; seed <= ROUNDS_MAX; seed++) {
            Path files = Files.createDirectories(folder.resolve("run-" + seed));
            try (ServerProgram server = new ServerProgram(inServer ? changed : unchanged, files)) {
                List<String> violations = new SocketRun(inServer ? unchanged : changed, files, server.port(), seed)
                        .run(2, SECONDS)
                        .violations();
                if (!violations.isEmpty()) {
                    System.out.println(planted + " is found in round " + seed + ": " + violations.getFirst());
                    return;
                }
            }
        }
        throw new AssertionError(planted + ": not found in " + ROUNDS_MAX + " rounds");
    }
}
