package netmem.bench.load;

import org.jspecify.annotations.Nullable;

/** The few commands that the work needs, as a client library of Redis offers them. Shared by its callers. */
interface RedisCalls extends AutoCloseable {
    byte @Nullable [] get(byte[] key);

    void set(byte[] key, byte[] value);

    void setRange(byte[] key, byte[] value);

    long increment(byte[] key);

    /** True when the key was free. */
    boolean setIfAbsent(byte[] key, byte[] value, long millis);

    /** Runs a script by its digest and returns the number that it returns. */
    long script(String digest, byte[][] keys, byte[]... arguments);

    /** Returns the script's digest. */
    String load(String script);

    @Override
    void close();
}
