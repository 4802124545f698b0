package netmem.proof.simulation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The words in the pages of the simulation. Pure. */
final class Words {
    static final int PAGE_BYTES = 128;
    static final int LAST = PAGE_BYTES - Long.BYTES;
    private static final long INITIAL = 1L << 60;

    private Words() {}

    static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static long first(byte[] bytes) {
        return little(bytes).getLong(0);
    }

    static byte[] of(long word) {
        byte[] bytes = new byte[Long.BYTES];
        little(bytes).putLong(0, word);
        return bytes;
    }

    /** A whole page that begins and ends with the word. */
    static byte[] page(long word) {
        byte[] bytes = new byte[PAGE_BYTES];
        little(bytes).putLong(0, word).putLong(64, ~word).putLong(LAST, word);
        return bytes;
    }

    static long initial(int incarnation, long page) {
        return INITIAL + incarnation * 1000L + page;
    }

    /** A word that no other has. */
    static long unique(int client, long number) {
        long word = (long) client << 32 | number;
        word = (word ^ word >>> 33) * 0xFF51AFD7ED558CCDL;
        return word ^ word >>> 29;
    }

    /** Whether a page that goes from one to the other changes at its first byte and at its last. */
    static boolean differAtBothEnds(long word, long other) {
        return (byte) word != (byte) other && word >>> 56 != other >>> 56;
    }

    static String text(long word) {
        return Math.abs(word - INITIAL) < 1_000_000
                ? "initial " + (word - INITIAL) / 1000 + "/" + (word - INITIAL) % 1000
                : String.format("%016x", word);
    }
}
