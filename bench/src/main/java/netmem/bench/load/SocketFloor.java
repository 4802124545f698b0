package netmem.bench.load;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What a blocking socket takes for frames of the same lengths as NetMem's, with a server that does nothing: the floor of
 * this machine and JVM. A connection for each caller. Shared.
 */
public final class SocketFloor implements LibraryContestant {
    private final Target target;
    private final LongSupplier cpuNanos;

    /** Takes part with an {@link EchoServer}. */
    public SocketFloor(Target target, LongSupplier cpuNanos) {
        this.target = target;
        this.cpuNanos = cpuNanos;
    }

    @Override
    public String name() {
        return "bare socket";
    }

    @Override
    public Set<Operation> operations() {
        return EnumSet.allOf(Operation.class);
    }

    @Override
    public Client open(int callers) {
        return new SocketClient(target, callers);
    }

    @Override
    public long serverCpuNanos() {
        return cpuNanos.getAsLong();
    }
}
