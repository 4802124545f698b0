package netmem.samples.evolution;

import io.jenetics.EnumGene;
import io.jenetics.Genotype;
import io.jenetics.PermutationChromosome;
import io.jenetics.util.ISeq;
import io.jenetics.util.Seq;
import java.util.Arrays;
import java.util.stream.IntStream;

/** A round trip with its length. Immutable. */
final class Tour {
    private final int[] order;
    private final int length;

    /** The length is computed, never taken over from elsewhere. */
    Tour(Cities cities, int[] order) {
        if (!cities.isTour(order)) {
            throw new IllegalArgumentException(
                    "tour: " + Arrays.toString(order) + " (expected: each of the " + cities.count() + " cities once)");
        }
        this.order = order.clone();
        this.length = cities.length(order);
    }

    int length() {
        return length;
    }

    int[] order() {
        return order.clone();
    }

    /** The cities in the order in which genes name them. */
    static int[] order(Seq<EnumGene<Integer>> genes) {
        int[] order = new int[genes.length()];
        for (int i = 0; i < order.length; i++) {
            order[i] = genes.get(i).alleleIndex();
        }
        return order;
    }

    static int[] order(Genotype<EnumGene<Integer>> genotype) {
        return order(ISeq.of(genotype.chromosome()));
    }

    /** Genes for this order; alleles are the numbers of the cities, so an allele is its own index. */
    static ISeq<EnumGene<Integer>> genes(int[] order) {
        ISeq<Integer> alleles = IntStream.range(0, order.length).boxed().collect(ISeq.toISeq());
        return Arrays.stream(order).mapToObj(city -> EnumGene.of(city, alleles)).collect(ISeq.toISeq());
    }

    static Genotype<EnumGene<Integer>> genotype(int[] order) {
        return Genotype.of(new PermutationChromosome<>(genes(order)));
    }

    /** Tours are equal that visit the cities in the same order, wherever they begin and whichever way they go. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tour tour && length == tour.length && Arrays.equals(fromZero(), tour.fromZero());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fromZero());
    }

    private int[] fromZero() {
        int count = order.length;
        int zero = 0;
        while (order[zero] != 0) {
            zero++;
        }
        int step = order[(zero + 1) % count] < order[(zero + count - 1) % count] ? 1 : count - 1;
        int[] turned = new int[count];
        for (int i = 0; i < count; i++) {
            turned[i] = order[(zero + i * step) % count];
        }
        return turned;
    }

    @Override
    public String toString() {
        return Arrays.toString(order);
    }
}
