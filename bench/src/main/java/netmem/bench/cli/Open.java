package netmem.bench.cli;

import java.util.concurrent.Callable;
import netmem.bench.load.Load;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Latency at a rate. Filled by picocli. */
@Command(
        name = "open",
        description = "Latency at a rate: an open loop, counted from the instant at which each operation was due.",
        mixinStandardHelpOptions = true)
final class Open implements Callable<Integer> {
    @Mixin
    final Place place = new Place();

    @Mixin
    final Driving driving = new Driving();

    @Mixin
    final Amount amount = new Amount();

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "operations a second, of all callers together (default: ${DEFAULT-VALUE})")
    double rate = 5000;

    @Option(
            names = "--callers",
            paramLabel = "N",
            description = "threads, each with one operation in flight (default: ${DEFAULT-VALUE})")
    int callers = 4;

    @Option(names = "--random", description = "arrivals at random (Poisson) instead of at equal intervals")
    boolean poisson;

    @Option(names = "--virtual", description = "callers are virtual threads")
    boolean virtual;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Load load = driving.complete(Load.open(driving.mix(), driving.clients, callers, rate))
                .withPoisson(poisson)
                .withVirtual(virtual);
        Session session = new Session(place, driving.who).plan(load, amount.timing());
        return Commands.run(session, "NetMem: latency at " + Math.round(rate) + " operations a second", spec);
    }
}
