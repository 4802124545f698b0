package netmem.bench.cli;

import java.util.List;
import netmem.bench.load.Load;
import netmem.bench.load.Mix;
import picocli.CommandLine.Option;

/** Options of the load that both loops have. Filled by picocli. */
final class Driving {
    @Option(
            names = "--mix",
            paramLabel = "OP=WEIGHT,...",
            description =
                    "operations: validated-read, page-read, small-write, page-update, compare-update, atomic-add, transaction, lock-unlock (default: ${DEFAULT-VALUE})")
    String mix = "validated-read=9,page-update=1";

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "client objects of the library (default: ${DEFAULT-VALUE})")
    int clients = 1;

    @Option(
            names = "--skew",
            paramLabel = "S",
            description = "pages by Zipf's law with this exponent; 0 for all alike (default: ${DEFAULT-VALUE})")
    double skew;

    @Option(names = "--seed", paramLabel = "N", description = "of all random choices (default: ${DEFAULT-VALUE})")
    long seed = 1;

    @Option(
            names = "--with",
            split = ",",
            paramLabel = "WHO",
            description = "who takes part: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    List<Who> who = List.of(Who.FLOOR, Who.NETMEM);

    Mix mix() {
        return Mix.parse(mix);
    }

    Load complete(Load load) {
        return load.withSkew(skew).withSeed(seed);
    }
}
