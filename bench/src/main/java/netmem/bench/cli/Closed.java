package netmem.bench.cli;

import java.util.List;
import java.util.concurrent.Callable;
import netmem.bench.load.Load;
import netmem.bench.load.Placement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Throughput with so many in flight. Filled by picocli. */
@Command(
        name = "closed",
        description =
                "Throughput with so many operations in flight: a closed loop. One caller is a platform thread, several are virtual ones.",
        mixinStandardHelpOptions = true)
final class Closed implements Callable<Integer> {
    @Mixin
    final Place place = new Place();

    @Mixin
    final Driving driving = new Driving();

    @Mixin
    final Amount amount = new Amount();

    @Option(
            names = "--callers",
            split = ",",
            paramLabel = "N",
            description = "in flight; several numbers are measured one after the other (default: 1,64)")
    List<Integer> callers = List.of(1, 64);

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Session session = new Session(place, driving.who);
        for (int each : callers) {
            int clients = Math.min(driving.clients, each);
            Load load = driving.complete(Load.closed(driving.mix(), clients, each));
            session.plan(each == 1 ? load.at(Placement.ONE) : load, amount.timing());
        }
        return Commands.run(session, "NetMem: throughput", spec);
    }
}
