package netmem.server.net;

import static netmem.server.net.Wire02Client.GET_PARAMS;
import static netmem.server.net.Wire02Client.NO_SUCH_PAGE;
import static netmem.server.net.Wire02Client.PAGE_NOT_LOCKED;
import static netmem.server.net.Wire02Client.UNLOCK_PAGE;
import static netmem.server.net.Wire02Client.UPDATE_PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random bytes as a 0.2 client: one answer for each whole frame or a close, no exception, no buffer left. Seeded. */
@Timeout(30)
final class Wire02GarbageTest {
    private static final int ROUNDS = 250;
    private static final int HEADER_BYTES = Wire02Client.HEADER_BYTES;

    @Test
    void frames_random_areAnsweredOneByOneOrClosed() {
        Random random = Wire02Seeds.random(Wire02GarbageTest.class);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = frames(random);
            try (Wire02Decoder decoder = new Wire02Decoder()) {
                Wire02Decoder.Wire wire = decoder.connect();
                for (int at = 0; at < bytes.length; ) {
                    int end = Math.min(bytes.length, at + 1 + random.nextInt(400));
                    wire.receive(bytes, at, end);
                    at = end;
                }
                boolean closed = checkAnswers(ByteBuffer.wrap(bytes), ByteBuffer.wrap(wire.said()));
                assertEquals(closed, !wire.isOpen(), "round " + round);
            }
        }
    }

    /** Mostly whole frames of likely values, the fields sometimes of any. */
    private static byte[] frames(Random random) {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        while (bytes.remaining() > 400) {
            int type = random.nextInt(8) == 0 ? random.nextInt(256) : random.nextInt(6);
            type = bytes.position() == 0 ? type % 6 : type;
            int page = random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(Wire02Decoder.PAGES + 1);
            int length = switch (random.nextInt(8)) {
                case 0 -> random.nextInt(300);
                case 1 -> random.nextInt(10) == 0 ? random.nextInt() : 0;
                default -> Wire02Decoder.PAGE_LENGTH;
            };
            bytes.put((byte) type).putInt(page).putInt(length).putInt(random.nextInt() >> random.nextInt(32));
            if (type == UNLOCK_PAGE || type == UPDATE_PAGE) {
                byte[] data = new byte[Math.clamp(length, 0, bytes.remaining())];
                random.nextBytes(data);
                bytes.put(data);
            }
        }
        byte[] all = new byte[random.nextInt(bytes.position()) + 1];
        bytes.get(0, all);
        return all;
    }

    /** Walks requests and replies in step; returns whether the server had to close. */
    private static boolean checkAnswers(ByteBuffer requests, ByteBuffer replies) {
        while (requests.remaining() >= HEADER_BYTES) {
            int type = Byte.toUnsignedInt(requests.get());
            int page = requests.getInt();
            long length = Integer.toUnsignedLong(requests.getInt());
            requests.getInt();
            boolean hasData = type == UNLOCK_PAGE || type == UPDATE_PAGE;
            if (hasData && length + HEADER_BYTES > ServerLimits.DEFAULTS.frameBytesMax()) {
                assertFalse(replies.hasRemaining(), "silent after a frame that is too long");
                return true;
            }
            if (hasData && length > requests.remaining()) {
                break;
            }
            requests.position(requests.position() + (hasData ? (int) length : 0));
            checkAnswer(type, page, replies);
        }
        assertFalse(replies.hasRemaining(), "no more replies than requests");
        return false;
    }

    private static void checkAnswer(int type, int page, ByteBuffer replies) {
        assertTrue(replies.remaining() >= HEADER_BYTES, "a reply for each request");
        int replied = Byte.toUnsignedInt(replies.get());
        assertTrue(replied == type || replied == NO_SUCH_PAGE || replied == PAGE_NOT_LOCKED, type + " -> " + replied);
        assertEquals(type == GET_PARAMS ? Wire02Decoder.PAGES : page, replies.getInt());
        int length = replies.getInt();
        assertTrue(length == 0 || (length == Wire02Decoder.PAGE_LENGTH && replied == type), "length " + length);
        replies.getInt();
        replies.position(replies.position() + length);
    }
}
