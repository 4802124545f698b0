package netmem.api.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Frames as arrays, for tests. Pure. */
final class Frames {
    private Frames() {}

    static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] of(Request request, long requestId) {
        byte[] frame = new byte[RequestCodec.frameBytes(request)];
        ByteBuffer out = little(frame);
        RequestCodec.encode(request, requestId, out);
        assertEquals(frame.length, out.position());
        return frame;
    }

    static byte[] of(Reply reply, int opcode, long requestId) {
        byte[] frame = new byte[ReplyCodec.frameBytes(reply)];
        ByteBuffer out = little(frame);
        ReplyCodec.encode(reply, opcode, requestId, out);
        assertEquals(frame.length, out.position());
        return frame;
    }

    /** A copy of another length whose length field says so. */
    static byte[] resized(byte[] frame, int lengthBytes) {
        byte[] resized = Arrays.copyOf(frame, lengthBytes);
        if (lengthBytes >= Integer.BYTES) {
            little(resized).putInt(0, lengthBytes);
        }
        return resized;
    }

    /** Takes a frame as a server does before the greeting, its length first, and expects that it is refused. */
    static MalformedFrameException refused(ByteBuffer frame) {
        MalformedFrameException violation =
                FrameHeader.lengthViolation(FrameHeader.length(frame, 0), WireLimits.GREETING_FRAME_BYTES_MAX);
        return violation != null
                ? violation
                : assertThrows(MalformedFrameException.class, () -> RequestCodec.decode(frame));
    }
}
