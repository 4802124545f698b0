package netmem.bench.load;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lettuce with its defaults: one connection, its blocking commands. Shared by its callers. */
final class LettuceCalls implements RedisCalls {
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final RedisCommands<byte[], byte[]> commands;

    LettuceCalls(Target target) {
        client = RedisClient.create(RedisURI.create(target.host(), target.port()));
        connection = client.connect(ByteArrayCodec.INSTANCE);
        commands = connection.sync();
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return commands.get(key);
    }

    @Override
    public void set(byte[] key, byte[] value) {
        commands.set(key, value);
    }

    @Override
    public void setRange(byte[] key, byte[] value) {
        commands.setrange(key, 0, value);
    }

    @Override
    public long increment(byte[] key) {
        return commands.incr(key);
    }

    @Override
    public boolean setIfAbsent(byte[] key, byte[] value, long millis) {
        return commands.set(key, value, new SetArgs().nx().px(millis)) != null;
    }

    @Override
    public long script(String digest, byte[][] keys, byte[]... arguments) {
        Long answer = commands.evalsha(digest, ScriptOutputType.INTEGER, keys, arguments);
        return answer;
    }

    @Override
    public String load(String script) {
        return commands.scriptLoad(script);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
