package netmem.bench.cliff;

/** Keeps a server busy, step by step. Confined to one thread. */
@FunctionalInterface
interface BusyLoad {
    /** Does it once, and returns when it is done. */
    void step() throws Exception;
}
