package netmem.server.lock;

import java.util.List;

/** A claimant for tests of lines. Pure value. */
record Claiming(String name, Owner owner, long number, List<Claim> claims) implements Claimant {}
