package netmem.api.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A frame that counts as plain is one that the codec decodes to the same values, and those that most requests are count as plain. */
@Timeout(60)
final class PlainFramesTest {
    private static final int ROUNDS = 20_000;

    private final Random random = Seeds.random(PlainFramesTest.class);
    private final RandomFrames frames = new RandomFrames(random);
    private int reads;
    private int writes;

    @Test
    void requests_ofAnyKind_arePlainExactlyWhenOfOneRange() throws MalformedFrameException {
        for (int i = 0; i < ROUNDS; i++) {
            Request request = i % 2 == 0 ? frames.request() : frames.request(i % 4 == 1 ? Opcode.READ : Opcode.WRITE);
            ByteBuffer frame = Frames.little(Frames.of(request, frames.number()));
            boolean read = request instanceof Request.Read r && r.ranges().count() <= 1;
            boolean write = request instanceof Request.Write w
                    && w.ranges().count() == 1
                    && w.token() == 0
                    && w.data().hasRemaining();
            assertEquals(read, PlainRead.is(frame), request.toString());
            assertEquals(write, PlainWrite.is(frame), request.toString());
            check(frame);
        }
        assertTrue(reads > 100, "plain reads: " + reads + " (expected: > 100)");
    }

    @Test
    void writes_ofOneRange_sayWhatTheCodecSays() throws MalformedFrameException {
        for (int i = 0; i < ROUNDS; i++) {
            check(plainWrite());
        }
        assertEquals(ROUNDS, writes);
    }

    @Test
    void frames_damaged_arePlainOnlyWhereTheCodecTakesThem() throws MalformedFrameException {
        for (int i = 0; i < ROUNDS; i++) {
            ByteBuffer frame =
                    i % 2 == 0 ? plainWrite() : Frames.little(Frames.of(frames.request(Opcode.READ), frames.number()));
            int at = Integer.BYTES + random.nextInt(frame.limit() - Integer.BYTES);
            check(frame.put(at, (byte) (frame.get(at) ^ 1 << random.nextInt(8))));
        }
        assertTrue(reads > 100 && writes > 100, "plain: " + reads + " reads, " + writes + " writes");
    }

    private ByteBuffer plainWrite() {
        byte[] bytes = new byte[1 + random.nextInt(100)];
        random.nextBytes(bytes);
        ByteBuffer data = Frames.little(bytes);
        Request write = new Request.Write(
                frames.number(),
                frames.number(),
                0,
                random.nextInt(Integer.MAX_VALUE),
                random.nextBoolean(),
                Ranges.of(random.nextInt(), data.remaining()),
                data);
        return Frames.little(Frames.of(write, frames.number()));
    }

    private void check(ByteBuffer frame) throws MalformedFrameException {
        if (PlainRead.is(frame)) {
            reads++;
            Request.Read read = assertInstanceOf(
                    Request.Read.class, RequestCodec.decode(frame.duplicate().order(frame.order())));
            Ranges ranges = PlainRead.isOfVersion(frame)
                    ? Ranges.NONE
                    : Ranges.of(PlainRead.offset(frame), PlainRead.length(frame));
            assertEquals(new Request.Read(PlainRead.page(frame), PlainRead.versionHeld(frame), ranges), read);
        } else if (PlainWrite.is(frame)) {
            writes++;
            Request.Write write = assertInstanceOf(
                    Request.Write.class, RequestCodec.decode(frame.duplicate().order(frame.order())));
            assertEquals(PlainWrite.page(frame), write.page());
            assertEquals(PlainWrite.ifVersion(frame), write.ifVersion());
            assertEquals(0, write.token());
            assertEquals(Ranges.of(PlainWrite.offset(frame), PlainWrite.length(frame)), write.ranges());
            assertEquals(PlainWrite.data(frame), write.data());
        }
    }
}
