package netmem.api.wire;

import java.nio.ByteBuffer;

/**
 * The eight bytes that a client sends first on a connection, before its first frame. Pure.
 *
 * <pre>
 *   0      4              6             8
 *   | NMEM | version min  | version max |      versions: u16, little-endian
 * </pre>
 *
 * The first byte is 0x4E, so that it cannot be the type (0 to 5) that a client of NetMem 0.2 sends first.
 */
public final class Preface {
    /** Length of the preface. */
    public static final int BYTES = 8;

    /** "NMEM" read as a little-endian 32-bit number. */
    public static final int MAGIC = 0x4D454D4E;

    /** First byte of the magic. */
    public static final byte FIRST_BYTE = 0x4E;

    /** Lowest and highest version of the protocol that this code speaks. */
    public static final int VERSION = 1;

    private Preface() {}

    /**
     * Appends the preface of a client that speaks the versions of this code.
     *
     * @param out little-endian, with room for {@link #BYTES}
     */
    public static void put(ByteBuffer out) {
        out.putInt(MAGIC).putShort((short) VERSION).putShort((short) VERSION);
    }
}
