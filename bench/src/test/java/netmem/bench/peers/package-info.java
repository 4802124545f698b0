@NullMarked
package netmem.bench.peers;

import org.jspecify.annotations.NullMarked;
