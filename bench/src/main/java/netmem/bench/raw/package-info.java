/** A load generator on bare sockets, the same loop for every wire, so that servers are compared and not their clients. */
@NullMarked
package netmem.bench.raw;

import org.jspecify.annotations.NullMarked;
