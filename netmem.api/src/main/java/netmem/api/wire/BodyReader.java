package netmem.api.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the fields of one body in order and refuses what is not there. Confined to one decode call. */
final class BodyReader {
    private final ByteBuffer body;

    /** Reads from the buffer's position to its limit; the buffer is little-endian. */
    BodyReader(ByteBuffer body) {
        this.body = body;
    }

    /** Refuses a body that is shorter than what comes next; called before anything is allocated for it. */
    void need(String what, long bytes) throws MalformedFrameException {
        if (bytes > body.remaining()) {
            throw MalformedFrameException.of(what + ": bytes left", body.remaining(), bytes, ">=");
        }
    }

    int u8(String what) throws MalformedFrameException {
        need(what, 1);
        return Byte.toUnsignedInt(body.get());
    }

    int u16(String what) throws MalformedFrameException {
        need(what, 2);
        return Short.toUnsignedInt(body.getShort());
    }

    int i32(String what) throws MalformedFrameException {
        need(what, 4);
        return body.getInt();
    }

    long i64(String what) throws MalformedFrameException {
        need(what, 8);
        return body.getLong();
    }

    /** A 32-bit count or length within 0 to max. */
    int bounded(String what, int max) throws MalformedFrameException {
        long value = Integer.toUnsignedLong(i32(what));
        if (value > max) {
            throw MalformedFrameException.tooLarge(what, value, max);
        }
        return (int) value;
    }

    /** A count within 0 to max of entries that take at least so many bytes each, all of them there; called before a list is made for them. */
    int entries(String what, int max, int bytesEach) throws MalformedFrameException {
        int count = bounded(what, max);
        need(what, (long) bytesEach * count);
        return count;
    }

    /** A time of 0 to 2^31 - 1 milliseconds. */
    int millis(String what) throws MalformedFrameException {
        return bounded(what, Integer.MAX_VALUE);
    }

    /** Text with a 16-bit length before it. */
    String text(String what, int bytesMax) throws MalformedFrameException {
        int length = u16(what);
        if (length > bytesMax) {
            throw MalformedFrameException.tooLarge(what, length, bytesMax);
        }
        need(what, length);
        ByteBuffer utf8 = body.slice(body.position(), length);
        body.position(body.position() + length);
        CharBuffer text = CharBuffer.allocate(length);
        if (StandardCharsets.UTF_8.newDecoder().decode(utf8, text, true).isError()) {
            throw MalformedFrameException.of(what + ": bytes of well-formed UTF-8", utf8.position(), length, "");
        }
        return text.flip().toString();
    }

    /** Names with a 64-bit value each. */
    Map<String, Long> values(String what) throws MalformedFrameException {
        int count = bounded(what, body.remaining() / 10);
        Map<String, Long> values = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = text(what, 255);
            values.put(name, i64(what));
        }
        return values;
    }

    Ranges ranges() throws MalformedFrameException {
        int count = bounded("ranges", WireLimits.RANGES_MAX);
        need("ranges", 8L * count);
        if (count == 0) {
            return Ranges.NONE;
        }
        int[] words = new int[2 * count];
        for (int i = 0; i < words.length; i++) {
            words[i] = body.getInt();
        }
        return Ranges.owning(words);
    }

    /** Bytes as a little-endian view, not a copy. */
    ByteBuffer bytes(String what, long length) throws MalformedFrameException {
        need(what, length);
        ByteBuffer view = body.slice(body.position(), (int) length).order(body.order());
        body.position(body.position() + (int) length);
        return view;
    }

    /** Bytes with their 32-bit length before them. */
    ByteBuffer counted(String what) throws MalformedFrameException {
        return bytes(what, Integer.toUnsignedLong(i32(what)));
    }

    int remaining() {
        return body.remaining();
    }

    /** Requests are strict: what this version does not define is refused, not skipped. */
    void end() throws MalformedFrameException {
        if (body.hasRemaining()) {
            throw MalformedFrameException.of("bytes after the body", body.remaining(), 0, "");
        }
    }
}
