package netmem.bench.load;

/** Who takes part in a comparison. Shared. */
public interface Contestant {
    /** What results call it. */
    String name();

    /** Whether it can be driven so. */
    boolean plays(Load load);

    /** Connects. */
    Runner ready(Load load, int pageCount);

    /** Processor time that its server has used until now, user and system; negative when nobody can tell. */
    long serverCpuNanos();
}
