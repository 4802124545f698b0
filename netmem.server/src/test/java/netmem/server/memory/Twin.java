package netmem.server.memory;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The two memories that must behave alike. */
enum Twin {
    NATIVE,
    HEAP;

    PageMemory open(long pageCount, int pageLength) {
        try {
            return switch (this) {
                case NATIVE -> PageMemory.anonymous(pageCount, pageLength, 1, 2);
                case HEAP -> PageMemory.heap(pageCount, pageLength);
            };
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
