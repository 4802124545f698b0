package netmem.bench.load;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;

/** NetMem through its own client: one client, one connection, any number of callers. Shared. */
public final class NetMemContestant implements LibraryContestant {
    private final Target target;
    private final LongSupplier cpuNanos;
    private final Access access;

    /**
     * Takes part with a server.
     *
     * @param target with at least as many pages as it says
     * @param cpuNanos of the server; negative where unknown
     */
    public NetMemContestant(Target target, LongSupplier cpuNanos) {
        this(target, cpuNanos, Access.FREE);
    }

    /** Takes part with a server that may want a credential. */
    public NetMemContestant(Target target, LongSupplier cpuNanos, Access access) {
        this.target = target;
        this.cpuNanos = cpuNanos;
        this.access = access;
    }

    @Override
    public String name() {
        return "NetMem";
    }

    @Override
    public Set<Operation> operations() {
        return EnumSet.allOf(Operation.class);
    }

    @Override
    public Client open(int callers) {
        return new NetMemClient(target, access);
    }

    @Override
    public long serverCpuNanos() {
        return cpuNanos.getAsLong();
    }
}
