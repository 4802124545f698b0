package netmem.bench.cli;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import netmem.bench.load.Load;
import netmem.bench.load.Mix;
import netmem.bench.load.Operation;
import netmem.bench.load.Placement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** NetMem's client beside those of Redis. Filled by picocli. */
@Command(
        name = "peers",
        description =
                "NetMem's client beside Redis through Lettuce and Jedis: the same work, alone, with many in flight, and at a rate.",
        mixinStandardHelpOptions = true)
final class Peers implements Callable<Integer> {
    private static final int CALLERS_OPEN = 4;

    @Mixin
    final Place place = new Place();

    @Mixin
    final Amount amount = new Amount();

    @Option(
            names = "--operations",
            split = ",",
            paramLabel = "OP",
            description = "operations, one after the other (default: all)")
    List<String> operations =
            Stream.of(Operation.values()).map(Operation::label).toList();

    @Option(names = "--rate", paramLabel = "N", description = "of the open loop (default: ${DEFAULT-VALUE})")
    double rate = 5000;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "virtual threads on one client (default: ${DEFAULT-VALUE})")
    int inFlight = 64;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Session session = new Session(place, List.of(Who.NETMEM, Who.LETTUCE, Who.JEDIS, Who.FLOOR, Who.C_SOCKET));
        for (String operation : operations) {
            session.plan(Load.open(Mix.parse(operation), 1, CALLERS_OPEN, rate).at(Placement.AWAKE), amount.timing());
        }
        for (String operation : operations) {
            Load alone = Load.closed(Mix.parse(operation), 1, 1);
            session.plan(alone.at(Placement.ONE), amount.timing());
            if (alone.mix().has(Operation.VALIDATED_READ)
                    && Runtime.getRuntime().availableProcessors() > 1) {
                session.plan(alone.at(Placement.TWO), amount.timing());
            }
            session.plan(
                    Load.closed(Mix.parse(operation), 1, inFlight),
                    Set.of(Who.NETMEM, Who.LETTUCE, Who.JEDIS),
                    amount.timing());
        }
        return Commands.run(session, "NetMem's client beside those of Redis", spec);
    }
}
