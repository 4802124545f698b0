/** Benchmarks of the page memory, in its package to reach what is not public. */
@NullMarked
package netmem.server.memory;

import org.jspecify.annotations.NullMarked;
