/**
 * Histories over real sockets: a proxy that breaks connections, a client that records what it does and sees, and a random
 * load in a process of its own, to be stopped and killed.
 */
@NullMarked
package netmem.proof.sockets;

import org.jspecify.annotations.NullMarked;
