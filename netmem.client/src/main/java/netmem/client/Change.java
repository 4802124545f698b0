package netmem.client;

import java.nio.ByteBuffer;
import netmem.api.Versioned;
import netmem.api.wire.Ranges;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two states of a page: the bytes from the first to the last that differ. Pure value.
 *
 * @param ranges one range
 * @param data its bytes, a view of the newer state
 */
record Change(Ranges ranges, ByteBuffer data) {
    /** The difference, or null when there is none. */
    static @Nullable Change between(Versioned before, byte[] after) {
        ByteBuffer old = before.buffer();
        ByteBuffer now = ByteBuffer.wrap(after);
        int first = old.mismatch(now);
        if (first < 0) {
            return null;
        }
        int last = after.length - 1;
        while (old.get(last) == after[last]) {
            last--;
        }
        return of(after, first, last + 1 - first);
    }

    static Change of(byte[] bytes, int offset, int length) {
        return new Change(Ranges.of(offset, length), ByteBuffer.wrap(bytes, offset, length));
    }
}
