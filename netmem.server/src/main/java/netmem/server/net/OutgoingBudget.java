package netmem.server.net;

import java.util.concurrent.atomic.AtomicLong;
import netmem.server.config.ServerLimits;

/**
 * The bytes under way to all clients together, and the memory they take beside the loops' buffers. Shared: event
 * loops add what they hand to channels and take off what was sent or dropped.
 *
 * <p>Past the first bound a connection goes on only while it has nothing under way itself, in small batches. So
 * clients that do not take their replies cost no more, and those who do are served on. Past the second one, a
 * connection whose client does not take a batch at once is cut ({@link Outgoing#flush()}): what all take stays below
 * it but for one batch a loop. Counts may be read a moment late.
 */
final class OutgoingBudget {
    /** The first bound, in shares of one connection's: {@code outgoing-max}. */
    private static final int SHARES = 16;

    /** What the second one is more, in the same shares. */
    private static final int SHARES_MORE = 4;

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong memoryBytes = new AtomicLong();
    private final long maxBytes;
    private final long memoryBytesMax;

    OutgoingBudget(ServerLimits limits) {
        this.maxBytes = (long) SHARES * limits.outgoingBytesMax();
        this.memoryBytesMax = memoryBytesMax(limits);
    }

    /** Direct memory at which no more is taken for a client that does not take its replies. */
    static long memoryBytesMax(ServerLimits limits) {
        return (long) (SHARES + SHARES_MORE) * limits.outgoingBytesMax();
    }

    /** Counts memory that was taken, or with a minus what was given back. */
    void addMemory(long more) {
        memoryBytes.addAndGet(more);
    }

    /** Whether the second bound is reached. */
    boolean isFull() {
        return memoryBytes.get() >= memoryBytesMax;
    }

    /** Memory that is taken now. */
    long memoryBytes() {
        return memoryBytes.get();
    }

    /** Counts bytes handed to a channel, or with a minus those that left it. */
    void add(long more) {
        bytes.addAndGet(more);
    }

    boolean isSpent() {
        return bytes.get() > maxBytes || memoryBytes.get() > maxBytes;
    }

    /** What is under way now. */
    long bytes() {
        return bytes.get();
    }
}
