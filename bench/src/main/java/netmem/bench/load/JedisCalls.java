package netmem.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

/** Jedis with a pool that has a connection for each caller, so that none waits for one. Shared by its callers. */
final class JedisCalls implements RedisCalls {
    private final RedisClient client;

    JedisCalls(Target target, int callers) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(callers);
        pool.setMaxIdle(callers);
        client = RedisClient.builder()
                .hostAndPort(target.host(), target.port())
                .poolConfig(pool)
                .build();
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return client.get(key);
    }

    @Override
    public void set(byte[] key, byte[] value) {
        client.set(key, value);
    }

    @Override
    public void setRange(byte[] key, byte[] value) {
        client.setrange(key, 0, value);
    }

    @Override
    public long increment(byte[] key) {
        return client.incr(key);
    }

    @Override
    public boolean setIfAbsent(byte[] key, byte[] value, long millis) {
        return client.set(key, value, SetParams.setParams().nx().px(millis)) != null;
    }

    @Override
    public long script(String digest, byte[][] keys, byte[]... arguments) {
        Object answer = client.evalsha(digest.getBytes(US_ASCII), List.of(keys), List.of(arguments));
        return (Long) answer;
    }

    @Override
    public String load(String script) {
        return client.scriptLoad(script);
    }

    @Override
    public void close() {
        client.close();
    }
}
