package netmem.samples.evolution;

import io.jenetics.Crossover;
import io.jenetics.EnumGene;
import io.jenetics.util.MSeq;
import io.jenetics.util.RandomRegistry;
import java.util.random.RandomGenerator;

/**
 * A crossover for tours: children are made of their parents' edges (D. Whitley's edge recombination). The other crossovers for
 * permutations keep the places of the cities in the list, which mean nothing in a round trip. Pure, but for the random numbers.
 */
final class EdgeRecombination extends Crossover<EnumGene<Integer>, Integer> {
    EdgeRecombination(double probability) {
        super(probability);
    }

    @Override
    protected int crossover(MSeq<EnumGene<Integer>> one, MSeq<EnumGene<Integer>> two) {
        int[] a = Tour.order(one);
        int[] b = Tour.order(two);
        RandomGenerator random = RandomRegistry.random();
        one.setAll(Tour.genes(child(a, b, a[0], random)));
        two.setAll(Tour.genes(child(a, b, b[0], random)));
        return one.length() + two.length();
    }

    /** A tour from a city on, where it can be along an edge of a parent: to the neighbour that has the fewest ways on left. */
    static int[] child(int[] a, int[] b, int start, RandomGenerator random) {
        int count = a.length;
        int[][] neighbours = new int[count][4];
        addNeighbours(neighbours, a, 0);
        addNeighbours(neighbours, b, 2);
        boolean[] visited = new boolean[count];
        int[] child = new int[count];
        int city = start;
        for (int i = 0; i < count; i++) {
            child[i] = city;
            visited[city] = true;
            if (i < count - 1) {
                city = next(neighbours, visited, city, random);
            }
        }
        return child;
    }

    private static void addNeighbours(int[][] neighbours, int[] tour, int at) {
        int count = tour.length;
        for (int i = 0; i < count; i++) {
            neighbours[tour[i]][at] = tour[(i + 1) % count];
            neighbours[tour[i]][at + 1] = tour[(i + count - 1) % count];
        }
    }

    private static int next(int[][] neighbours, boolean[] visited, int city, RandomGenerator random) {
        int best = -1;
        int waysBest = Integer.MAX_VALUE;
        int ties = 0;
        for (int neighbour : neighbours[city]) {
            if (!visited[neighbour]) {
                int ways = waysOn(neighbours[neighbour], visited);
                ties = ways == waysBest ? ties + 1 : 1;
                if (ways < waysBest || (ways == waysBest && random.nextInt(ties) == 0)) {
                    best = neighbour;
                    waysBest = ways;
                }
            }
        }
        return best >= 0 ? best : anyOther(visited, random);
    }

    private static int waysOn(int[] neighbours, boolean[] visited) {
        int ways = 0;
        for (int i = 0; i < neighbours.length; i++) {
            boolean counted = i >= 2 && (neighbours[i] == neighbours[0] || neighbours[i] == neighbours[1]);
            if (!visited[neighbours[i]] && !counted) {
                ways++;
            }
        }
        return ways;
    }

    private static int anyOther(boolean[] visited, RandomGenerator random) {
        int city = random.nextInt(visited.length);
        while (visited[city]) {
            city = (city + 1) % visited.length;
        }
        return city;
    }
}
