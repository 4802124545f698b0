package netmem.api.wire;

import java.nio.ByteBuffer;
import netmem.api.WordFunction;

/** One step of a transaction. A {@link ByteBuffer} in a decoded step is a view of the frame's buffer. */
public sealed interface Step {
    /**
     * Returns the page that the step is about.
     *
     * @return index
     */
    long page();

    /**
     * The page must have this version.
     *
     * @param page index
     * @param version at least 1
     */
    record CompareVersion(long page, long version) implements Step {}

    /**
     * The session must hold the page under this token. Lets the transaction change the page although it is locked.
     *
     * @param page index
     * @param token of the grant
     */
    record CompareToken(long page, long token) implements Step {}

    /**
     * The page must have these bytes.
     *
     * @param page index
     * @param offset first byte
     * @param bytes at least 1
     */
    record CompareBytes(long page, int offset, ByteBuffer bytes) implements Step {}

    /**
     * Reads a range.
     *
     * @param page index
     * @param offset first byte
     * @param length number of bytes, at least 1
     */
    record Read(long page, int offset, int length) implements Step {}

    /**
     * Changes a range; of steps that change the same bytes the last one wins.
     *
     * @param page index
     * @param offset first byte
     * @param bytes at least 1
     */
    record Write(long page, int offset, ByteBuffer bytes) implements Step {}

    /**
     * Changes one word; sees what earlier steps of the transaction wrote to it.
     *
     * @param page index
     * @param offset of the word, a multiple of 8
     * @param function any but COMPARE_AND_SET
     * @param operand its argument
     */
    record Atomic(long page, int offset, WordFunction function, long operand) implements Step {}

    /**
     * Gives a lock back at the instant of the transaction. The session must hold it; otherwise the transaction fails as for {@link CompareToken}.
     *
     * @param page index
     * @param token of the grant
     */
    record Release(long page, long token) implements Step {}
}
