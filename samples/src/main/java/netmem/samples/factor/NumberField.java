package netmem.samples.factor;

import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Where a natural number of up to 1024 bits lies in a page. Pure.
 *
 * <pre>
 *  +0  length u32   bytes of the number, 0 to 128
 *  +4  digits       the number, most significant byte first; the rest of the 128 bytes is 0
 *  +132
 * </pre>
 */
final class NumberField {
    static final int DIGITS_LENGTH = Problem.NUMBER_BITS_MAX / Byte.SIZE;
    static final int LENGTH = Integer.BYTES + DIGITS_LENGTH;

    private NumberField() {}

    static void put(ByteBuffer page, int offset, BigInteger number) {
        byte[] digits = digits(number);
        page.putInt(offset, digits.length);
        page.put(offset + Integer.BYTES, digits);
    }

    static BigInteger number(ByteBuffer page, int offset, String name) {
        int length = page.getInt(offset);
        if (length < 0 || length > DIGITS_LENGTH) {
            throw new IllegalArgumentException(
                    name + " length: " + length + " (expected: 0 to " + DIGITS_LENGTH + " bytes)");
        }
        return number(page, offset + Integer.BYTES, length);
    }

    static BigInteger number(ByteBuffer page, int offset, int length) {
        byte[] digits = new byte[length];
        page.get(offset, digits);
        return new BigInteger(1, digits);
    }

    /** The number's bytes without leading zeros, most significant first. */
    static byte[] digits(BigInteger number) {
        if (number.signum() < 0 || number.bitLength() > Problem.NUMBER_BITS_MAX) {
            throw new IllegalArgumentException(
                    "number: " + number + " (expected: 0 or more, at most " + Problem.NUMBER_BITS_MAX + " bits)");
        }
        byte[] bytes = number.toByteArray();
        int length = Math.ceilDiv(number.bitLength(), Byte.SIZE);
        byte[] digits = new byte[length];
        System.arraycopy(bytes, bytes.length - length, digits, 0, length);
        return digits;
    }
}
