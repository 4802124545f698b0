package netmem.samples.evolution;

import io.jenetics.EliteSelector;
import io.jenetics.EnumGene;
import io.jenetics.Genotype;
import io.jenetics.PermutationChromosome;
import io.jenetics.Phenotype;
import io.jenetics.TournamentSelector;
import io.jenetics.engine.Engine;
import io.jenetics.engine.EvolutionResult;
import io.jenetics.engine.EvolutionStart;
import io.jenetics.util.ISeq;
import java.util.List;
import java.util.stream.Stream;

/** The tours of one island and their evolution, without any network. Confined to one thread. */
final class Population {
    private static final int SIZE = 60;
    private static final double CROSSOVER_PROBABILITY = 0.6;
    private static final double MUTATION_PROBABILITY = 0.3;
    private static final int TURNS_MAX = 4;

    /** After so many generations without a shorter tour all begin anew. */
    private static final int PATIENCE_GENERATIONS = 300;

    /** So old is a population that has found its own way, and to which tours from elsewhere are news and not the end of it. */
    private static final int YOUTH_GENERATIONS = 150;

    private final Cities cities;
    private final Engine<EnumGene<Integer>, Integer> engine;
    private EvolutionStart<EnumGene<Integer>, Integer> now = EvolutionStart.empty();
    private int shortest = Integer.MAX_VALUE;
    private long shortestSince;
    private long begin;
    private int restarts;

    Population(Cities cities) {
        this.cities = cities;
        this.engine = Engine.builder(
                        genotype -> cities.length(Tour.order(genotype)),
                        Genotype.of(PermutationChromosome.ofInteger(cities.count())))
                .minimizing()
                .populationSize(SIZE)
                .survivorsSelector(new EliteSelector<EnumGene<Integer>, Integer>(2, new TournamentSelector<>(2)))
                .offspringSelector(new TournamentSelector<>(2))
                .alterers(
                        new EdgeRecombination(CROSSOVER_PROBABILITY),
                        new TwoOpt(cities, MUTATION_PROBABILITY, TURNS_MAX))
                .executor(Runnable::run)
                .build();
    }

    void evolve(int generations) {
        for (int i = 0; i < generations; i++) {
            EvolutionResult<EnumGene<Integer>, Integer> result = engine.evolve(now);
            now = result.next();
            if (result.bestFitness() < shortest) {
                shortest = result.bestFitness();
                shortestSince = result.generation();
            } else if (result.generation() - shortestSince > PATIENCE_GENERATIONS) {
                now = EvolutionStart.of(ISeq.empty(), now.generation());
                shortest = Integer.MAX_VALUE;
                shortestSince = result.generation();
                begin = result.generation();
                restarts++;
            }
        }
    }

    /** The shortest tours, each once. */
    List<Tour> elite(int count) {
        return byLength().map(this::tour).distinct().limit(count).toList();
    }

    private Stream<Phenotype<EnumGene<Integer>, Integer>> byLength() {
        return now.population().stream().sorted((a, b) -> Integer.compare(length(a), length(b)));
    }

    private int length(Phenotype<EnumGene<Integer>, Integer> phenotype) {
        return cities.length(Tour.order(phenotype.genotype()));
    }

    private Tour tour(Phenotype<EnumGene<Integer>, Integer> phenotype) {
        return new Tour(cities, Tour.order(phenotype.genotype()));
    }

    /** Lets tours live here in place of the longest ones. */
    void immigrate(List<Tour> tours) {
        int staying = Math.max(0, now.population().size() - tours.size());
        ISeq<Phenotype<EnumGene<Integer>, Integer>> population = Stream.concat(
                        tours.stream()
                                .map(tour -> Phenotype.<EnumGene<Integer>, Integer>of(
                                        Tour.genotype(tour.order()), now.generation())),
                        byLength().limit(staying))
                .collect(ISeq.toISeq());
        now = EvolutionStart.of(population, now.generation());
    }

    /** Whether tours may come from elsewhere: taken in too early, what all others have already is soon all that there is. */
    boolean isGrown() {
        return now.generation() - begin >= YOUTH_GENERATIONS;
    }

    long generation() {
        return now.generation();
    }

    int restarts() {
        return restarts;
    }
}
