package netmem.bench.load;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What is done, by how many, and at which rate. Pure value.
 *
 * @param mix the operations
 * @param clients client objects of the library, each with connections of its own
 * @param callers threads in all, spread over the clients; each has one operation in flight
 * @param ratePerSecond of all callers together; empty for a closed loop, in which each caller goes on as soon as it is
 *     answered
 * @param poisson arrivals at random, as of many independent users, instead of at equal intervals
 * @param virtual callers are virtual threads
 * @param skew of the choice of pages; 0 for all alike
 * @param seed of all randomness
 * @param placement where callers and servers run
 */
public record Load(
        Mix mix,
        int clients,
        int callers,
        OptionalDouble ratePerSecond,
        boolean poisson,
        boolean virtual,
        double skew,
        long seed,
        Placement placement) {
    /** In results: where callers and servers ran; absent where the system chose. */
    public static final String PROCESSORS = "processors";

    private static final int CALLERS_MAX = 100_000;

    /** Refuses what cannot be driven. */
    public Load {
        if (clients < 1 || clients > callers) {
            throw new IllegalArgumentException("clients: " + clients + " (expected: 1 to callers=" + callers + ")");
        }
        if (callers > CALLERS_MAX) {
            throw new IllegalArgumentException("callers: " + callers + " (expected: <= " + CALLERS_MAX + ")");
        }
        double rate = ratePerSecond.orElse(1);
        if (!(rate > 0 && rate < 1e9)) {
            throw new IllegalArgumentException("rate: " + rate + " (expected: above 0 and below 1e9)");
        }
    }

    /** As fast as answers come. */
    public static Load closed(Mix mix, int clients, int callers) {
        return new Load(mix, clients, callers, OptionalDouble.empty(), false, callers > 1, 0, 1, Placement.ANYWHERE);
    }

    /** At a rate, by platform threads, at equal intervals. */
    public static Load open(Mix mix, int clients, int callers, double ratePerSecond) {
        return new Load(
                mix, clients, callers, OptionalDouble.of(ratePerSecond), false, false, 0, 1, Placement.ANYWHERE);
    }

    /** The same with pages chosen by Zipf's law. */
    public Load withSkew(double newSkew) {
        return new Load(mix, clients, callers, ratePerSecond, poisson, virtual, newSkew, seed, placement);
    }

    /** The same with arrivals at random. */
    public Load withPoisson(boolean random) {
        return new Load(mix, clients, callers, ratePerSecond, random, virtual, skew, seed, placement);
    }

    /** The same with callers that are virtual threads, or are not. */
    public Load withVirtual(boolean newVirtual) {
        return new Load(mix, clients, callers, ratePerSecond, poisson, newVirtual, skew, seed, placement);
    }

    /** The same with other random numbers. */
    public Load withSeed(long newSeed) {
        return new Load(mix, clients, callers, ratePerSecond, poisson, virtual, skew, newSeed, placement);
    }

    /** The same with callers and servers placed so. */
    public Load at(Placement newPlacement) {
        return new Load(mix, clients, callers, ratePerSecond, poisson, virtual, skew, seed, newPlacement);
    }

    /** What results say of the load. */
    Map<String, String> described(Target target) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("operation", mix.toString());
        words.put("page length", Integer.toString(target.pageLengthBytes()));
        words.put("pages", Integer.toString(target.pages()));
        words.put("clients", Integer.toString(clients));
        words.put("callers", Integer.toString(callers));
        words.put("threads", virtual ? "virtual" : "platform");
        ratePerSecond.ifPresent(rate -> {
            words.put("rate", String.format(Locale.ROOT, "%.0f/s", rate));
            words.put("arrivals", poisson ? "random" : "equal intervals");
        });
        if (placement != Placement.ANYWHERE) {
            words.put(PROCESSORS, placement.words());
        }
        if (skew > 0) {
            words.put("skew", Double.toString(skew));
        }
        return words;
    }
}
