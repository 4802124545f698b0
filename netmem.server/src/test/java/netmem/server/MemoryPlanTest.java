package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import netmem.server.config.ServerConfig;
import netmem.server.config.ServerLimits;
import netmem.server.net.DirectMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All limits reached together, against what the image's JVM is given. */
@Timeout(20)
class MemoryPlanTest {
    private static final long IMAGE_HEAP = 384 << 20;
    private static final long IMAGE_DIRECT = 256 << 20;

    private static MemoryPlan image(int eventLoops, Map<String, Long> limits) {
        ServerConfig defaults = ServerConfig.DEFAULTS;
        ServerConfig config = new ServerConfig(
                defaults.host(),
                0,
                1,
                4096,
                Optional.empty(),
                false,
                ServerConfig.HugePages.OFF,
                Optional.empty(),
                false,
                ServerConfig.Transport.AUTO,
                eventLoops,
                ServerLimits.DEFAULTS.with(limits));
        return new MemoryPlan(
                4096,
                Long.MAX_VALUE,
                config.limits().heapBytes(),
                IMAGE_HEAP,
                DirectMemory.bytes(config),
                IMAGE_DIRECT);
    }

    @Test
    void defaults_allReachedTogether_fitTheImage() {
        assertEquals(Optional.empty(), image(4, Map.of()).refusal());
    }

    @Test
    void options_thatCannotFit_areRefusedWithTheSumAndWhatToLower() {
        MemoryPlan plan = image(4, Map.of("frame-max-bytes", 128L << 20, "incoming-max-bytes", 256L << 20));
        FailureException refused = plan.refusal().orElseThrow();
        assertEquals(
                "direct memory: " + plan.directBytes()
                        + " bytes for all limits at once (expected: <= 268435456, what the JVM gives)",
                refused.problem());
        assertTrue(refused.fix().contains("--frame-max"), refused.fix());
        assertTrue(image(64, Map.of()).refusal().isPresent(), "event loops");
        FailureException heap =
                image(4, Map.of("connections-max", 1_000_000L)).refusal().orElseThrow();
        assertTrue(heap.problem().startsWith("heap: "), heap.problem());
        assertTrue(heap.fix().contains("--connections-max"), heap.fix());
    }

    @Test
    void sumAboveTheControlGroupsLimit_isWarnedOfWithItsParts() {
        assertEquals(Optional.empty(), new MemoryPlan(100, 160, 0, 50, 0, 10).warning());
        String warning = new MemoryPlan(101, 160, 0, 50, 0, 10).warning().orElseThrow();
        assertTrue(
                warning.startsWith(
                        "memory: 161 bytes with all in use: arena 101, heap 50, buffers 10 (expected: <= 160,"),
                warning);
    }
}
