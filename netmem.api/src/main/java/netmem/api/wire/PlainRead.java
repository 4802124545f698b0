package netmem.api.wire;

import java.nio.ByteBuffer;

/**
 * A READ of at most one range, taken from its frame without making a {@link Request} of it. Pure. All methods but {@link #is} are for frames that are one.
 *
 * <pre>
 *   16     24             32       36       40
 *   | page | version held | ranges | offset | length |
 *     u64    u64            u32 0..1 u32      u32, both only with a range
 * </pre>
 *
 * What it refuses to be, {@link RequestCodec} decodes or refuses.
 */
public final class PlainRead {
    private static final int PAGE = 16;
    private static final int VERSION_HELD = 24;
    private static final int RANGES = 32;
    private static final int OFFSET = 36;
    private static final int LENGTH = 40;
    private static final int BYTES = 44;

    private PlainRead() {}

    /**
     * Tells whether a frame is a well-formed READ of at most one range.
     *
     * @param frame one whole frame from its position to its limit, little-endian
     * @return false for all others
     */
    public static boolean is(ByteBuffer frame) {
        int at = frame.position();
        int bytes = frame.remaining();
        return (bytes == BYTES || bytes == OFFSET)
                && FrameHeader.opcodeFlagsStatus(frame, at) == Opcode.READ.code()
                && frame.getInt(at + RANGES) == (bytes == BYTES ? 1 : 0);
    }

    /**
     * Reads the page.
     *
     * @param frame a plain read
     * @return index, as on the wire
     */
    public static long page(ByteBuffer frame) {
        return frame.getLong(frame.position() + PAGE);
    }

    /**
     * Reads the version of the caller's copy.
     *
     * @param frame a plain read
     * @return 0 for none
     */
    public static long versionHeld(ByteBuffer frame) {
        return frame.getLong(frame.position() + VERSION_HELD);
    }

    /**
     * Tells whether it asks for the version alone.
     *
     * @param frame a plain read
     * @return false when there is a range
     */
    public static boolean isOfVersion(ByteBuffer frame) {
        return frame.remaining() == OFFSET;
    }

    /**
     * Reads the range's first byte.
     *
     * @param frame a plain read
     * @return as on the wire, unsigned; 0 without a range
     */
    public static int offset(ByteBuffer frame) {
        return isOfVersion(frame) ? 0 : frame.getInt(frame.position() + OFFSET);
    }

    /**
     * Reads the range's length.
     *
     * @param frame a plain read
     * @return bytes, as on the wire, unsigned; 0 without a range
     */
    public static int length(ByteBuffer frame) {
        return isOfVersion(frame) ? 0 : frame.getInt(frame.position() + LENGTH);
    }
}
