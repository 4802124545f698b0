package netmem.bench.load;

/** A client library's connection or pool, in use by a fixed number of callers. Shared by its callers. */
public interface Client extends AutoCloseable {
    /** Makes the operations of a mix ready: pages filled, caches warm, scripts loaded. Called once, before the first one. */
    void prepare(Mix mix);

    /**
     * Does one operation and returns when it is done.
     *
     * @param operation one that the contestant supports
     * @param page 0 to pages - 1
     * @param caller 0 to callers - 1; each number is used by one thread at a time
     */
    void run(Operation operation, long page, int caller);

    /** Ends the connections. Never throws. */
    @Override
    void close();
}
