/** What a measurement brought: figures, where they were measured, files that keep them, and the page that shows them. */
@NullMarked
package netmem.bench.result;

import org.jspecify.annotations.NullMarked;
