@NullMarked
package netmem.bench.process;

import org.jspecify.annotations.NullMarked;
