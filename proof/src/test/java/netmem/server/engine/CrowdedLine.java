package netmem.server.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerLimits;
import netmem.server.memory.PageMemory;

/** One client more than a page's line takes: it must be told BUSY, and stand nowhere. Found by name, as the simulation is. Confined to one thread. */
public final class CrowdedLine implements BiFunction<Long, Boolean, Map<String, Object>> {
    private static final int ROOM = 2;
    private static final Incarnation INCARNATION = new Incarnation(1, 2);

    /** Found by name. */
    public CrowdedLine() {}

    @Override
    public Map<String, Object> apply(Long seed, Boolean traced) {
        ServerLimits limits = ServerLimits.DEFAULTS.with(Map.of("waiters-per-page-max", (long) ROOM));
        Engine engine =
                new Engine(PageMemory.heap(1, 64), limits, INCARNATION, new Reply.Description("test", limits.byName()));
        List<String> violations = new ArrayList<>();
        for (int client = 0; client <= ROOM + 1; client++) {
            Answer answer = lock(engine, client);
            boolean busy = answer instanceof Answer.Now(Reply reply) && reply.status() == Status.BUSY;
            if (busy != (client == ROOM + 1)) {
                violations.add("limit: client " + client + " was answered " + answer);
            }
        }
        long waiting = engine.counters().getOrDefault("waiters", -1L);
        if (waiting != ROOM) {
            violations.add("limit: waiters: " + waiting + " (expected: " + ROOM + ")");
        }
        return Map.of("violations", violations);
    }

    private static Answer lock(Engine engine, int client) {
        Request.Hello hello = new Request.Hello(SessionId.NONE, INCARNATION, 0, "client", "");
        Session session = engine.greet(client + 1L, hello, new SessionId(1, client + 1L), 1)
                .session();
        if (session == null) {
            throw new IllegalStateException("greeting: refused");
        }
        Request lock = new Request.Lock(0, 1, 1000, false, 0);
        return engine.execute(session, client + 1L, FrameHeader.requestId(0, 1), lock, 1);
    }
}
