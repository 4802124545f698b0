package netmem.proof.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import netmem.proof.planted.PlantedBugs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server is killed and comes back with an empty memory: nobody mixes the two, and who does is found. */
@Timeout(600)
class LostMemoryOverSocketTest {
    private static final long MILLIS = Long.getLong("netmem.histories.lost.millis", 1500);
    private static final int ROUNDS_MAX = 5;

    @TempDir
    Path folder;

    @Test
    void histories_serverComesBackEmpty_areRight() throws Exception {
        long seed = Long.getLong("netmem.seed", System.nanoTime());
        String replay =
                "./build -pl proof -am test -Dtest=LostMemoryOverSocketTest -Dnetmem.test.options='-Dnetmem.seed="
                        + seed + " -Dnetmem.histories.lost.millis=" + MILLIS + "'";
        Path files = Files.createDirectories(Path.of("target", "histories", "lost-" + seed));
        System.out.println("histories: " + files + ", again: " + replay);
        LostMemoryRun.Outcome outcome = new LostMemoryRun(System.getProperty("java.class.path"), files, seed)
                .run(List.of(Worker.Manner.values()), MILLIS);
        System.out.println("histories: " + outcome.summary());
        List<String> violations = outcome.violations();
        assertEquals(List.of(), violations, () -> String.join("\n", violations) + "\nagain: " + replay);
        assertTrue(outcome.done(false) > 50 && outcome.done(true) > 50, outcome::summary);
        assertTrue(outcome.refused(1) > 50, () -> "calls of who goes on refused: " + outcome.refused(1));
    }

    @Test
    void memoryLostInSilence_planted_isFound() throws Exception {
        List<String> seen = new ArrayList<>();
        String changed = PlantedBugs.named("memory lost in silence").classPath(folder.resolve("classes"));
        for (long seed = 1; seed <= ROUNDS_MAX; seed++) {
            Path files = Files.createDirectories(folder.resolve("run-" + seed));
            List<String> violations = new LostMemoryRun(changed, files, seed)
                    .run(List.of(Worker.Manner.STAYS), 300)
                    .violations();
            seen.addAll(violations);
            if (violations.stream().anyMatch(text -> !text.startsWith("went on in another memory"))) {
                return; // the checkers alone have seen it
            }
        }
        throw new AssertionError("not found in " + ROUNDS_MAX + " rounds: " + seen);
    }
}
