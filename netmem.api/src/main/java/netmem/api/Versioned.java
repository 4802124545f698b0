package netmem.api;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The bytes of a page at one version. Immutable, so it may be kept and passed between threads; all views are read-only.
 */
public final class Versioned {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Incarnation incarnation;
    private final long page;
    private final long version;
    private final byte[] bytes;

    private Versioned(Incarnation incarnation, long page, long version, byte[] bytes) {
        this.incarnation = incarnation;
        this.page = page;
        this.version = version;
        this.bytes = bytes;
    }

    /**
     * Wraps bytes without copying them.
     *
     * @param incarnation of the server's memory
     * @param page index of the page
     * @param version the version that the bytes are of; at least 1
     * @param bytes the whole page; owned by the result from now on and never to be changed by the caller
     * @return the page at this version
     */
    public static Versioned owning(Incarnation incarnation, long page, long version, byte[] bytes) {
        return new Versioned(incarnation, page, version, bytes);
    }

    /**
     * Returns the incarnation of the memory that the page was read from: outside of it the version means nothing.
     *
     * @return the same for all that a server holds from its start to its end
     */
    public Incarnation incarnation() {
        return incarnation;
    }

    /**
     * Returns the page's index.
     *
     * @return 0 or more
     */
    public long page() {
        return page;
    }

    /**
     * Returns the version of these bytes. Equal versions of one page within one incarnation mean equal bytes.
     *
     * @return at least 1; compare as unsigned
     */
    public long version() {
        return version;
    }

    /**
     * Returns the length of the page.
     *
     * @return bytes
     */
    public int length() {
        return bytes.length;
    }

    /**
     * Views the bytes without copying.
     *
     * @return a new read-only little-endian buffer from 0 to the page's length
     */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Views the bytes without copying.
     *
     * @return a read-only heap segment; use unaligned value layouts
     */
    public MemorySegment segment() {
        return MemorySegment.ofArray(bytes).asReadOnly();
    }

    /**
     * Copies the bytes.
     *
     * @return a new array that the caller owns
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Returns the 64-bit little-endian word at an offset.
     *
     * @param offset of its first byte
     * @return the word
     * @throws IndexOutOfBoundsException when it does not lie within the bytes
     */
    public long getLong(int offset) {
        return (long) LONGS.get(bytes, offset);
    }

    /**
     * Returns the 32-bit little-endian word at an offset.
     *
     * @param offset of its first byte
     * @return the word
     * @throws IndexOutOfBoundsException when it does not lie within the bytes
     */
    public int getInt(int offset) {
        return (int) INTS.get(bytes, offset);
    }

    /**
     * Returns the 64-bit little-endian floating point number at an offset.
     *
     * @param offset of its first byte
     * @return the number
     * @throws IndexOutOfBoundsException when it does not lie within the bytes
     */
    public double getDouble(int offset) {
        return Double.longBitsToDouble(getLong(offset));
    }

    /**
     * Returns one byte.
     *
     * @param offset of the byte
     * @return the byte
     * @throws IndexOutOfBoundsException when it does not lie within the bytes
     */
    public byte getByte(int offset) {
        return bytes[Objects.checkIndex(offset, bytes.length)];
    }

    /** Returns page, version and length; never the bytes. */
    @Override
    public String toString() {
        return "Versioned[page=" + page + ", version=" + version + ", length=" + bytes.length + "]";
    }
}
