/** NetMem's server beside Redis, memcached and the C floor: the same work in the same run, by turns. */
@NullMarked
package netmem.bench.peers;

import org.jspecify.annotations.NullMarked;
