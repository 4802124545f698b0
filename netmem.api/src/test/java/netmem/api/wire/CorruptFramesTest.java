package netmem.api.wire;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import netmem.api.Status;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Broken frames: every vector cut at each byte, made longer, with each bit flipped, and random ones. A decoder returns a value or throws
 * MalformedFrameException, nothing else, and allocates no more than the frame's length warrants.
 */
@Timeout(20)
class CorruptFramesTest {
    private static final int ROUNDS = Integer.getInteger("netmem.fuzz.frames", 100_000);

    /** What a codec does with one frame. */
    private interface Decoder {
        Object decode(ByteBuffer frame) throws MalformedFrameException;
    }

    private static final List<Decoder> DECODERS = List.of(RequestCodec::decode, ReplyCodec::decode);

    /** Both decoders on any bytes: a value or the one exception, and the buffer's limits are kept. */
    private static void feed(byte[] frame) {
        for (Decoder decoder : DECODERS) {
            ByteBuffer buffer = Frames.little(frame);
            try {
                assertNotNull(decoder.decode(buffer));
            } catch (MalformedFrameException e) {
                refused(e);
            }
            assertTrue(buffer.position() <= frame.length);
            assertEquals(frame.length, buffer.limit());
        }
    }

    private static void refused(MalformedFrameException e) {
        assertTrue(e.status().code() >= Status.BUSY.code(), e::getMessage);
        assertNotNull(e.getMessage());
        assertTrue(e.getMessage().length() < WireLimits.MESSAGE_BYTES_MAX);
    }

    private static Stream<DynamicTest> eachVector(Consumer<byte[]> test) {
        return VectorFile.names().stream()
                .map(name -> DynamicTest.dynamicTest(
                        name, () -> test.accept(VectorFile.read(name).bytes())));
    }

    @TestFactory
    Stream<DynamicTest> frame_cutAtEachByte_isValueOrRefused() {
        return eachVector(frame -> {
            for (int cut = 0; cut < frame.length; cut++) {
                feed(Arrays.copyOf(frame, cut));
                feed(Frames.resized(frame, cut));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> frame_madeLonger_isValueOrRefused() {
        return eachVector(frame -> {
            for (int more = 1; more <= 33; more++) {
                feed(Arrays.copyOf(frame, frame.length + more));
                feed(Frames.resized(frame, frame.length + more));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> frame_withEachBitFlipped_isValueOrRefused() {
        return eachVector(frame -> {
            for (int bit = 0; bit < 8 * frame.length; bit++) {
                frame[bit / 8] ^= (byte) (1 << bit % 8);
                feed(frame);
                frame[bit / 8] ^= (byte) (1 << bit % 8);
            }
        });
    }

    @Test
    void requests_cutOrLonger_areRefused() {
        for (String name : RequestVectors.all().keySet()) {
            byte[] frame = VectorFile.read(name).bytes();
            for (int length = 0; length < frame.length + 9; length++) {
                byte[] other = Frames.resized(frame, length);
                if (length != frame.length) {
                    assertThrows(
                            MalformedFrameException.class, () -> RequestCodec.decode(Frames.little(other)), () -> name);
                }
            }
        }
    }

    @Test
    void replies_withBytesAfterTheirFields_areTaken() {
        for (String name : ReplyVectors.all().keySet()) {
            byte[] frame = VectorFile.read(name).bytes();

            byte[] longer = Frames.resized(frame, frame.length + 8);

            assertDoesNotThrow(() -> ReplyCodec.decode(Frames.little(longer)), name);
        }
    }

    @Test
    void frame_whoseLengthIsNotTheBuffers_isRefused() {
        byte[] frame = VectorFile.read("request-ping").bytes();
        for (int lie : new int[] {0, 15, 17, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
            Frames.little(frame).putInt(0, lie);
            for (Decoder decoder : DECODERS) {
                assertThrows(MalformedFrameException.class, () -> decoder.decode(Frames.little(frame)));
            }
        }
    }

    @Test
    void everyWord_lying_isRefusedWithoutAllocating() {
        int[] lies = {0, 1, 255, 256, 257, 1023, 1024, 1025, 65_535, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE, -1};
        AllocatedBytes allocated = new AllocatedBytes();
        for (String name : VectorFile.names()) {
            byte[] original = VectorFile.read(name).bytes();
            feed(original);
            for (int at = FrameHeader.BYTES; at + Integer.BYTES <= original.length; at++) {
                for (int lie : lies) {
                    byte[] frame = original.clone();
                    Frames.little(frame).putInt(at, lie);
                    String where = name + " at " + at + ": " + lie;
                    assertAllocatesLittle(frame, allocated, where);
                }
            }
        }
    }

    /** Tries a few times, since a first time may load classes. */
    private static void assertAllocatesLittle(byte[] frame, AllocatedBytes allocated, String where) {
        long bound = 2048 + 12L * frame.length;
        for (Decoder decoder : DECODERS) {
            long bytes = Long.MAX_VALUE;
            for (int tries = 0; tries < 3 && bytes > bound; tries++) {
                bytes = allocatedBy(decoder, frame, allocated);
            }
            assertTrue(bytes <= bound, where + " allocated: " + bytes + " (expected: <= " + bound + ")");
        }
    }

    private static long allocatedBy(Decoder decoder, byte[] frame, AllocatedBytes allocated) {
        ByteBuffer buffer = Frames.little(frame);
        long before = allocated.now();
        try {
            decoder.decode(buffer);
        } catch (MalformedFrameException e) {
            refused(e);
        }
        return allocated.now() - before;
    }

    @Test
    @Timeout(3600) // seconds, for the long form
    void randomFrames_ofBytesAndMutations_areValueOrRefused() {
        Random random = Seeds.random(CorruptFramesTest.class);
        RandomFrames frames = new RandomFrames(random);
        for (int i = 0; i < ROUNDS; i++) {
            byte[] frame;
            if (random.nextInt(4) == 0) {
                frame = new byte[random.nextInt(200)];
                random.nextBytes(frame);
                frame = Frames.resized(frame, frame.length);
            } else {
                frame = random.nextBoolean()
                        ? Frames.of(frames.request(), frames.number())
                        : Frames.of(frames.reply().reply(), random.nextInt(128), frames.number());
                mutate(frame, random);
            }
            feed(frame);
        }
    }

    private static void mutate(byte[] frame, Random random) {
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = Integer.BYTES + random.nextInt(frame.length - Integer.BYTES);
            frame[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (random.nextBoolean() ? -1 : 0);
        }
    }
}
