package netmem.bench.load;

import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/** Redis through one of its Java libraries. Shared. */
public final class RedisContestant implements LibraryContestant {
    private final String name;
    private final Target target;
    private final LongSupplier cpuNanos;
    private final IntFunction<RedisCalls> connect;

    private RedisContestant(String name, Target target, LongSupplier cpuNanos, IntFunction<RedisCalls> connect) {
        this.name = name;
        this.target = target;
        this.cpuNanos = cpuNanos;
        this.connect = connect;
    }

    /** Through Lettuce: one connection for all callers. */
    public static RedisContestant lettuce(Target target, LongSupplier cpuNanos) {
        return new RedisContestant("Redis (Lettuce)", target, cpuNanos, _ -> new LettuceCalls(target));
    }

    /** Through Jedis: a pool with a connection for each caller. */
    public static RedisContestant jedis(Target target, LongSupplier cpuNanos) {
        return new RedisContestant("Redis (Jedis)", target, cpuNanos, callers -> new JedisCalls(target, callers));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Operation> operations() {
        return RedisWork.OPERATIONS;
    }

    @Override
    public Client open(int callers) {
        return new RedisWorker(target, connect.apply(callers));
    }

    @Override
    public long serverCpuNanos() {
        return cpuNanos.getAsLong();
    }
}
