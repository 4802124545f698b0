/** What calls of the client library cost, beside a bare socket that carries the same bytes. */
@NullMarked
package netmem.bench.client;

import org.jspecify.annotations.NullMarked;
