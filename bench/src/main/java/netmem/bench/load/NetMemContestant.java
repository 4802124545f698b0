package netmem.bench.load;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;

/** NetMem through its own client: one client, one connection, any number of callers. Shared. */
public final class NetMemContestant implements LibraryContestant {
    private final Target target;
    private final LongSupplier cpuNanos;
    private final Access access;
    private final long watchedPage;
    private final int watches;

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
        this(target, cpuNanos, access, 0, 0);
    }

    private NetMemContestant(Target target, LongSupplier cpuNanos, Access access, long watchedPage, int watches) {
        this.target = target;
        this.cpuNanos = cpuNanos;
        this.access = access;
        this.watchedPage = watchedPage;
        this.watches = watches;
    }

    /** The same with clients that watch a page so many times. */
    public NetMemContestant watching(long page, int times) {
        return new NetMemContestant(target, cpuNanos, access, page, times);
    }

    @Override
    public String name() {
        return "NetMem";
    }

    /** Of its server. */
    public String address() {
        return "netmem://" + target.host() + ":" + target.port();
    }

    @Override
    public Set<Operation> operations() {
        return EnumSet.allOf(Operation.class);
    }

    @Override
    public Client open(int callers) {
        NetMemClient client = new NetMemClient(target, address(), access);
        client.watch(watchedPage, watches);
        return client;
    }

    @Override
    public long serverCpuNanos() {
        return cpuNanos.getAsLong();
    }
}
