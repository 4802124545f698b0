package netmem.api.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The sixteen bytes before each frame's body, both ways; all fields little-endian. Pure.
 *
 * <pre>
 *   0        4        5       6        8            16
 *   | length | opcode | flags | status | request id | body ...
 *     u32      u8       u8      u16      u64
 * </pre>
 *
 * The length counts the whole frame, header included. In a request the status is 0; in a reply the opcode has bit 7 set and
 * the request id is that of its request. A request id is a slot in its lower 16 bits and a sequence number, at least 1, above.
 * Buffers must be little-endian; offsets are absolute.
 */
public final class FrameHeader {
    /** Length of the header. */
    public static final int BYTES = 16;

    private static final int OPCODE = 4;
    private static final int FLAGS = 5;
    private static final int STATUS = 6;
    private static final int REQUEST_ID = 8;

    private FrameHeader() {}

    /**
     * Reads the length of the frame that starts at {@code at}.
     *
     * @param frame little-endian, with at least 4 bytes from {@code at}
     * @param at where the frame starts
     * @return the length as an unsigned number, header included
     */
    public static long length(ByteBuffer frame, int at) {
        return Integer.toUnsignedLong(frame.getInt(at));
    }

    /**
     * Reads the operation code.
     *
     * @param frame a whole header from {@code at}
     * @param at where the frame starts
     * @return 0 to 255
     */
    public static int opcode(ByteBuffer frame, int at) {
        return Byte.toUnsignedInt(frame.get(at + OPCODE));
    }

    /**
     * Reads the flags.
     *
     * @param frame a whole header from {@code at}
     * @param at where the frame starts
     * @return 0 to 255
     */
    public static int flags(ByteBuffer frame, int at) {
        return Byte.toUnsignedInt(frame.get(at + FLAGS));
    }

    /**
     * Reads the status code.
     *
     * @param frame a whole header from {@code at}
     * @param at where the frame starts
     * @return 0 to 65535
     */
    public static int status(ByteBuffer frame, int at) {
        return Short.toUnsignedInt(frame.getShort(at + STATUS));
    }

    /** Reads opcode, flags and status at once: for a request without flags just its code. */
    static int opcodeFlagsStatus(ByteBuffer frame, int at) {
        return frame.getInt(at + OPCODE);
    }

    /**
     * Reads the request id.
     *
     * @param frame a whole header from {@code at}
     * @param at where the frame starts
     * @return the id
     */
    public static long requestId(ByteBuffer frame, int at) {
        return frame.getLong(at + REQUEST_ID);
    }

    /**
     * Writes a header at the buffer's position and moves the position behind it.
     *
     * @param out little-endian
     * @param lengthBytes of the whole frame
     * @param opcode 0 to 255
     * @param flags 0 to 255
     * @param status 0 to 65535
     * @param requestId the id
     */
    public static void put(ByteBuffer out, int lengthBytes, int opcode, int flags, int status, long requestId) {
        out.putInt(lengthBytes);
        out.put((byte) opcode);
        out.put((byte) flags);
        out.putShort((short) status);
        out.putLong(requestId);
    }

    /**
     * Makes a request id.
     *
     * @param slot 0 to 65535
     * @param sequence 1 to 2^48 - 1
     * @return the id
     */
    public static long requestId(int slot, long sequence) {
        return sequence << 16 | slot;
    }

    /**
     * Takes the slot out of a request id.
     *
     * @param requestId an id
     * @return 0 to 65535
     */
    public static int slot(long requestId) {
        return (int) (requestId & 0xFFFF);
    }

    /**
     * Takes the sequence number out of a request id.
     *
     * @param requestId an id
     * @return 0 to 2^48 - 1
     */
    public static long sequence(long requestId) {
        return requestId >>> 16;
    }

    /**
     * Checks a frame's length as soon as it is known.
     *
     * @param lengthBytes as read
     * @param lengthBytesMax the bound that holds now
     * @return null when it is in bounds, else what is wrong
     */
    public static @Nullable MalformedFrameException lengthViolation(long lengthBytes, long lengthBytesMax) {
        if (lengthBytes < BYTES) {
            return MalformedFrameException.of("frame length", lengthBytes, BYTES, ">=");
        }
        if (lengthBytes > lengthBytesMax) {
            return MalformedFrameException.tooLarge("frame length", lengthBytes, lengthBytesMax);
        }
        return null;
    }

    /** Refuses a buffer that does not hold exactly one frame from its position to its limit. */
    static void requireWhole(ByteBuffer frame) throws MalformedFrameException {
        assert frame.order() == ByteOrder.LITTLE_ENDIAN : "byte order: " + frame.order();
        if (frame.remaining() < BYTES) {
            throw MalformedFrameException.of("bytes of a frame", frame.remaining(), BYTES, ">=");
        }
        long lengthBytes = length(frame, frame.position());
        if (lengthBytes != frame.remaining()) {
            throw MalformedFrameException.of("frame length", lengthBytes, frame.remaining(), "");
        }
    }
}
