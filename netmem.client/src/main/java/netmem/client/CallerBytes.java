package netmem.client;

import java.nio.ByteBuffer;

/**
 * Takes the bytes of a caller's buffer before anything that calls share is touched. Reading a direct buffer can fail, at any
 * byte: its arena is closed or another thread's, or its file has become shorter. Reading a heap buffer cannot. Pure.
 */
final class CallerBytes {
    private CallerBytes() {}

    /** What can be read whenever it is sent: the buffer's own array, or a copy. The buffer keeps its position. */
    static ByteBuffer readable(ByteBuffer data) {
        return data.isDirect() ? copied(data) : data.duplicate();
    }

    /**
     * A copy of what remains in the buffer, which keeps its position.
     *
     * @throws IllegalArgumentException the buffer cannot be read; nothing was sent
     */
    static ByteBuffer copied(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        try {
            data.get(data.position(), bytes);
        } catch (RuntimeException | InternalError e) { // the JDK's word for a page of a mapped file that is gone
            throw new IllegalArgumentException(
                    "data: " + bytes.length
                            + " bytes that cannot be read (expected: a buffer that this thread can read): " + e
                            + "; nothing was sent",
                    e);
        }
        return ByteBuffer.wrap(bytes);
    }
}
