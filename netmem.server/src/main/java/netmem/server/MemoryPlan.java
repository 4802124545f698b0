package netmem.server;

import java.util.Optional;
import netmem.server.config.ServerConfig;
import netmem.server.memory.ControlGroup;
import netmem.server.memory.PageMemory;
import netmem.server.net.DirectMemory;

/**
 * The memory that a server with these settings takes when all its limits are reached at once, against what the JVM
 * was given. Immutable.
 *
 * @param arenaBytes what all pages take, tables included
 * @param groupBytesMax memory limit of the control group that the server runs in
 * @param heapBytes what the limits take of the heap
 * @param heapBytesMax {@code -Xmx}
 * @param directBytes what the buffers take of direct memory
 * @param directBytesMax {@code -XX:MaxDirectMemorySize}, as Netty was told it
 */
record MemoryPlan(
        long arenaBytes, long groupBytesMax, long heapBytes, long heapBytesMax, long directBytes, long directBytesMax) {
    private static final String JVM_OPTIONS = " of JAVA_OPTS";

    static MemoryPlan of(ServerConfig config) {
        return new MemoryPlan(
                PageMemory.bytes(config.pages(), config.pageLengthBytes()),
                ControlGroup.memoryBytesMax(),
                config.limits().heapBytes(),
                Runtime.getRuntime().maxMemory(),
                DirectMemory.bytes(config),
                DirectMemory.bytesMax());
    }

    /** What it may come to: the arena, the heap and direct memory. */
    long bytes() {
        return arenaBytes + heapBytesMax + directBytesMax;
    }

    /**
     * What an operator should know though the server starts: with all of it in use, the kernel would kill it for its
     * control group's limit, and all pages were lost.
     */
    Optional<String> warning() {
        return bytes() <= groupBytesMax
                ? Optional.empty()
                : Optional.of("memory: " + bytes() + " bytes with all in use: arena " + arenaBytes + ", heap "
                        + heapBytesMax + ", buffers " + directBytesMax + " (expected: <= " + groupBytesMax
                        + ", the limit of this control group or container, past which the kernel kills the server);"
                        + " raise that limit, or lower --pages, -Xmx or -XX:MaxDirectMemorySize");
    }

    /** What of it cannot fit, and what to do about it; empty where all fits. */
    Optional<FailureException> refusal() {
        if (directBytes > directBytesMax) {
            return Optional.of(new FailureException(
                    "direct memory: " + directBytes + " bytes for all limits at once (expected: <= " + directBytesMax
                            + ", what the JVM gives)",
                    "lower --frame-max, --incoming-max, --outgoing-max or --event-loops, or raise both"
                            + " -XX:MaxDirectMemorySize and -Dio.netty.maxDirectMemory" + JVM_OPTIONS));
        }
        if (heapBytes > heapBytesMax) {
            return Optional.of(new FailureException(
                    "heap: " + heapBytes + " bytes for all limits at once (expected: <= " + heapBytesMax
                            + ", what the JVM gives)",
                    "lower --connections-max, --sessions-max, --locks-max, --waiters-max, --outcomes-max,"
                            + " --waiting-max, --incoming-max, --watches-max or --changes-unsent-total-max, or raise"
                            + " -Xmx"
                            + JVM_OPTIONS));
        }
        return Optional.empty();
    }
}
