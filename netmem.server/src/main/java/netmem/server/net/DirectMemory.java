package netmem.server.net;

import io.netty.util.internal.PlatformDependent;
import netmem.server.config.ServerConfig;
import netmem.server.config.ServerLimits;

/**
 * The direct memory that the buffers of a server take when all its limits are reached at once, against what the JVM
 * gives. Pure.
 */
public final class DirectMemory {
    /** What the JVM and Netty take beside: vectors for gathered writes, lists of events, buffers of the JDK's own. */
    private static final long OTHERS_BYTES = 8 << 20;

    private DirectMemory() {}

    /**
     * An upper bound in bytes: the loops' buffers, both budgets, and for each loop a long frame that is moved and a
     * batch that is made past the second bound of replies.
     */
    public static long bytes(ServerConfig config) {
        ServerLimits limits = config.limits();
        int loops = Listener.loopCount(config);
        return LoopBuffers.bytesMax(loops)
                + IncomingBudget.directBytesMax(limits)
                + OutgoingBudget.memoryBytesMax(limits)
                + loops * (2L * limits.frameBytesMax() + Outgoing.BATCH_BYTES_MAX)
                + OTHERS_BYTES;
    }

    /**
     * What the JVM was told to give at most, as far as Netty knows: {@code -Dio.netty.maxDirectMemory}, or the heap's
     * bound.
     */
    public static long bytesMax() {
        return PlatformDependent.maxDirectMemory();
    }
}
