/** Load through client libraries: who is driven, with what, at a rate or as fast as it goes, and how that is measured. */
@NullMarked
package netmem.bench.load;

import org.jspecify.annotations.NullMarked;
