package netmem.server.engine;

/**
 * Versions as NetMem 0.2 sees them: signed 32-bit numbers, where 0 means "no copy". Ours are mapped to 1 ... 2^31-1, wrapping; equality is
 * all that an old client uses. Pure.
 */
public final class Version02 {
    private static final long CYCLE = Integer.MAX_VALUE;

    private Version02() {}

    /** What a 0.2 client is told: 1 to 2^31-1. */
    public static int of(long version) {
        return (int) (Long.remainderUnsigned(version - 1, CYCLE) + 1);
    }

    /**
     * The version that an update makes: the wanted one when it is positive and above the current one, else the next. Versions never go back, and
     * the result is always above the current.
     */
    static long after(long current, int wanted) {
        int told = of(current);
        return wanted > told ? current + (wanted - told) : current + 1;
    }
}
