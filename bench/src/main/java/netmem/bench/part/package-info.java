/** Benchmarks of parts that are public to server and client. */
@NullMarked
package netmem.bench.part;

import org.jspecify.annotations.NullMarked;
