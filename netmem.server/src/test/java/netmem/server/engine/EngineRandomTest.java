package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine beside a plain model under random commands: exclusive by token, in order of arrival, one version a change, at most once. A failure prints its
 * run's seed; {@code -Dnetmem.run=SEED} replays that run alone, {@code -Dnetmem.seed=N} all of them.
 */
@Timeout(60)
final class EngineRandomTest {
    private static final int RUNS = 100;
    private static final int RUNS_MAX = 30;
    private static final int STEPS = 600;

    @Test
    void engine_randomCommands_agreesWithTheModel() {
        Long one = Long.getLong("netmem.run");
        if (one != null) {
            new EngineRun(one, EngineSubject::new).steps(STEPS);
            return;
        }
        Random seeds = Seeds.random(EngineRandomTest.class);
        for (int run = 0; run < RUNS; run++) {
            new EngineRun(seeds.nextLong(), EngineSubject::new).steps(STEPS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void engine_withAPlantedBug_isFound(PlantedBug bug) {
        Random seeds = Seeds.random(EngineRandomTest.class);
        boolean found = false;
        for (int run = 0; run < RUNS_MAX && !found; run++) {
            found = finds(bug, seeds.nextLong());
        }
        assertTrue(found, bug + " was not found in " + RUNS_MAX + " runs of " + STEPS + " commands");
    }

    private static boolean finds(PlantedBug bug, long seed) {
        try {
            new EngineRun(seed, bug::of).steps(STEPS);
            return false;
        } catch (AssertionError wrong) {
            return true;
        }
    }
}
