package netmem.server.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which limit bounds what STATS tells to be in use. Pure. */
public final class UseOfLimits {
    /** The name of the limit, by the name of what it bounds. */
    public static final Map<String, String> LIMITS = limits();

    private UseOfLimits() {}

    private static Map<String, String> limits() {
        Map<String, String> limits = new LinkedHashMap<>();
        limits.put("pages-written", "pages");
        limits.put("heap-bytes", "heap-max-bytes");
        limits.put("connections", "connections-max");
        limits.put("sessions", "sessions-max");
        limits.put("outcome-bytes", "outcomes-max-bytes");
        limits.put("locks-held", "locks-max");
        limits.put("waiters", "waiters-max");
        limits.put("waiting-bytes", "waiting-max-bytes");
        limits.put("watches", "watches-max");
        limits.put("changes-unsent", "changes-unsent-total-max");
        limits.put("outgoing-memory-bytes", "outgoing-memory-max-bytes");
        limits.put("incoming-bytes", "incoming-max-bytes");
        return Collections.unmodifiableMap(limits);
    }
}
