package netmem.bench.cli;

import java.util.Locale;
import netmem.bench.load.CSocketContestant;

/** Who can take part. Pure. */
enum Who {
    /** A blocking socket and a server that does nothing. */
    FLOOR("bare socket"),
    /** A blocking socket in C and NetMem's server. */
    C_SOCKET(CSocketContestant.NAME),
    /** NetMem and its client. */
    NETMEM("NetMem"),
    /** Redis through Lettuce. */
    LETTUCE("Redis (Lettuce)"),
    /** Redis through Jedis. */
    JEDIS("Redis (Jedis)");

    private final String contestant;

    Who(String contestant) {
        this.contestant = contestant;
    }

    /** Tells whether a contestant of this name is meant. */
    boolean plays(String name) {
        return contestant.equals(name);
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
