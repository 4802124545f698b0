package netmem.samples.philosophers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import netmem.samples.JavaProcess;
import netmem.samples.launch.ServerScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a server from the class path in place of the image's. */
@Timeout(180)
class PhilosophersTest {
    @TempDir
    private Path folder = Path.of("");

    private JavaProcess philosophers(String... arguments) throws Exception {
        return JavaProcess.start(
                List.of("-XX:TieredStopAtLevel=1", ServerScript.optionFor(folder)), Philosophers.class, arguments);
    }

    @Test
    void philosophers_inBothPhases_eatAndAgree() throws Exception {
        try (JavaProcess philosophers = philosophers("3", "2")) {
            String output = philosophers.output();
            assertEquals(0, philosophers.exitCode(), output);
            assertTrue(output.contains("checked: nobody starved"), output);
            assertTrue(found("one fork after the other, .* s: [0-9]+ meals, [1-9][0-9]* deadlocks", output), output);
            assertTrue(found("both forks or none, .* s: [0-9]+ meals, 0 deadlocks", output), output);
            assertTrue(found(" (Spinoza|Plato|Hypatia) +exclusive +[0-9]+ +[0-9]+ ms +[0-2]", output), output);
        }
    }

    private static boolean found(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).find();
    }

    @Test
    void philosophers_badArguments_exitWith2() throws Exception {
        for (String[] arguments : new String[][] {{"1"}, {"17"}, {"3", "1"}, {"3", "4", "5"}}) {
            try (JavaProcess philosophers = philosophers(arguments)) {
                assertEquals(2, philosophers.exitCode());
            }
        }
    }
}
