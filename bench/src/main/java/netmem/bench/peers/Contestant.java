package netmem.bench.peers;

import netmem.bench.process.Server;
import netmem.bench.raw.Dialect;

/** A server and the wire by which it is driven. Pure value. */
record Contestant(String name, Server server, Dialect dialect) {}
