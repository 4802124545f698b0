package netmem.samples.factor;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Page 0: the {@linkplain Problem problem}. Pure. Little-endian.
 *
 * <pre>
 *    0  magic u32      "NMP1"
 *    4  epoch i32
 *    8  curvesDone i64
 *   16  takeovers i64
 *   24  partsCount i32
 *   28  number         {@link NumberField}
 *  160  parts          each: exponent u16, prime u8 (0 or 1), length u8, then the digits of the base
 * 1024
 * </pre>
 *
 * The parts of a number of 1024 bits fit: the product of the first 131 primes, the worst case, takes 732 bytes.
 */
final class ProblemPage {
    /** The length of a page in this program. */
    static final int LENGTH = 1024;

    private static final int MAGIC = 'N' | 'M' << 8 | 'P' << 16 | '1' << 24;
    private static final int MAGIC_AT = 0;
    private static final int EPOCH_AT = 4;
    private static final int CURVES_DONE_AT = 8;
    private static final int TAKEOVERS_AT = 16;
    private static final int PARTS_COUNT_AT = 24;
    private static final int NUMBER_AT = 28;
    private static final int PARTS_AT = NUMBER_AT + NumberField.LENGTH;
    private static final int PART_HEADER_LENGTH = 4;
    private static final int PRIME_IN_PART = 2;
    private static final int LENGTH_IN_PART = 3;

    private ProblemPage() {}

    static byte[] bytes(Problem problem) {
        ByteBuffer page = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        page.putInt(MAGIC_AT, MAGIC)
                .putInt(EPOCH_AT, problem.epoch())
                .putLong(CURVES_DONE_AT, problem.curvesDone())
                .putLong(TAKEOVERS_AT, problem.takeovers())
                .putInt(PARTS_COUNT_AT, problem.parts().size());
        NumberField.put(page, NUMBER_AT, problem.number());
        page.position(PARTS_AT);
        for (Part part : problem.parts()) {
            byte[] digits = NumberField.digits(part.base());
            page.putShort((short) part.exponent())
                    .put((byte) (part.prime() ? 1 : 0))
                    .put((byte) digits.length)
                    .put(digits);
        }
        return page.array();
    }

    static Problem problem(ByteBuffer bytes) {
        ByteBuffer page = fields(0, bytes);
        try {
            requireMagic(page.getInt(MAGIC_AT), MAGIC);
            return new Problem(
                    NumberField.number(page, NUMBER_AT, "number"),
                    parts(page),
                    page.getInt(EPOCH_AT),
                    page.getLong(CURVES_DONE_AT),
                    page.getLong(TAKEOVERS_AT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + " page=0", e);
        }
    }

    private static List<Part> parts(ByteBuffer page) {
        int count = page.getInt(PARTS_COUNT_AT);
        int countMax = (LENGTH - PARTS_AT) / PART_HEADER_LENGTH;
        if (count < 1 || count > countMax) {
            throw new IllegalArgumentException("partsCount: " + count + " (expected: 1 to " + countMax + ")");
        }
        List<Part> parts = new ArrayList<>();
        int offset = PARTS_AT;
        for (int i = 0; i < count; i++) {
            int room = LENGTH - offset - PART_HEADER_LENGTH;
            int length = room < 0 ? 0 : Byte.toUnsignedInt(page.get(offset + LENGTH_IN_PART));
            if (length < 1 || length > Math.min(room, NumberField.DIGITS_LENGTH)) {
                throw new IllegalArgumentException("part " + i + " length: " + length + " (expected: 1 to "
                        + NumberField.DIGITS_LENGTH + ", room: " + room + ")");
            }
            parts.add(part(page, offset, length));
            offset += PART_HEADER_LENGTH + length;
        }
        return parts;
    }

    private static Part part(ByteBuffer page, int offset, int length) {
        int exponent = Short.toUnsignedInt(page.getShort(offset));
        int prime = page.get(offset + PRIME_IN_PART);
        BigInteger base = NumberField.number(page, offset + PART_HEADER_LENGTH, length);
        if ((prime & ~1) != 0) {
            throw new IllegalArgumentException("part " + base + " prime: " + prime + " (expected: 0 to 1)");
        }
        return new Part(base, exponent, prime == 1);
    }

    /** The bytes of a whole page as little-endian fields. */
    static ByteBuffer fields(long page, ByteBuffer bytes) {
        if (bytes.remaining() != LENGTH) {
            throw new IllegalArgumentException(
                    "page length: " + bytes.remaining() + " (expected: " + LENGTH + ") page=" + page);
        }
        return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    static void requireMagic(int magic, int expected) {
        if (magic != expected) {
            throw new IllegalArgumentException("magic: 0x%08x (expected: 0x%08x)".formatted(magic, expected));
        }
    }
}
