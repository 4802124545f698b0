package netmem.server.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The stress tests as one test of the build: fails on a forbidden outcome, and when a control does not show its own. The
 * long form is {@code ./build -pl stress -am verify -Dstress=long}.
 */
final class StressIT {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final String FORM = System.getProperty("stress", "short");

    @Test
    @Timeout(value = 8, unit = TimeUnit.HOURS)
    void stress_allTests_showWhatTheyMust() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(TARGET.resolve("stress"));
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        TARGET.resolve("netmem-stress.jar").toString(),
                        StressRun.class.getName(),
                        FORM,
                        folder.resolve("report").toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        StringBuilder output = new StringBuilder();
        for (String line : (Iterable<String>) run.inputReader().lines()::iterator) {
            output.append(line).append('\n');
            if (line.startsWith("STRESS ") || line.startsWith("VIOLATION ")) {
                System.out.println(line);
            }
        }
        assertEquals(0, run.waitFor(), output::toString);
    }
}
