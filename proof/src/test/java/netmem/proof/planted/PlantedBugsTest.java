package netmem.proof.planted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import netmem.proof.simulation.WorldLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The simulation finds each bug that is planted into the sources; otherwise it would show nothing. */
@Timeout(1800) // seconds
class PlantedBugsTest {
    private static final int SEEDS_MAX = Integer.getInteger("netmem.planted.seeds", 2000);

    @Test
    void plantedBug_each_isFound() {
        List<String> missed = missed();
        assertTrue(missed.isEmpty(), () -> "not found in " + SEEDS_MAX + " seeds: " + missed);
    }

    /** Looks for each bug, prints a table, and returns those that were not found. */
    static List<String> missed() {
        List<String> missed = new ArrayList<>();
        String only = System.getProperty("netmem.planted.only", "");
        for (PlantedBug bug : PlantedBugs.ALL) {
            if (!bug.name().matches(".*(" + only + ").*")) {
                continue;
            }
            String found = found(bug, "netmem.proof.simulation.SimulationRun");
            System.out.println("| " + bug.name() + " | " + found + " |");
            if (found.isEmpty()) {
                missed.add(bug.name());
            }
        }
        return missed;
    }

    @Test
    void tornPage_planted_isFound() {
        String finder = "netmem.server.memory.InterleavedRead";
        assertEquals(
                List.of(),
                new WorldLoader(Map.of()).run(finder).apply(1L, false).get("violations"));
        assertTrue(found(PlantedBugs.TORN_PAGE, finder).contains("torn"));
    }

    @Test
    void limit_planted_isFound() {
        String finder = "netmem.server.engine.CrowdedLine";
        assertEquals(
                List.of(),
                new WorldLoader(Map.of()).run(finder).apply(1L, false).get("violations"));
        assertTrue(found(PlantedBugs.UNLIMITED_LINE, finder).contains("limit"));
    }

    /** After how many seeds, and by which check; empty when it was not found. */
    private static String found(PlantedBug bug, String finder) {
        BiFunction<Long, Boolean, Map<String, Object>> simulation = new WorldLoader(bug.compiled()).run(finder);
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            try {
                List<?> violations = (List<?>) simulation.apply(seed, false).get("violations");
                if (violations != null && !violations.isEmpty()) {
                    return seed + " | "
                            + String.valueOf(violations.getFirst())
                                    .lines()
                                    .findFirst()
                                    .orElse("");
                }
            } catch (RuntimeException | Error e) {
                return seed + " | " + e;
            }
        }
        return "";
    }
}
