package netmem.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The direct buffers of a client, which its connections use one after the other: a direct buffer is given back only when the
 * collector gets to it, so one for each attempt to connect would fill the memory of a client whose server is away. They grow
 * with the longest frame, and stay. Confined to whoever has the connection's part that uses them: the next connection begins
 * after the one before was closed, and its outgoing and incoming parts are used no more by then ({@link Connection#close}).
 */
final class Buffers {
    private static final int BYTES = 64 << 10;

    private ByteBuffer gathering = direct(BYTES);
    private ByteBuffer sending = direct(BYTES);
    private ByteBuffer incoming = direct(BYTES);

    static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** For requests that gather; empty. */
    ByteBuffer gathering() {
        return gathering.clear();
    }

    /** For bytes that are being sent; empty. */
    ByteBuffer sending() {
        return sending.clear();
    }

    /** For what comes in; empty. */
    ByteBuffer incoming() {
        return incoming.clear();
    }

    /** Keeps what a connection's outgoing part has grown; they may have changed places. */
    void keepOutgoing(ByteBuffer grownGathering, ByteBuffer grownSending) {
        gathering = grownGathering;
        sending = grownSending;
    }

    void keepIncoming(ByteBuffer grown) {
        incoming = grown;
    }
}
