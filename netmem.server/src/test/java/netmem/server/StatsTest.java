package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import netmem.api.WordFunction;
import netmem.api.wire.Request;
import netmem.server.config.ServerLimits;
import netmem.server.config.UseOfLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What STATS tells an operator: how long the server runs, its memory, and each limit beside its use. */
@Timeout(30)
class StatsTest {
    @Test
    void stats_ofAServerInUse_tellUptimeMemoryAndPages() throws IOException {
        try (NetMemServer server = NetMemServer.builder()
                        .listen("127.0.0.1", 0)
                        .pages(8)
                        .pageLengthBytes(64)
                        .start();
                RawClient client = RawClient.greeted(server)) {
            for (int page : new int[] {3, 3, 5}) {
                client.ask(new Request.Atomic(page, 0, 0, 0, 0, WordFunction.ADD, 1, 0));
            }
            Map<String, Long> stats = server.stats();
            assertEquals(8, stats.get("pages"));
            assertEquals(2, stats.get("pages-written"));
            assertEquals(64, stats.get("page-length-bytes"));
            assertEquals(4096 + 4096 + 8 * 64, stats.get("arena-bytes"));
            long heap = stats.getOrDefault("heap-bytes", -1L);
            assertTrue(heap > 0 && heap <= stats.getOrDefault("heap-max-bytes", -1L), "heap: " + heap);
            long uptime = stats.getOrDefault("uptime-millis", -1L);
            assertTrue(uptime >= 0 && uptime < 30_000, "uptime: " + uptime);
        }
    }

    @Test
    void stats_eachUseWithALimit_hasItBeside() throws IOException {
        try (NetMemServer server = NetMemServer.builder().listen("127.0.0.1", 0).start();
                RawClient client = RawClient.greeted(server)) {
            client.assertAlive();
            Map<String, Long> stats = server.stats();
            Map<String, Long> limits = ServerLimits.DEFAULTS.byName();
            UseOfLimits.LIMITS.forEach((use, limit) -> {
                assertTrue(stats.containsKey(use), use);
                assertTrue(stats.containsKey(limit), limit);
                if (limits.containsKey(limit)) {
                    assertEquals(limits.get(limit), stats.get(limit), limit);
                }
            });
            List<String> page = StatsPage.lines(stats);
            assertTrue(page.stream().anyMatch(line -> line.matches("sessions +1 of 10000")), page::toString);
            assertFalse(page.stream().anyMatch(line -> line.startsWith("sessions-max")), page::toString);
        }
    }
}
