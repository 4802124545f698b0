/** Programs that train, measure and try the run-time image; none of them is part of it. */
@NullMarked
package netmem.image;

import org.jspecify.annotations.NullMarked;
