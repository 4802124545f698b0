package netmem.server.options;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import netmem.server.config.ServerConfig;
import netmem.server.config.ServerLimits;

/**
 * The table of options: flags, environment variables, keys of the configuration file, help and documentation are all made from it. Pure.
 *
 * <p>{@code PAGE_LENGTH} is {@code --page-length}, {@code NETMEM_PAGE_LENGTH} and {@code page-length = ...}.
 */
enum ServerOption {
    /** {@link ServerConfig#host} and {@link ServerConfig#port}. */
    LISTEN(
            Kind.ADDRESS,
            ServerConfig.DEFAULTS.host() + ":" + ServerConfig.DEFAULTS.port(),
            "address to accept clients on; port 0 takes a free one. Beyond loopback it needs --auth-file or --insecure"),
    /** {@link ServerConfig#pages}. */
    PAGES(Kind.COUNT, Kind.COUNT.text(ServerConfig.DEFAULTS.pages()), "number of pages, bounded by memory alone"),
    /** {@link ServerConfig#pageLengthBytes}. */
    PAGE_LENGTH(
            Kind.SIZE,
            Kind.SIZE.text(ServerConfig.DEFAULTS.pageLengthBytes()),
            "length of each page, a multiple of 64 bytes from 64 to 1MiB"),
    /** {@link ServerConfig#arenaFile}. */
    ARENA_FILE(
            Kind.FILE,
            "",
            "file that holds the pages, for readers on this host; best on a memory file system such as /dev/shm."
                    + " An arena of an earlier server there is replaced. Without it the memory has no name"),
    /** {@link ServerConfig#arenaCommit}. */
    ARENA_COMMIT(
            Kind.SWITCH,
            "false",
            "take the memory of all pages before the first client is accepted, so that no write finds later that there"
                    + " is none; about 0.5 s a GiB"),
    /** {@link ServerConfig#hugePages}. */
    HUGE_PAGES(
            Kind.HUGE_PAGES,
            ServerConfig.DEFAULTS.hugePages().name().toLowerCase(Locale.ROOT),
            "whether the system is asked to hold the pages in huge pages, of 2 MiB, so that millions of pages are reached"
                    + " faster; a first write then takes that much memory. auto: where the system lets programs have"
                    + " them and the arena has no file, 64 MiB or more, and at most half of the available memory"),
    /** {@link ServerConfig#token}. */
    AUTH_FILE(
            Kind.FILE,
            "",
            "file whose first line is the credential that each client must present, 1 to 256 bytes;"
                    + " only its owner may have access to it"),
    /** {@link ServerConfig#insecure}. */
    INSECURE(
            Kind.SWITCH,
            "false",
            "allow an address beyond loopback without a credential: everybody on that network reads and writes the pages"),
    /** {@link ServerConfig#transport}. */
    TRANSPORT(
            Kind.TRANSPORT,
            ServerConfig.DEFAULTS.transport().name().toLowerCase(Locale.ROOT),
            "how sockets are driven; auto takes epoll where it loads and nio elsewhere"),
    /** {@link ServerConfig#eventLoops}. */
    EVENT_LOOPS(
            Kind.COUNT,
            Integer.toString(ServerConfig.DEFAULTS.eventLoops()),
            "number of event loops; 0 takes one a processor, at most 4"),
    /** What is logged. */
    LOG_LEVEL(
            Kind.LEVEL,
            "info",
            "what to log on standard error: errors alone, warnings too, what happens as well, or all that helps to find a fault"),
    /** Where intervals of latencies are logged. */
    LATENCY_LOG(
            Kind.FILE, "", "file to append the latencies of each operation to, in the HdrHistogram log format (.hlog)"),
    /** How often. */
    LATENCY_LOG_INTERVAL(Kind.TIME, "1s", "how often to append to it, 100ms to 1h"),

