@NullMarked
package netmem.bench.raw;

import org.jspecify.annotations.NullMarked;
