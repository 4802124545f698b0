package netmem.proof.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** One seed, from its begin to its end: what the test calls, through another class loader. Pure. */
public final class SimulationRun implements BiFunction<Long, Boolean, Map<String, Object>> {
    /** Found by name. */
    public SimulationRun() {}

    @Override
    public Map<String, Object> apply(Long seed, Boolean traced) {
        World world = new World(seed, traced);
        Scenario scenario = new Scenario(world);
        List<String> violations = scenario.run();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("violations", List.copyOf(violations));
        result.put("trace", List.copyOf(world.trace()));
        result.put("hash", world.hash());
        result.put("reached", scenario.reached());
        return result;
    }
}
