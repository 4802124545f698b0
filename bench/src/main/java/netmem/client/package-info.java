/** Benchmarks of the client's parts, in its package to reach what is not public. */
@NullMarked
package netmem.client;

import org.jspecify.annotations.NullMarked;
