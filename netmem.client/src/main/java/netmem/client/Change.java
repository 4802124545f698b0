package netmem.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import netmem.api.PageRange;
import netmem.api.Versioned;
import netmem.api.wire.Ranges;
import netmem.api.wire.Step;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two states of a page: ranges from the first byte to the last that differ, with little between
 * them that does not. Pure value.
 *
 * @param ranges in rising order, at least one
 * @param data their bytes, one range after the other; a view of the newer state where there is one range
 */
record Change(Ranges ranges, ByteBuffer data) {
    /**
     * Equal bytes in a row that are rather sent than split at. A server takes a write of one range by a shorter way,
     * which is worth more than a kilobyte that need not have been sent.
     */
    static final int GAP_BYTES_MIN = 1024;

    /** The difference in so many ranges at most, or null when there is none. */
    static @Nullable Change between(Versioned before, byte[] after, int rangesMax) {
        for (int gapBytes = GAP_BYTES_MIN; ; gapBytes *= 4) {
            List<PageRange> ranges = differences(before.buffer(), ByteBuffer.wrap(after), gapBytes);
            if (ranges.size() <= rangesMax) {
                return ranges.isEmpty() ? null : new Change(Ranges.of(ranges), gathered(ranges, after));
            }
        }
    }

    /** Where two states of the same length differ; less than a gap of equal bytes is taken for a difference. */
    private static List<PageRange> differences(ByteBuffer old, ByteBuffer now, int gapBytes) {
        List<PageRange> ranges = new ArrayList<>(1);
        int length = now.limit();
        for (int first = old.mismatch(now); first >= 0; ) {
            int end = first + 1;
            for (int at = end; at < length && at - end < gapBytes; at++) {
                if (old.get(at) != now.get(at)) {
                    end = at + 1;
                }
            }
            ranges.add(new PageRange(first, end - first));
            int next = old.position(end).mismatch(now.position(end));
            first = next < 0 ? -1 : end + next;
        }
        return ranges;
    }

    private static ByteBuffer gathered(List<PageRange> ranges, byte[] bytes) {
        if (ranges.size() == 1) {
            return ByteBuffer.wrap(
                    bytes, ranges.getFirst().offset(), ranges.getFirst().length());
        }
        ByteBuffer data =
                ByteBuffer.allocate(ranges.stream().mapToInt(PageRange::length).sum());
        ranges.forEach(range -> data.put(bytes, range.offset(), range.length()));
        return data.flip();
    }

    static Change of(byte[] bytes, int offset, int length) {
        return new Change(Ranges.of(offset, length), ByteBuffer.wrap(bytes, offset, length));
    }

    /** The same as steps of a transaction. */
    List<Step.Write> steps(long page) {
        List<Step.Write> steps = new ArrayList<>(ranges.count());
        int at = data.position();
        for (int i = 0; i < ranges.count(); i++) {
            steps.add(new Step.Write(page, ranges.offset(i), data.slice(at, ranges.length(i))));
            at += ranges.length(i);
        }
        return steps;
    }
}
