package netmem.api.wire;

import java.nio.ByteBuffer;

/**
 * A WRITE of one range under no lock, taken from its frame without making a {@link Request} of it. Pure. All methods but {@link #is} are for frames that are one.
 *
 * <pre>
 *   16     24           32        40     44       48       52       56
 *   | page | if version | token 0 | wait | ranges | offset | length | data ...
 *     u64    u64          u64       u32    u32 1    u32      u32
 * </pre>
 *
 * What it refuses to be, {@link RequestCodec} decodes or refuses.
 */
public final class PlainWrite {
    private static final int PAGE = 16;
    private static final int IF_VERSION = 24;
    private static final int TOKEN = 32;
    private static final int WAIT = 40;
    private static final int RANGES = 44;
    private static final int OFFSET = 48;
    private static final int LENGTH = 52;
    private static final int DATA = 56;

    /** The flag, among opcode, flags and status: it says nothing of a write whose condition holds. */
    private static final int RETURN_CURRENT = Opcode.RETURN_CURRENT << 8;

    private PlainWrite() {}

    /**
     * Tells whether a frame is a well-formed WRITE of one range under no lock.
     *
     * @param frame one whole frame from its position to its limit, little-endian
     * @return false for all others
     */
    public static boolean is(ByteBuffer frame) {
        int at = frame.position();
        return frame.remaining() > DATA
                && (FrameHeader.opcodeFlagsStatus(frame, at) & ~RETURN_CURRENT) == Opcode.WRITE.code()
                && frame.getLong(at + TOKEN) == 0
                && frame.getInt(at + WAIT) >= 0
                && frame.getInt(at + RANGES) == 1
                && frame.getInt(at + LENGTH) == frame.remaining() - DATA;
    }

    /**
     * Reads the page.
     *
     * @param frame a plain write
     * @return index, as on the wire
     */
    public static long page(ByteBuffer frame) {
        return frame.getLong(frame.position() + PAGE);
    }

    /**
     * Reads the version that the page must have.
     *
     * @param frame a plain write
     * @return 0 for any
     */
    public static long ifVersion(ByteBuffer frame) {
        return frame.getLong(frame.position() + IF_VERSION);
    }

    /**
     * Reads the range's first byte.
     *
     * @param frame a plain write
     * @return as on the wire, unsigned
     */
    public static int offset(ByteBuffer frame) {
        return frame.getInt(frame.position() + OFFSET);
    }

    /**
     * Computes the range's length.
     *
     * @param frame a plain write
     * @return bytes, 1 or more
     */
    public static int length(ByteBuffer frame) {
        return frame.remaining() - DATA;
    }

    /**
     * Moves the frame's position to the data.
     *
     * @param frame a plain write, afterwards no longer one
     * @return the same buffer, whose remaining bytes are the data
     */
    public static ByteBuffer data(ByteBuffer frame) {
        return frame.position(frame.position() + DATA);
    }
}
