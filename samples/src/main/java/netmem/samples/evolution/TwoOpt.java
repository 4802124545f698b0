package netmem.samples.evolution;

import io.jenetics.Chromosome;
import io.jenetics.EnumGene;
import io.jenetics.Mutator;
import io.jenetics.MutatorResult;
import io.jenetics.util.ISeq;
import java.util.random.RandomGenerator;

/**
 * A mutator that turns round a stretch of a tour, first anywhere, then wherever that makes the tour shorter (2-opt), a bounded number of
 * times. Pure, but for the random numbers.
 */
final class TwoOpt extends Mutator<EnumGene<Integer>, Integer> {
    private final Cities cities;
    private final int turnsMax;

    TwoOpt(Cities cities, double probability, int turnsMax) {
        super(probability);
        this.cities = cities;
        this.turnsMax = turnsMax;
    }

    /** With the given probability for the whole tour, not for each of its genes. */
    @Override
    protected MutatorResult<Chromosome<EnumGene<Integer>>> mutate(
            Chromosome<EnumGene<Integer>> chromosome, double probability, RandomGenerator random) {
        if (random.nextDouble() >= probability) {
            return new MutatorResult<>(chromosome, 0);
        }
        int[] order = Tour.order(ISeq.of(chromosome));
        int from = random.nextInt(order.length);
        turn(order, from, from + 1 + random.nextInt(order.length - 2));
        int turns = shorten(cities, order, random.nextInt(order.length), turnsMax);
        return new MutatorResult<>(chromosome.newInstance(Tour.genes(order)), 1 + turns);
    }

    /** Turns stretches as long as that helps, at most so often; returns how often it did. */
    static int shorten(Cities cities, int[] order, int start, int turnsMax) {
        int count = order.length;
        int turns = 0;
        int since = 0;
        for (int i = start; since < count && turns < turnsMax; i = (i + 1) % count) {
            since++;
            for (int j = i + 2; j < i + count - 1 && turns < turnsMax; j++) {
                int a = order[i];
                int b = order[(i + 1) % count];
                int c = order[j % count];
                int d = order[(j + 1) % count];
                int gain =
                        cities.distance(a, b) + cities.distance(c, d) - cities.distance(a, c) - cities.distance(b, d);
                if (gain > 0) {
                    turn(order, i + 1, j);
                    turns++;
                    since = 0;
                }
            }
        }
        return turns;
    }

    /** Reverses the cities from one place to another, past the end of the list where need be. */
    private static void turn(int[] order, int from, int to) {
        int count = order.length;
        for (int i = from, j = to; i < j; i++, j--) {
            int city = order[i % count];
            order[i % count] = order[j % count];
            order[j % count] = city;
        }
    }
}
