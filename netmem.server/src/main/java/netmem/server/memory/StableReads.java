package netmem.server.memory;

import java.nio.ByteBuffer;

/** How long a reader tries for a stable copy, and what it needs for one. Pure but for the pauses. */
final class StableReads {
    /** Tries with a pause of the processor between them: some microseconds, longer than a write of a usual page. */
    private static final int SPINS_MAX = 64;

    /** Tries with the processor given to others between them, one of whom may be the writer. */
    private static final int YIELDS_MAX = 8;

    static final int TRIES_MAX = SPINS_MAX + YIELDS_MAX;

    private StableReads() {}

    @SuppressWarnings("ThreadPriorityCheck") // only a hint here: the number of tries is bounded whatever it does
    static void pause(int tries) {
        if (tries < SPINS_MAX) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }

    /** The target's position, when it has room for that many bytes. */
    static int checkRoom(ByteBuffer target, int length) {
        if (target.remaining() < length) {
            throw new IndexOutOfBoundsException(
                    "target remaining: " + target.remaining() + " (expected: >= " + length + ")");
        }
        return target.position();
    }
}
