package netmem.api.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import netmem.api.Incarnation;
import netmem.api.PageRange;
import netmem.api.Status;
import netmem.api.WordFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The small parts of the codec: header, ids, codes, ranges, texts. Whole frames are in ProtocolVectorsTest and CorruptFramesTest. */
@Timeout(20)
class WireValuesTest {
    @Test
    void header_atAnyOffset_readsWhatWasPut() {
        ByteBuffer buffer = Frames.little(new byte[40]);
        buffer.position(5);

        FrameHeader.put(buffer, 0xFFFFFFFF, 0xFE, 0xFD, 0xFFFC, -5);

        assertEquals(5 + FrameHeader.BYTES, buffer.position());
        assertEquals(0xFFFFFFFFL, FrameHeader.length(buffer, 5));
        assertEquals(0xFE, FrameHeader.opcode(buffer, 5));
        assertEquals(0xFD, FrameHeader.flags(buffer, 5));
        assertEquals(0xFFFC, FrameHeader.status(buffer, 5));
        assertEquals(-5, FrameHeader.requestId(buffer, 5));
    }

    @Test
    void requestId_ofSlotAndSequence_givesBothBack() {
        for (int slot : new int[] {0, 1, 255, 65_535}) {
            for (long sequence : new long[] {1, 2, 1L << 31, (1L << 48) - 1}) {
                long id = FrameHeader.requestId(slot, sequence);
                assertEquals(slot, FrameHeader.slot(id));
                assertEquals(sequence, FrameHeader.sequence(id));
            }
        }
    }

    @Test
    void lengthViolation_ofEachBound_saysActualAndExpected() {
        assertNull(FrameHeader.lengthViolation(16, 1024));
        assertNull(FrameHeader.lengthViolation(1024, 1024));
        assertViolation(Status.BAD_FRAME, 0, 16, "frame length: 0 (expected: >= 16)");
        assertViolation(Status.BAD_FRAME, 15, 16, "frame length: 15 (expected: >= 16)");
        assertViolation(Status.TOO_LARGE, 1025, 1024, "frame length: 1025 (expected: <= 1024)");
        assertViolation(Status.TOO_LARGE, 0x7FFFFFFFL, 1024, "frame length: 2147483647 (expected: <= 1024)");
        assertViolation(Status.TOO_LARGE, 0x80000000L, 1024, "frame length: 2147483648 (expected: <= 1024)");
        assertViolation(Status.TOO_LARGE, 0xFFFFFFFFL, 1024, "frame length: 4294967295 (expected: <= 1024)");
    }

    private static void assertViolation(Status status, long actual, long expected, String message) {
        MalformedFrameException violation = Objects.requireNonNull(FrameHeader.lengthViolation(actual, 1024));
        assertEquals(status, violation.status());
        assertEquals(actual, violation.actual());
        assertEquals(expected, violation.expected());
        assertEquals(message, violation.getMessage());
        assertEquals(0, violation.getStackTrace().length);
    }

    @Test
    void opcode_ofEach_isItsOwnAndFindsIt() {
        Set<Integer> codes = new HashSet<>();
        for (Opcode opcode : Opcode.values()) {
            assertTrue(codes.add(opcode.code()), () -> opcode + " shares a code");
            assertEquals(opcode, Opcode.ofCode(opcode.code()));
            assertNull(Opcode.ofCode(opcode.code() | Opcode.REPLY), "a reply is no request");
        }
        for (int code : new int[] {-1, 0, 8, 52, 127, 128, 255, 256}) {
            assertNull(Opcode.ofCode(code), () -> "code " + code);
        }
    }

    @Test
    void opcode_ofRequests_isNoTypeOfTheOldWire() {
        assertTrue(Preface.FIRST_BYTE > 5, "types 0 to 5 are NetMem 0.2");
        assertEquals('N' | 'M' << 8 | 'E' << 16 | 'M' << 24, Preface.MAGIC);
    }

    @Test
    void wordFunction_ofEach_makesTheNewWord() {
        assertEquals(Long.MIN_VALUE, WordFunction.ADD.apply(Long.MAX_VALUE, 1));
        assertEquals(0b1000, WordFunction.AND.apply(0b1100, 0b1010));
        assertEquals(0b1110, WordFunction.OR.apply(0b1100, 0b1010));
        assertEquals(0b0110, WordFunction.XOR.apply(0b1100, 0b1010));
        assertEquals(-1, WordFunction.MIN.apply(-1, 1), "signed");
        assertEquals(1, WordFunction.MAX.apply(-1, 1), "signed");
        assertEquals(7, WordFunction.SWAP.apply(3, 7));
        assertEquals(7, WordFunction.COMPARE_AND_SET.apply(3, 7));
    }

    @Test
    void ranges_ofPageRanges_keepTheirOrder() {
        Ranges ranges = Ranges.of(List.of(new PageRange(8, 4), new PageRange(0, 2)));

        assertEquals(2, ranges.count());
        assertEquals(
                List.of(8, 4, 0, 2), List.of(ranges.offset(0), ranges.length(0), ranges.offset(1), ranges.length(1)));
        assertEquals(6, ranges.totalBytes());
        assertEquals("Ranges[8, 4, 0, 2]", ranges.toString());
        assertEquals(0, Ranges.NONE.count());
        assertEquals(0, Ranges.NONE.totalBytes());
    }

