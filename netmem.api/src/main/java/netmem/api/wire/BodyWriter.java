package netmem.api.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Writes the composite fields of bodies; the twin of {@link BodyReader}. Pure. */
final class BodyWriter {
    private BodyWriter() {}

    static int textBytes(String text) {
        return 2 + text.getBytes(StandardCharsets.UTF_8).length;
    }

    static void text(ByteBuffer out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > 0xFFFF) {
            throw new IllegalArgumentException("text bytes: " + utf8.length + " (expected: <= 65535)");
        }
        out.putShort((short) utf8.length).put(utf8);
    }

    static int valuesBytes(Map<String, Long> values) {
        int bytes = 4;
        for (String name : values.keySet()) {
            bytes += textBytes(name) + 8;
        }
        return bytes;
    }

    static void values(ByteBuffer out, Map<String, Long> values) {
        out.putInt(values.size());
        for (Map.Entry<String, Long> value : values.entrySet()) {
            text(out, value.getKey());
            out.putLong(value.getValue());
        }
    }

    static int rangesBytes(Ranges ranges) {
        return 4 + 8 * ranges.count();
    }

    static void ranges(ByteBuffer out, Ranges ranges) {
        out.putInt(ranges.count());
        for (int i = 0; i < ranges.count(); i++) {
            out.putInt(ranges.offset(i)).putInt(ranges.length(i));
        }
    }

    /** Copies all remaining bytes and leaves the source's position alone. */
    static void bytes(ByteBuffer out, ByteBuffer source) {
        int length = source.remaining();
        out.put(out.position(), source, source.position(), length);
        out.position(out.position() + length);
    }

    /** The longest prefix of whole characters that fits. */
    static byte[] messageUtf8(String message) {
        byte[] utf8 = message.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, WireLimits.MESSAGE_BYTES_MAX);
        while (length < utf8.length && length > 0 && (utf8[length] & 0xC0) == 0x80) {
            length--;
        }
        return Arrays.copyOf(utf8, length);
    }
}
