package netmem.bench.load;

import org.jspecify.annotations.Nullable;

/** The operations by Redis commands. Shared by its callers. */
final class RedisWorker implements Client {
    private final Target target;
    private final RedisCalls redis;
    private final VersionTable versions;
    private final byte[] page;
    private final byte[] few = new byte[Operation.SMALL_BYTES];
    private final String compareUpdate;
    private final String transaction;
    private final String unlock;

    RedisWorker(Target target, RedisCalls redis) {
        this.target = target;
        this.redis = redis;
        this.versions = new VersionTable(target.pages());
        this.page = new byte[target.pageLengthBytes()];
        this.compareUpdate = redis.load(RedisWork.COMPARE_UPDATE);
        this.transaction = redis.load(RedisWork.TRANSACTION);
        this.unlock = redis.load(RedisWork.UNLOCK);
    }

    @Override
    public void prepare(Mix mix) {
        for (long i = 0; i < target.pages(); i++) {
            byte[] version = redis.get(RedisWork.version(i));
            if (version == null) {
                redis.set(RedisWork.page(i), page);
                redis.set(RedisWork.version(i), RedisWork.bytes(RedisWork.VERSION_FIRST));
            }
            versions.saw(i, version == null ? RedisWork.VERSION_FIRST : RedisWork.number(version));
        }
    }

    @Override
    public void run(Operation operation, long index, int caller) {
        switch (operation) {
            case VALIDATED_READ ->
                required(
                        redis.get(RedisWork.version(index)),
                        Long.toString(index).length());
            case PAGE_READ -> required(redis.get(RedisWork.page(index)), target.pageLengthBytes());
            case SMALL_WRITE -> redis.setRange(RedisWork.page(index), few);
            case PAGE_UPDATE -> redis.set(RedisWork.page(index), page);
            case COMPARE_UPDATE -> compareAndUpdate(index);
            case ATOMIC_ADD -> redis.increment(RedisWork.counter(index));
            case TRANSACTION -> transact(index, target.partner(index));
            case LOCK_UNLOCK -> lock(index, caller);
        }
    }

    private static void required(byte @Nullable [] value, int lengthMin) {
        if (value == null || value.length < lengthMin) {
            throw new IllegalStateException("reply: " + (value == null ? "none" : value.length + " bytes")
                    + " (expected: >= " + lengthMin + " bytes)");
        }
    }

    private void compareAndUpdate(long index) {
        byte[][] keys = {RedisWork.page(index), RedisWork.version(index)};
        long answer = redis.script(compareUpdate, keys, RedisWork.bytes(versions.of(index)), page);
        versions.saw(index, Math.abs(answer));
    }

    private void transact(long first, long second) {
        byte[][] keys = {
            RedisWork.page(first), RedisWork.version(first), RedisWork.page(second), RedisWork.version(second)
        };
        long a = versions.of(first);
        long b = versions.of(second);
        if (redis.script(transaction, keys, RedisWork.bytes(a), RedisWork.bytes(b), few) == 1) {
            versions.saw(first, a + 1);
            versions.saw(second, b + 1);
        } else {
            see(first);
            see(second);
        }
    }

    private void see(long index) {
        byte[] version = redis.get(RedisWork.version(index));
        if (version != null) {
            versions.saw(index, RedisWork.number(version));
        }
    }

    private void lock(long index, int caller) {
        byte[] key = RedisWork.lock(index);
        byte[] owner = RedisWork.bytes(caller);
        while (!redis.setIfAbsent(key, owner, RedisWork.LOCK_MILLIS)) {
            Thread.onSpinWait();
        }
        redis.script(unlock, new byte[][] {key}, owner);
    }

    @Override
    public void close() {
        redis.close();
    }
}
