package netmem.bench.load;

import java.util.Set;

/** Who takes part in a comparison: a client library and the server that it speaks to. Shared. */
public interface Contestant {
    /** What results call it. */
    String name();

    /** What it can do. */
    Set<Operation> operations();

    /**
     * Connects.
     *
     * @param callers how many will call at a time. A library whose client serves any number of callers over one connection
     *     is used that way; one whose connection serves one caller gets a pool of as many
     */
    Client open(int callers);

    /** Processor time that its server has used until now, user and system; negative when nobody can tell. */
    long serverCpuNanos();
}
