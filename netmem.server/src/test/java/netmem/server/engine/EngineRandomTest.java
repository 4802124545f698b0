package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine beside a plain model under random commands: exclusive by token, in order of arrival, one version a change, at most once. A failure prints its
 * run's seed; {@code -Dnetmem.run=SEED} replays that run alone, {@code -Dnetmem.seed=N} all of them; {@code -Dnetmem.runs=N} makes more.
 */
@Timeout(3600) // seconds, for the long form: -Dnetmem.runs=...
final class EngineRandomTest {
    private static final int RUNS = Integer.getInteger("netmem.runs", 300);
    private static final int RUNS_MAX = 30;
    private static final int STEPS = 600;

    /** Without these the runs would show little. */
    private static final List<String> REACHED = List.of(
            "LOCK DEADLOCK",
            "LOCK_MANY DEADLOCK",
            "waited LOCK DEADLOCK",
            "waited LOCK OK",
            "waited LOCK_MANY OK",
            "plain WRITE OK",
            "waited WRITE OK",
            "waited ATOMIC OK",
            "ATOMIC CONDITION_FAILED",
            "TRANSACT OK",
            "TRANSACT CONDITION_FAILED",
            "TRANSACT FENCED",
            "waited TRANSACT OK",
            "waited TRANSACT CONDITION_FAILED",
            "waited TRANSACT TIMEOUT",
            "waited AWAIT_NEWER OK",
            "OUTCOME OK",
            "OUTCOME STALE_REQUEST");

    @Test
    void engine_randomCommands_agreesWithTheModel() {
        Map<String, Integer> reached = new TreeMap<>();
        Long one = Long.getLong("netmem.run");
        if (one != null) {
            new EngineRun(one, EngineSubject::new, reached).steps(STEPS);
            return;
        }
        Random seeds = Seeds.random(EngineRandomTest.class);
        for (int run = 0; run < RUNS; run++) {
            new EngineRun(seeds.nextLong(), EngineSubject::new, reached).steps(STEPS);
        }
        System.out.println("EngineRandomTest: " + reached);
        for (String answer : REACHED) {
            assertTrue(reached.getOrDefault(answer, 0) > 0, () -> answer + " was never reached");
        }
    }

    /** What is left after a part is followed up before the next command: then it is as if it had been done at once. */
    @Test
    void engine_thatFollowsUpStepByStep_agreesWithTheModel() {
        Random seeds = Seeds.random(EngineRandomTest.class);
        for (int run = 0; run < RUNS; run++) {
            new EngineRun(seeds.nextLong(), 1, EngineInSteps::new, new TreeMap<>()).steps(STEPS);
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
            new EngineRun(seed, bug::of, new TreeMap<>()).steps(STEPS);
            return false;
        } catch (AssertionError wrong) {
            return true;
        }
    }
}
