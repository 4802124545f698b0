package netmem.bench.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Which operations are done, each with its weight. Pure value.
 *
 * @param weights at least one operation, each weight at least 1
 */
public record Mix(Map<Operation, Integer> weights) {
    /** Keeps the order; refuses an empty mix. */
    public Mix {
        if (weights.isEmpty()) {
            throw new IllegalArgumentException("mix: empty (expected: at least one operation)");
        }
        weights.forEach((operation, weight) -> {
            if (weight < 1) {
                throw new IllegalArgumentException(
                        "weight of " + operation.label() + ": " + weight + " (expected: >= 1)");
            }
        });
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /** One operation alone. */
    public static Mix of(Operation operation) {
        return new Mix(Map.of(operation, 1));
    }

    /**
     * Reads {@code validated-read=90,page-update=10}; a weight that is left out is 1.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static Mix parse(String text) {
        Map<Operation, Integer> weights = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            String[] words = part.strip().split("=", 2);
            Operation operation = Operation.ofLabel(words[0])
                    .orElseThrow(() -> new IllegalArgumentException("operation: " + words[0] + " (expected: one of "
                            + labels(List.of(Operation.values())) + ")"));
            weights.put(operation, words.length == 1 ? 1 : weight(words[1]));
        }
        return new Mix(weights);
    }

    private static int weight(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("weight: " + text + " (expected: a whole number >= 1)", e);
        }
    }

    private static String labels(List<Operation> operations) {
        return operations.stream().map(Operation::label).collect(Collectors.joining(", "));
    }

    /** The operations of the mix. */
    public Set<Operation> operations() {
        return weights.keySet();
    }

    /** Tells whether an operation is among them. */
    public boolean has(Operation operation) {
        return weights.containsKey(operation);
    }

    /** A table to draw operations from, each as often as its weight says. */
    Draw draw() {
        List<Operation> tickets = new ArrayList<>();
        weights.forEach((operation, weight) -> tickets.addAll(Collections.nCopies(weight, operation)));
        return new Draw(tickets.toArray(Operation[]::new));
    }

    /** Tickets of a lottery. Pure: the randomness is the caller's. */
    static final class Draw {
        private final Operation[] tickets;

        private Draw(Operation[] tickets) {
            this.tickets = tickets;
        }

        Operation next(SplittableRandom random) {
            return tickets.length == 1 ? tickets[0] : tickets[random.nextInt(tickets.length)];
        }
    }

    /** Returns {@code validated-read}, or {@code validated-read=90,page-update=10}. */
    @Override
    public String toString() {
        return weights.size() == 1
                ? labels(List.copyOf(weights.keySet()))
                : weights.entrySet().stream()
                        .map(entry -> entry.getKey().label() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }
}
