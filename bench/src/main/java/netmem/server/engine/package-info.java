/** Benchmarks of the engine, in its package to reach what is not public. */
@NullMarked
package netmem.server.engine;

import org.jspecify.annotations.NullMarked;
