package netmem.samples.factor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import netmem.samples.JavaProcess;
import netmem.samples.launch.ServerScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a server from the class path in place of the image's. */
@Timeout(90)
class FactorTest {
    @TempDir
    private Path folder = Path.of("");

    private JavaProcess factor(String... arguments) throws Exception {
        return JavaProcess.start(List.of(ServerScript.optionFor(folder)), Factor.class, arguments);
    }

    @Test
    void factor_compositeNumber_printsItsFactors() throws Exception {
        try (JavaProcess factor = factor("238680576481481679027870010692", "2")) {
            String output = factor.output();
            assertEquals(0, factor.exitCode(), output);
            assertTrue(output.contains(" = 2^2 * 3^2 * 27586838861903 * 240332574767399\n"), output);
            assertTrue(output.contains("checked: each factor is prime and their product is the number"), output);
        }
    }

    @Test
    void factor_stoppedOnTheWay_leavesNoProcess() throws Exception {
        // the RSA challenge of 100 digits: not in this test's time
        String rsa100 =
                "1522605027922533360535618378132637429718068114961380688657908494580122963258952897654000350692006139";
        try (JavaProcess factor = factor(rsa100, "2")) {
            String line = factor.process()
                    .inputReader()
                    .lines()
                    .filter(text -> text.contains("100 digits to split"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(line.contains("workers 2 of 2"), line);
            List<ProcessHandle> children = factor.process().descendants().toList();
            assertEquals(3, children.size());
            factor.process().destroy();
            assertTrue(factor.process().waitFor(20, TimeUnit.SECONDS));
            children.forEach(child -> assertFalse(child.isAlive(), child::toString));
        }
    }

    @Test
    void factor_badArguments_exitWith2() throws Exception {
        for (String[] arguments : new String[][] {{"12x"}, {"1"}, {"15", "0"}, {"15", "2", "3"}}) {
            try (JavaProcess factor = factor(arguments)) {
                assertEquals(2, factor.exitCode());
            }
        }
    }
}
