/** Server processes: started on free ports of loopback, their processor time, stopped. */
@NullMarked
package netmem.bench.process;

import org.jspecify.annotations.NullMarked;
