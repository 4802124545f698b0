package netmem.server.net;

import java.util.concurrent.atomic.AtomicLong;
import netmem.server.config.ServerLimits;

/**
 * The bytes under way to all clients together. Shared: event loops add what they hand to channels and take off what was sent or dropped.
 *
 * <p>Past the bound a connection goes on only while it has nothing under way itself. So clients that do not take their replies cost no more, those who do are served on, and
 * all together stay below the bound plus one batch and one reply a connection. The count may be read a moment late; then a connection runs one batch more.
 */
final class OutgoingBudget {
    /** The bound, in shares of one connection's: {@code outgoing-max}. */
    private static final int SHARES = 16;

    private final AtomicLong bytes = new AtomicLong();
    private final long maxBytes;

    OutgoingBudget(ServerLimits limits) {
        this.maxBytes = (long) SHARES * limits.outgoingBytesMax();
    }

    /** Counts bytes handed to a channel, or with a minus those that left it. */
    void add(long more) {
        bytes.addAndGet(more);
    }

    boolean isSpent() {
        return bytes.get() > maxBytes;
    }

    /** What is under way now. */
    long bytes() {
        return bytes.get();
    }
}