    /** {@link ServerLimits#connectionsMax}. */
    CONNECTIONS_MAX(Kind.COUNT, "open connections"),
    /** {@link ServerLimits#sessionsMax}. */
    SESSIONS_MAX(Kind.COUNT, "sessions, connected or within their lease"),
    /** {@link ServerLimits#slots}. */
    SLOTS(Kind.COUNT, "requests in flight of one session"),
    /** {@link ServerLimits#outcomesBytesMax}. */
    OUTCOMES_MAX(Kind.SIZE, "heap taken by the recorded outcomes of all sessions"),
    /** {@link ServerLimits#locksMax}. */
    LOCKS_MAX(Kind.COUNT, "locks held and waited for, of all sessions"),
    /** {@link ServerLimits#locksPerSessionMax}. */
    LOCKS_PER_SESSION_MAX(Kind.COUNT, "locks that one session holds and waits for"),
    /** {@link ServerLimits#waitersMax}. */
    WAITERS_MAX(Kind.COUNT, "requests that wait for locks or for pages to change, in all"),
    /** {@link ServerLimits#waitersPerPageMax}. */
    WAITERS_PER_PAGE_MAX(Kind.COUNT, "requests that wait for one page"),
    /** {@link ServerLimits#waitingBytesMax}. */
    WAITING_MAX(Kind.SIZE, "bytes of the writes that wait for locks, in all"),
    /** {@link ServerLimits#watchesMax}. */
    WATCHES_MAX(Kind.COUNT, "runs of pages that are watched, of all sessions"),
    /** {@link ServerLimits#watchesPerSessionMax}. */
    WATCHES_PER_SESSION_MAX(Kind.COUNT, "runs of pages that one session watches"),
    /** {@link ServerLimits#changesUnsentMax}. */
    CHANGES_UNSENT_MAX(
            Kind.COUNT, "watched pages that changed and whose client was not told yet, before its connection is cut"),
    /** {@link ServerLimits#changesUnsentTotalMax}. */
    CHANGES_UNSENT_TOTAL_MAX(Kind.COUNT, "the same of all clients, before the one furthest behind is cut"),
    /** {@link ServerLimits#outgoingBytesMax}. */
    OUTGOING_MAX(Kind.SIZE, "bytes on their way to one connection before the server stops reading it"),
    /** {@link ServerLimits#incomingBytesMax}. */
    INCOMING_MAX(
            Kind.SIZE,
            "bytes that clients have sent of frames which are not complete, of all connections, before more of such"
                    + " frames is not read; at least twice --frame-max"),
    /** {@link ServerLimits#frameBytesMax}. */
    FRAME_MAX(Kind.SIZE, "longest frame, in and out"),
    /** {@link ServerLimits#frameMillis}. */
    FRAME_TIME(Kind.TIME, "time for a frame to come whole once it has begun, before its connection is closed"),
    /** {@link ServerLimits#leaseMillis}. */
    LEASE(Kind.TIME, "lease of a session that asks for none: so long it outlives its last sign of life"),
    /** {@link ServerLimits#leaseMillisMin}. */
    LEASE_MIN(Kind.TIME, "shortest lease granted"),
    /** {@link ServerLimits#leaseMillisMax}. */
    LEASE_MAX(Kind.TIME, "longest lease granted"),
    /** {@link ServerLimits#greetingMillis}. */
    GREETING(Kind.TIME, "time for a new connection to greet");

    private final Kind kind;
    private final String fallback;
    private final String description;
    private final boolean limit;

    ServerOption(Kind kind, String fallback, String description) {
        this.kind = kind;
        this.fallback = fallback;
        this.description = description;
        this.limit = false;
    }

    ServerOption(Kind kind, String description) {
        this.kind = kind;
        this.description = description;
        this.limit = true;
        String name = name().toLowerCase(Locale.ROOT).replace('_', '-') + kind.limitUnit();
        this.fallback = kind.text(ServerLimits.DEFAULTS.byName().getOrDefault(name, 0L));
    }

    static Optional<ServerOption> named(String key) {
        return Arrays.stream(values())
                .filter(option -> option.key().equals(key))
                .findFirst();
    }

    /** The option that a message of {@link ServerConfig} or {@link ServerLimits} begins with. */
    static Optional<ServerOption> blamedBy(String message) {
        String blamed = message.substring(0, Math.max(0, message.indexOf(':'))).replace(' ', '-');
        String name = blamed.equals("page-count") ? PAGES.key() : blamed;
        return Arrays.stream(values())
                .filter(option ->
                        option.key().equals(name) || option.limitName().equals(name))
                .findFirst();
    }

    /** The name in a configuration file, and everywhere else with another look. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String flag() {
        return "--" + key();
    }

    String variable() {
        return "NETMEM_" + name();
    }

    Kind kind() {
        return kind;
    }

    /** The default as it would be written; empty where there is none. */
    String fallback() {
        return fallback;
    }

    String description() {
        return description;
    }

    /** Whether it is one of the {@link ServerLimits}. */
    boolean isLimit() {
        return limit;
    }

    /** Its name among {@link ServerLimits#byName()}. */
    String limitName() {
        return key() + kind.limitUnit();
    }

    /** Reads a number that is in the form of this option's kind. */
    OptionalLong number(String text) {
        return kind.number(text);
    }
}
