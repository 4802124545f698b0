/**
 * Histories of what clients did and saw, and checkers that say whether the server kept its promises. A history knows
 * nothing of how it was recorded: in a simulation, or over sockets by several processes.
 */
@NullMarked
package netmem.proof.history;

import org.jspecify.annotations.NullMarked;
