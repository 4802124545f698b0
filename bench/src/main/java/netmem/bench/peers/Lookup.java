package netmem.bench.peers;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import netmem.bench.result.Result;

/** Finds figures in results. Pure value. */
record Lookup(List<Result> results) {
    /** Of one experiment. */
    Lookup in(String experiment) {
        return new Lookup(results.stream()
                .filter(result -> result.experiment().equals(experiment))
                .toList());
    }

    /** Those whose load has this entry. */
    Lookup with(String name, Object value) {
        return new Lookup(results.stream()
                .filter(result -> value.toString().equals(result.load().get(name)))
                .toList());
    }

    /** Those of one contestant. */
    Lookup of(String contestant) {
        return new Lookup(results.stream()
                .filter(result -> result.contestant().equals(contestant))
                .toList());
    }

    /** The figure of the first that has it. */
    OptionalDouble figure(String key) {
        return results.stream()
                .filter(result -> result.figures().containsKey(key))
                .mapToDouble(result -> result.figures().getOrDefault(key, 0.0))
                .findFirst();
    }

    /** The figure of one contestant over that of another. */
    OptionalDouble ratio(String key, String contestant, String other) {
        OptionalDouble above = of(contestant).figure(key);
        OptionalDouble below = of(other).figure(key);
        return above.isPresent() && below.isPresent() && below.getAsDouble() > 0
                ? OptionalDouble.of(above.getAsDouble() / below.getAsDouble())
                : OptionalDouble.empty();
    }

    /** All values of an entry of the load, in the order of the results. */
    List<String> values(String name) {
        Set<String> values = new LinkedHashSet<>();
        results.forEach(result -> {
            String value = result.load().get(name);
            if (value != null) {
                values.add(value);
            }
        });
        return List.copyOf(values);
    }

    /** All contestants, in the order of the results. */
    List<String> contestants() {
        return results.stream().map(Result::contestant).distinct().toList();
    }
}
