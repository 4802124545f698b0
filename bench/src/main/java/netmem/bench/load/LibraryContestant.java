package netmem.bench.load;

import java.util.Set;

/** A client library and the server that it speaks to, driven by callers in this process. Shared. */
public interface LibraryContestant extends Contestant {
    /** What it can do. */
    Set<Operation> operations();

    /**
     * Connects.
     *
     * @param callers how many will call at a time. A library whose client serves any number of callers over one connection
     *     is used that way; one whose connection serves one caller gets a pool of as many
     */
    Client open(int callers);

    @Override
    default boolean plays(Load load) {
        return operations().containsAll(load.mix().operations());
    }

    @Override
    default Runner ready(Load load, int pageCount) {
        return new Crew(this, load, pageCount);
    }
}
