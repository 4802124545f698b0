package netmem.samples.evolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Crossover, mutation, and what a population makes of them. */
@Timeout(30)
class OperatorsTest {
    private static final long SEED = Long.getLong("netmem.seed", System.nanoTime());
    private static final int ROUNDS = 200;

    private final Random random = new Random(SEED);
    private final Cities cities = Cities.berlin52();

    private int[] randomOrder() {
        int[] order = IntStream.range(0, cities.count()).toArray();
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int city = order[i];
            order[i] = order[j];
            order[j] = city;
        }
        return order;
    }

    private static Set<Integer> edges(int[] order) {
        Set<Integer> edges = new HashSet<>();
        for (int i = 0; i < order.length; i++) {
            int a = order[i];
            int b = order[(i + 1) % order.length];
            edges.add(Math.min(a, b) * order.length + Math.max(a, b));
        }
        return edges;
    }

    @Test
    void child_ofTwoTours_isATourMostlyOfTheirEdges() {
        int strange = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int[] a = randomOrder();
            int[] b = randomOrder();
            int[] child = EdgeRecombination.child(a, b, a[0], random);
            assertTrue(cities.isTour(child), () -> "seed " + SEED);
            assertEquals(a[0], child[0]);
            Set<Integer> own = edges(child);
            own.removeAll(edges(a));
            own.removeAll(edges(b));
            strange += own.size();
        }
        assertTrue(strange < ROUNDS * cities.count() / 10, strange + " edges of no parent, seed " + SEED);
    }

    @Test
    void child_ofATourAndItself_isThatTour() {
        int[] tour = randomOrder();
        assertEquals(edges(tour), edges(EdgeRecombination.child(tour, tour, tour[7], random)), () -> "seed " + SEED);
    }

    @Test
    void shorten_aCrossing_undoesIt() {
        Cities square = Cities.of(List.of("0 0", "10 0", "10 10", "0 10"));
        int[] crossed = {0, 2, 1, 3};
        assertEquals(1, TwoOpt.shorten(square, crossed, 0, 10));
        assertEquals(40, square.length(crossed));
    }

    @Test
    void shorten_anyTour_endsWhereNoTurnHelpsAndNeverLonger() {
        for (int round = 0; round < ROUNDS; round++) {
            int[] order = randomOrder();
            int before = cities.length(order);
            assertEquals(3, TwoOpt.shorten(cities, order, random.nextInt(order.length), 3), () -> "seed " + SEED);
            int between = cities.length(order);
            TwoOpt.shorten(cities, order, random.nextInt(order.length), Integer.MAX_VALUE);
            assertTrue(cities.isTour(order), () -> "seed " + SEED);
            assertTrue(before > between && between > cities.length(order), () -> "seed " + SEED);
            assertEquals(0, TwoOpt.shorten(cities, order, 0, 1), () -> "seed " + SEED);
        }
    }

    @Test
    void population_thatGetsTheOptimum_keepsIt() {
        Population population = new Population(cities);
        population.evolve(1);
        Tour first = population.elite(1).getFirst();
        Tour optimal = new Tour(cities, CitiesTest.OPTIMAL);
        population.immigrate(List.of(optimal));
        population.evolve(20);
        assertEquals(optimal, population.elite(3).getFirst());
        assertTrue(first.length() > Cities.BERLIN52_OPTIMUM, first::toString);
    }

    @Test
    void population_fromNothing_isGrownAfterItsYouth() {
        Population population = new Population(cities);
        population.evolve(100);
        assertFalse(population.isGrown());
        population.evolve(60);
        assertTrue(population.isGrown());
    }
}