    @Test
    void ranges_equal_whenTheirWordsAre() {
        assertEquals(Ranges.of(1, 2), Ranges.of(List.of(new PageRange(1, 2))));
        assertEquals(Ranges.of(1, 2).hashCode(), Ranges.owning(new int[] {1, 2}).hashCode());
        assertNotEquals(Ranges.of(1, 2), Ranges.of(2, 1));
        assertNotEquals(Ranges.of(1, 2), "Ranges[1, 2]");
    }

    @Test
    void totalBytes_ofLargestLengths_doesNotOverflow() {
        int[] words = new int[2 * WireLimits.RANGES_MAX];
        Arrays.fill(words, -1);

        assertEquals(WireLimits.RANGES_MAX * 0xFFFFFFFFL, Ranges.owning(words).totalBytes());
    }

    @Test
    void firstOutside_ofBadRange_findsIt() {
        int page = 64;
        int[][] bad = {{0, 0}, {0, 65}, {64, 1}, {65, 1}, {63, 2}, {-1, 1}, {0, -1}, {-1, -1}, {1, -1}, {64, 0}};
        for (int[] words : bad) {
            assertEquals(0, Ranges.owning(words).firstOutside(page), () -> Arrays.toString(words));
        }
        assertEquals(0, Ranges.of(Integer.MAX_VALUE, Integer.MAX_VALUE).firstOutside(page));
        for (int[] words : new int[][] {{0, 64}, {63, 1}, {0, 1}}) {
            assertEquals(-1, Ranges.owning(words).firstOutside(page), () -> Arrays.toString(words));
        }
        assertEquals(2, Ranges.owning(new int[] {0, 1, 1, 1, 64, 1, 0, 0}).firstOutside(page));
        assertEquals(-1, Ranges.NONE.firstOutside(page));
    }

    @Test
    void secrets_ofGreetingAndWelcome_areNotPrinted() {
        Request hello = new Request.Hello(RequestVectors.SESSION, Incarnation.NONE, 0, "worker", "open sesame");

        assertEquals("Hello[name=worker, leaseMillis=0]", hello.toString());
        assertEquals("0123...", RequestVectors.SESSION.toString());
        assertFalse(SessionId.NONE.isPresent());
        assertTrue(new SessionId(0, 1).isPresent());
        assertTrue(new SessionId(1, 0).isPresent());
    }

    @Test
    void message_longerThanTheLimit_isCutBetweenCharacters() throws MalformedFrameException {
        for (String character : List.of("a", "é", "€", "🧮")) {
            for (int shift = 0; shift < 4; shift++) {
                String message = "x".repeat(shift) + character.repeat(600);

                byte[] frame = Frames.of(new Reply.Failed(Status.BUSY, 1, 2, message), 3, 4);
                Reply.Failed failed = (Reply.Failed) ReplyCodec.decode(Frames.little(frame));

                assertTrue(message.startsWith(failed.message()));
                int bytes = BodyWriter.messageUtf8(message).length;
                assertTrue(bytes > WireLimits.MESSAGE_BYTES_MAX - 4 && bytes <= WireLimits.MESSAGE_BYTES_MAX);
                assertEquals(ReplyCodec.frameBytes(failed), frame.length);
            }
        }
        assertArrayEquals(new byte[0], BodyWriter.messageUtf8(""));
    }

    @Test
    void text_longerThanItsLengthField_isRefusedByTheWriter() {
        Request hello = new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, "n".repeat(65_536), "");

        ByteBuffer out = Frames.little(new byte[RequestCodec.frameBytes(hello)]);

        assertThrows(IllegalArgumentException.class, () -> RequestCodec.encode(hello, 1, out));
    }

    @Test
    void reply_ofUnknownKind_isRefused() {
        byte[] frame = VectorFile.read("reply-ping").bytes();

        frame[6] = 63;
        assertEquals("status: 63 (expected: <= 48)", replyRefused(frame));
        frame[6] = 0;
        frame[4] = (byte) 0xFE;
        assertEquals("reply opcode: 254 (expected: a known one)", replyRefused(frame));
        frame[4] = 3;
        assertEquals("reply opcode: 3 (expected: >= 128)", replyRefused(frame));
    }

    @Test
    void grant_ofUnknownContent_isRefused() {
        byte[] frame = VectorFile.read("reply-lock").bytes();

        frame[32] = 4;

        assertEquals("content: 4 (expected: <= 3)", replyRefused(frame));
    }

    private static String replyRefused(byte[] frame) {
        String message = assertThrows(
                        MalformedFrameException.class, () -> ReplyCodec.decode(Frames.little(frame.clone())))
                .getMessage();
        return String.valueOf(message);
    }

    @Test
    void grant_withBytesButNotFull_hasNoData() throws MalformedFrameException {
        byte[] frame = VectorFile.read("reply-lock-full").bytes();
        frame[32] = 3;

        Reply.Granted granted = (Reply.Granted) ReplyCodec.decode(Frames.little(frame));

        assertEquals(Reply.Granted.Content.ELIDED, granted.content());
        assertFalse(granted.data().hasRemaining());
    }
}
