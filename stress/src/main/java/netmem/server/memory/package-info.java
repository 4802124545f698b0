/**
 * Stress tests of the page memory under jcstress, on the class path and in the package that they test: the sequence lock
 * as a model in plain Java, as it is, and weakened in one point.
 */
@NullMarked
package netmem.server.memory;

import org.jspecify.annotations.NullMarked;
