@NullMarked
package netmem.bench.result;

import org.jspecify.annotations.NullMarked;
