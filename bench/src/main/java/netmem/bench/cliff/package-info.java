/** What others suffer while a server has much to do: loads of a process of its own, and callers beside them. */
@NullMarked
package netmem.bench.cliff;

import org.jspecify.annotations.NullMarked;
