package netmem.api.wire;

import java.util.Arrays;
import java.util.List;
import netmem.api.PageRange;

/** Byte ranges of one page, in the order of their data. Immutable. */
public final class Ranges {
    /** No range: a version check, or an unlock without changes. */
    public static final Ranges NONE = new Ranges(new int[0]);

    /** Offset and length of each range in turn. */
    private final int[] words;

    private Ranges(int[] words) {
        this.words = words;
    }

    /**
     * Makes a single range.
     *
     * @param offset first byte
     * @param length number of bytes
     * @return the range
     */
    public static Ranges of(int offset, int length) {
        return new Ranges(new int[] {offset, length});
    }

    /**
     * Makes several ranges.
     *
     * @param ranges in the order of their data
     * @return the ranges
     */
    public static Ranges of(List<PageRange> ranges) {
        int[] words = new int[2 * ranges.size()];
        for (int i = 0; i < ranges.size(); i++) {
            words[2 * i] = ranges.get(i).offset();
            words[2 * i + 1] = ranges.get(i).length();
        }
        return new Ranges(words);
    }

    /** Takes the array over. */
    static Ranges owning(int[] words) {
        return new Ranges(words);
    }

    /**
     * Returns the number of ranges.
     *
     * @return 0 or more
     */
    public int count() {
        return words.length / 2;
    }

    /**
     * Returns a range's first byte.
     *
     * @param index 0 to count - 1
     * @return as on the wire, unsigned 32-bit: negative when out of any page's bounds
     */
    public int offset(int index) {
        return words[2 * index];
    }

    /**
     * Returns a range's length.
     *
     * @param index 0 to count - 1
     * @return bytes, as on the wire, unsigned 32-bit: negative when out of any page's bounds
     */
    public int length(int index) {
        return words[2 * index + 1];
    }

    /**
     * Adds up the lengths.
     *
     * @return bytes
     */
    public long totalBytes() {
        long total = 0;
        for (int i = 1; i < words.length; i += 2) {
            total += Integer.toUnsignedLong(words[i]);
        }
        return total;
    }

    /**
     * Finds the first range that is empty or does not lie within a page.
     *
     * @param pageLengthBytes length of the page
     * @return its index, or -1 when all are good
     */
    public int firstOutside(int pageLengthBytes) {
        for (int i = 0; i < count(); i++) {
            int offset = offset(i);
            int length = length(i);
            if (offset < 0 || length <= 0 || offset > pageLengthBytes || length > pageLengthBytes - offset) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ranges that && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return "Ranges" + Arrays.toString(words);
    }
}
