package netmem.samples.evolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import netmem.samples.JavaProcess;
import netmem.samples.launch.ServerScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a server from the class path in place of the image's. */
@Timeout(120)
class EvolutionTest {
    @TempDir
    private Path folder = Path.of("");

    private JavaProcess evolution(String... arguments) throws Exception {
        return JavaProcess.start(
                List.of("-XX:TieredStopAtLevel=1", ServerScript.optionFor(folder)), Evolution.class, arguments);
    }

    @Test
    void islands_oneOfThemKilled_findATourWithinFivePercent() throws Exception {
        try (JavaProcess evolution = evolution("2", "90", "--within=5", "--kill-one")) {
            String output = evolution.output();
            assertEquals(0, evolution.exitCode(), output);
            assertTrue(output.contains("killed island 1 (SIGKILL)"), output);
            assertTrue(output.contains("the others have gone on without it"), output);
            assertTrue(output.contains("checked: a round trip through all 52 cities"), output);
        }
    }

    @Test
    void evolution_badArguments_exitWith2() throws Exception {
        try (JavaProcess evolution = evolution("0")) {
            assertEquals(2, evolution.exitCode());
        }
    }
}
