package netmem.api.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random requests and replies of every kind: encoding and decoding gives back the same value, at any position of a buffer. */
@Timeout(3600) // seconds, for the long form: -Dnetmem.fuzz.frames=...
class CodecRoundTripTest {
    private static final int ROUNDS = Integer.getInteger("netmem.fuzz.frames", 20_000);

    private final Random random = Seeds.random(CodecRoundTripTest.class);
    private final RandomFrames frames = new RandomFrames(random);

    @Test
    void request_encodedAndDecoded_isEqual() throws MalformedFrameException {
        for (int i = 0; i < ROUNDS; i++) {
            Request request = frames.request();
            long requestId = frames.number();

            byte[] frame = Frames.of(request, requestId);
            Request decoded = RequestCodec.decode(Frames.little(frame));

            assertEquals(request, decoded);
            assertEquals(request.opcode(), decoded.opcode());
            assertEquals(requestId, FrameHeader.requestId(Frames.little(frame), 0));
            assertArrayEquals(frame, Frames.of(decoded, requestId));
        }
    }

    @Test
    void reply_encodedAndDecoded_isEqual() throws MalformedFrameException {
        for (int i = 0; i < ROUNDS; i++) {
            ReplyVectors.Case reply = frames.reply();

            byte[] frame = Frames.of(reply.reply(), reply.opcode(), reply.requestId());
            Reply decoded = ReplyCodec.decode(Frames.little(frame));

            assertEquals(reply.reply(), decoded);
            assertEquals(reply.requestId(), FrameHeader.requestId(Frames.little(frame), 0));
            assertArrayEquals(frame, Frames.of(decoded, reply.opcode(), reply.requestId()));
        }
    }

    @Test
    void frames_oneAfterAnotherInOneBuffer_areDecodedInPlace() throws MalformedFrameException {
        for (int i = 0; i < ROUNDS / 10; i++) {
            Request first = frames.request();
            Request second = frames.request();
            int firstBytes = RequestCodec.frameBytes(first);
            ByteBuffer buffer = Frames.little(new byte[firstBytes + RequestCodec.frameBytes(second)]);
            RequestCodec.encode(first, 1, buffer);
            RequestCodec.encode(second, 2, buffer);
            buffer.flip();

            buffer.limit((int) FrameHeader.length(buffer, 0));
            assertEquals(first, RequestCodec.decode(buffer));
            assertEquals(firstBytes, buffer.position());
            buffer.limit(buffer.capacity());
            assertEquals(second, RequestCodec.decode(buffer));
        }
    }

    @Test
    void data_encoded_keepsItsPosition() {
        ByteBuffer data = RequestVectors.page64();
        data.position(8).limit(16);

        byte[] frame = Frames.of(new Request.Write(0, 0, 0, 0, false, Ranges.of(0, 8), data), 1);

        assertEquals(8, data.position());
        assertEquals(16, data.limit());
        assertEquals(8, frame[frame.length - 8]);
    }
}
