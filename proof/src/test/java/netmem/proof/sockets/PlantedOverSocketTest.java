package netmem.proof.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import netmem.proof.history.History;
import netmem.proof.planted.PlantedBug;
import netmem.proof.planted.PlantedBugs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and clients that are wrong in one place are found out by their histories over sockets. */
@Timeout(300)
class PlantedOverSocketTest {
    private static final int ROUNDS_MAX = 12;
    private static final int SECONDS = 3;

    @TempDir
    Path folder;

    @Test
    void retryRunTwice_repliesCutAtEachByte_isFound() throws Exception {
        String changed = PlantedBugs.named("retry run twice").classPath(folder.resolve("classes"));
        List<History> histories = new ArrayList<>();
        try (ServerProgram server = new ServerProgram(changed, folder)) {
            CutSweepTest.sweep(
                    server.port(), CutSweepTest.Script.WRITE, Fault::afterReplies, FaultProxy::replyBytes, histories);
        }
        List<String> violations = History.merged(histories).violations(Map.of());
        assertEquals(1, violations.size(), violations::toString);
        assertTrue(violations.getFirst().contains("happened twice"), violations::getFirst);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "double grant",
                "transaction with one failed compare applied",
                "watch asks anew without the newest",
                "possibly sent taken for not sent"
            })
    void planted_underRandomLoadAndFaults_isFound(String name) throws Exception {
        PlantedBug planted = PlantedBugs.named(name);
        String changed = planted.classPath(folder.resolve("classes"));
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
