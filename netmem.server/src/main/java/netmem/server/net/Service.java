package netmem.server.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import netmem.api.wire.Reply;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerConfig;
import netmem.server.config.UseOfLimits;
import netmem.server.engine.PageReads;
import netmem.server.latency.Latencies;
import netmem.server.memory.PageMemory;

/**
 * What all connections of a server share. Immutable; its parts are shared.
 *
 * @param config the settings
 * @param pages the memory
 * @param reads of the memory
 * @param gate to the engine
 * @param latencies of all operations
 * @param sessionIds a source of fresh, unguessable ids
 * @param credential the check of what clients present
 * @param connections number of open connections
 * @param budget of the bytes under way to all clients
 * @param incomingBudget of the bytes that clients have sent of frames which are not complete
 */
record Service(
        ServerConfig config,
        PageMemory pages,
        PageReads reads,
        EngineGate gate,
        Latencies latencies,
        Supplier<SessionId> sessionIds,
        Credential credential,
        AtomicInteger connections,
        OutgoingBudget budget,
        IncomingBudget incomingBudget) {
    /** Adds to the engine's counters what the engine does not know; any other reply is left as it is. */
    Reply completed(Reply reply) {
        return reply instanceof Reply.Statistics(Map<String, Long> counters)
                ? new Reply.Statistics(stats(counters))
                : reply;
    }

    /** What STATS sends: how long it runs, its memory, what is in use with the limits of it, what operations took. */
    Map<String, Long> stats(Map<String, Long> counters) {
        Runtime jvm = Runtime.getRuntime();
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("uptime-millis", gate.now() / 1_000_000);
        values.put("pages", pages.pageCount());
        values.put("pages-written", pages.pagesWritten());
        values.put("page-length-bytes", (long) pages.pageLength());
        values.put("arena-bytes", pages.totalBytes());
        values.put("heap-bytes", jvm.totalMemory() - jvm.freeMemory());
        values.put("heap-max-bytes", jvm.maxMemory());
        values.put("connections", (long) connections.get());
        values.put("outgoing-bytes", budget.bytes());
        values.put("outgoing-memory-bytes", budget.memoryBytes());
        values.put("outgoing-memory-max-bytes", OutgoingBudget.memoryBytesMax(config.limits()));
        values.put("incoming-bytes", incomingBudget.bytes());
        values.put("incoming-waiting", incomingBudget.waiting());
        values.put("monitor-longest-micros", gate.longestHoldNanos() / 1000);
        values.putAll(counters);
        Map<String, Long> limits = config.limits().byName();
        UseOfLimits.LIMITS.forEach((use, limit) -> values.putIfAbsent(limit, limits.getOrDefault(limit, 0L)));
        values.putAll(latencies.summary());
        return values;
    }
}
