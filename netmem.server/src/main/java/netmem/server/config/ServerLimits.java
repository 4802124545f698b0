package netmem.server.config;

import java.util.LinkedHashMap;
import java.util.Map;
import netmem.api.wire.WireLimits;

/**
 * Every bound that a server keeps, all finite; past one the server answers BUSY or TOO_LARGE before any effect, or stops reading the connection.
 * Relations between them are checked here. Immutable.
 *
 * @param connectionsMax open connections, 0.2 clients included
 * @param sessionsMax sessions, connected or within their lease
 * @param slots requests in flight of one session
 * @param outcomesBytesMax heap taken by the recorded outcomes of all sessions
 * @param locksMax locks held and waited for, of all sessions
 * @param locksPerSessionMax locks that one session holds and waits for
 * @param waitersMax requests that wait for locks or for pages to change, in all
 * @param waitersPerPageMax requests that wait for one page
 * @param waitingBytesMax bytes of the writes that wait for locks, in all
 * @param watchesMax runs of pages that are watched, of all sessions
 * @param watchesPerSessionMax runs of pages that one session watches
 * @param changesUnsentMax watched pages that changed and whose client was not told yet; past it its connection is cut
 * @param changesUnsentTotalMax the same of all clients; past it the connection that is furthest behind is cut
 * @param outgoingBytesMax bytes on their way to one connection before the server stops reading it
 * @param incomingBytesMax bytes that clients have sent of frames which are not complete, of all connections; past it
 *     they are not read
 * @param frameBytesMax longest frame, in and out
 * @param frameMillis time for a frame to come whole once it has begun
 * @param leaseMillis lease term of a session that asks for none
 * @param leaseMillisMin shortest lease term granted
 * @param leaseMillisMax longest lease term granted
 * @param greetingMillis time for a new connection to greet
 */
