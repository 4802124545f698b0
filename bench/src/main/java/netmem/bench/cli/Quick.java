package netmem.bench.cli;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import netmem.bench.load.Load;
import netmem.bench.load.Mix;
import netmem.bench.load.Operation;
import netmem.bench.load.Timing;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What this machine does in ten seconds: the usual operations beside the floor. Filled by picocli. */
@Command(
        name = "quick",
        description = "The usual operations beside this machine's floor (a loopback round trip), in 10 seconds.",
        mixinStandardHelpOptions = true,
        showDefaultValues = false)
final class Quick implements Callable<Integer> {
    private static final List<Operation> OPERATIONS = List.of(
            Operation.VALIDATED_READ,
            Operation.PAGE_READ,
            Operation.PAGE_UPDATE,
            Operation.ATOMIC_ADD,
            Operation.TRANSACTION);
    private static final List<Operation> IN_FLIGHT = List.of(Operation.VALIDATED_READ, Operation.PAGE_UPDATE);
    private static final int CALLERS = 2;
    private static final int CALLERS_IN_FLIGHT = 64;
    private static final int ROUNDS = 5;
    private static final double START_SECONDS = 2;
    private static final double WARM_UP_PART = 0.25;

    @Mixin
    final Place place = new Place();

    @Option(names = "--seconds", paramLabel = "S", description = "for all of it (default: ${DEFAULT-VALUE})")
    double seconds = 10;

    @Option(names = "--rate", paramLabel = "N", description = "operations a second (default: ${DEFAULT-VALUE})")
    double rate = 4000;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Session session = new Session(place, List.of(Who.FLOOR, Who.NETMEM));
        double each = Math.max(seconds - START_SECONDS, 1) / (2 * OPERATIONS.size() + IN_FLIGHT.size());
        Timing timing = Amount.timing(each * WARM_UP_PART, each * (1 - WARM_UP_PART), ROUNDS);
        for (Operation operation : OPERATIONS) {
            session.plan(Load.open(Mix.of(operation), 1, CALLERS, rate), timing);
        }
        for (Operation operation : IN_FLIGHT) {
            session.plan(Load.closed(Mix.of(operation), 1, CALLERS_IN_FLIGHT), Set.of(Who.NETMEM), timing);
        }
        return Commands.run(session, "NetMem on this machine", spec);
    }
}
