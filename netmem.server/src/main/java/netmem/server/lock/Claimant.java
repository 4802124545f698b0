package netmem.server.lock;

import java.util.List;

/** Something that waits in lines: for one page or for several together. Compared by identity. */
public interface Claimant {
    /** What it waits for: at least one page, each once, in rising order. */
    List<Claim> claims();

    /** Who it waits for, so that cycles can be found; no handle for a request that never holds anything. */
    Owner owner();

    /** Its number in order of arrival; later ones are larger. */
    long number();
}