public record ServerLimits(
        int connectionsMax,
        int sessionsMax,
        int slots,
        long outcomesBytesMax,
        int locksMax,
        int locksPerSessionMax,
        int waitersMax,
        int waitersPerPageMax,
        long waitingBytesMax,
        int watchesMax,
        int watchesPerSessionMax,
        int changesUnsentMax,
        int changesUnsentTotalMax,
        int outgoingBytesMax,
        long incomingBytesMax,
        int frameBytesMax,
        int frameMillis,
        int leaseMillis,
        int leaseMillisMin,
        int leaseMillisMax,
        int greetingMillis) {
    /** The limits of a server that was told nothing. */
    public static final ServerLimits DEFAULTS = new ServerLimits(
            10_000, 10_000, 1024, 32L << 20, 100_000, 4096, 100_000, 10_000, 32L << 20, 16_384, 1024, 65_536, 524_288,
            4 << 20, 64L << 20, 2 << 20, 30_000, 10_000, 1_000, 300_000, 3_000);

    private static final long CONNECTION_BYTES = 5 << 10;
    private static final long SESSION_BYTES = 1 << 10;
    private static final long LOCK_BYTES = 600;
    private static final long WAITER_BYTES = 560;
    private static final long WATCH_BYTES = 1536;
    private static final long CHANGE_BYTES = 80;

    /** A third of the bytes that are kept of incomplete frames may be of short ones, which are kept on the heap. */
    private static final long INCOMING_HEAP_PARTS = 3;

    private static final String BYTES = " bytes";
    private static final String MILLIS = " ms";

    /** Checks each value and how they stand to each other; the message names the value and the bound. */
    public ServerLimits {
        within("connections-max", "", connectionsMax, 1, 1_000_000);
        within("sessions-max", "", sessionsMax, 1, 1_000_000);
        within("slots", "", slots, WireLimits.SLOTS_MIN, WireLimits.SLOTS_MAX);
        within("outcomes-max", BYTES, outcomesBytesMax, 1 << 20, 1L << 40);
        within("locks-max", "", locksMax, 1, 10_000_000);
        within("locks-per-session-max", "", locksPerSessionMax, 1, locksMax);
        within("waiters-max", "", waitersMax, 1, 10_000_000);
        within("waiters-per-page-max", "", waitersPerPageMax, 1, waitersMax);
        within("watches-max", "", watchesMax, 1, 10_000_000);
        within("watches-per-session-max", "", watchesPerSessionMax, 1, watchesMax);
        within("changes-unsent-max", "", changesUnsentMax, 1, 16_777_216);
        within("changes-unsent-total-max", "", changesUnsentTotalMax, changesUnsentMax, 1 << 30);
        within("frame-max", BYTES, frameBytesMax, WireLimits.FRAME_BYTES_MIN, WireLimits.FRAME_BYTES_MAX);
        within("waiting-max", BYTES, waitingBytesMax, 1 << 20, 1L << 40);
        within("outgoing-max", BYTES, outgoingBytesMax, 64 << 10, 1 << 30);
        within("incoming-max", BYTES, incomingBytesMax, 2L * frameBytesMax, 1L << 40);
        within("frame-time", MILLIS, frameMillis, 100, 3_600_000);
        within("lease-min", MILLIS, leaseMillisMin, 10, 300_000);
        within("lease-max", MILLIS, leaseMillisMax, leaseMillisMin, 86_400_000);
        within("lease", MILLIS, leaseMillis, leaseMillisMin, leaseMillisMax);
        within("greeting", MILLIS, greetingMillis, 10, 60_000);
    }

    private static void within(String option, String unit, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    option + ": " + value + unit + " (expected: " + min + " to " + max + unit + ")");
        }
    }

    /**
     * Returns all limits by name, in the order of the table that is printed at start. A name is that of the option and, where the value has
     * one, its unit: {@code lease-millis} for {@code --lease}.
     *
     * @return a new map
     */
    public Map<String, Long> byName() {
        Map<String, Long> names = new LinkedHashMap<>();
        names.put("connections-max", (long) connectionsMax);
        names.put("sessions-max", (long) sessionsMax);
        names.put("slots", (long) slots);
        names.put("outcomes-max-bytes", outcomesBytesMax);
        names.put("locks-max", (long) locksMax);
        names.put("locks-per-session-max", (long) locksPerSessionMax);
        names.put("waiters-max", (long) waitersMax);
        names.put("waiters-per-page-max", (long) waitersPerPageMax);
        names.put("waiting-max-bytes", waitingBytesMax);
        names.put("watches-max", (long) watchesMax);
        names.put("watches-per-session-max", (long) watchesPerSessionMax);
        names.put("changes-unsent-max", (long) changesUnsentMax);
        names.put("changes-unsent-total-max", (long) changesUnsentTotalMax);
        names.put("outgoing-max-bytes", (long) outgoingBytesMax);
        names.put("incoming-max-bytes", incomingBytesMax);
        names.put("frame-max-bytes", (long) frameBytesMax);
        names.put("frame-time-millis", (long) frameMillis);
        names.put("lease-millis", (long) leaseMillis);
        names.put("lease-min-millis", (long) leaseMillisMin);
        names.put("lease-max-millis", (long) leaseMillisMax);
        names.put("greeting-millis", (long) greetingMillis);
        return names;
    }

    /**
     * Returns the heap that a server takes when all these limits are reached at once, buffers of sockets aside: each thing at the cost that
     * {@code HeapCostTest} measures, rounded up.
     *
     * @return bytes, an upper estimate
     */
    public long heapBytes() {
        return connectionsMax * CONNECTION_BYTES
                + sessionsMax * SESSION_BYTES
                + outcomesBytesMax
                + locksMax * LOCK_BYTES
                + waitersMax * WAITER_BYTES
                + waitingBytesMax
                + incomingBytesMax / INCOMING_HEAP_PARTS
                + watchesMax * WATCH_BYTES
                + changesUnsentTotalMax * CHANGE_BYTES;
    }

    /**
     * Returns these limits with some changed.
     *
     * @param changes values by name, as {@link #byName()} has them
     * @return checked limits
     * @throws IllegalArgumentException for an unknown name or a value out of bounds
     */
    public ServerLimits with(Map<String, Long> changes) {
        Map<String, Long> all = byName();
        changes.forEach((name, value) -> {
            if (all.replace(name, value) == null) {
                throw new IllegalArgumentException("limit: " + name + " (expected: one of " + all.keySet() + ")");
            }
        });
        return new ServerLimits(
                integer(all, "connections-max"),
                integer(all, "sessions-max"),
                integer(all, "slots"),
                all.getOrDefault("outcomes-max-bytes", 0L),
                integer(all, "locks-max"),
                integer(all, "locks-per-session-max"),
                integer(all, "waiters-max"),
                integer(all, "waiters-per-page-max"),
                all.getOrDefault("waiting-max-bytes", 0L),
                integer(all, "watches-max"),
                integer(all, "watches-per-session-max"),
                integer(all, "changes-unsent-max"),
                integer(all, "changes-unsent-total-max"),
                integer(all, "outgoing-max-bytes"),
                all.getOrDefault("incoming-max-bytes", 0L),
                integer(all, "frame-max-bytes"),
                integer(all, "frame-time-millis"),
                integer(all, "lease-millis"),
                integer(all, "lease-min-millis"),
                integer(all, "lease-max-millis"),
                integer(all, "greeting-millis"));
    }

    private static int integer(Map<String, Long> values, String name) {
        long value = values.getOrDefault(name, 0L);
        if (value != (int) value) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: <= " + Integer.MAX_VALUE + ")");
        }
        return (int) value;
    }
}
