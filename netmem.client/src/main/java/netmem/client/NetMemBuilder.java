package netmem.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import netmem.api.wire.CredentialFile;
import netmem.api.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/** Options of a client, each with a default. Confined to one thread. */
public final class NetMemBuilder {
    /** Bounds of a call's deadline. */
    static final Duration DEADLINE_MIN = Duration.ofMillis(1);

    static final Duration DEADLINE_MAX = Duration.ofDays(1);

    private static final Duration LEASE_MAX = Duration.ofDays(1);
    private static final Duration BACKOFF_MAX = Duration.ofMinutes(1);
    private static final int ASYNC_CALLS_MAX = 1 << 20;

    private final Address address;
    private Duration deadline = Duration.ofSeconds(5);
    private Duration connectTimeout = Duration.ofSeconds(2);
    private @Nullable String name;
    private String credential = "";
    private Duration lease = Duration.ZERO;
    private @Nullable PageCache cache;
    private Duration backoffMin = Duration.ofMillis(10);
    private Duration backoffMax = Duration.ofSeconds(1);
    private int asyncCallsMax = 4096;
    private @Nullable Consumer<ConnectionEvent> onConnection;
    private boolean followRestarts;

    NetMemBuilder(String uri) {
        this.address = Address.parse(uri);
    }

    /**
     * Bounds each call.
     *
     * @param bound 1 ms to 1 day; 5 s by default
     * @return this
     */
    public NetMemBuilder deadline(Duration bound) {
        this.deadline = Arguments.within("deadline", bound, DEADLINE_MIN, DEADLINE_MAX);
        return this;
    }

    /**
     * Bounds each attempt to connect, the server's greeting included. Calls wait for as many attempts as their deadline
     * allows.
     *
     * @param bound 1 ms to 1 day; 2 s by default
     * @return this
     */
    public NetMemBuilder connectTimeout(Duration bound) {
        this.connectTimeout = Arguments.within("connectTimeout", bound, DEADLINE_MIN, DEADLINE_MAX);
        return this;
    }

    /**
     * Names the client to others, such as who asks for the holder of a lock.
     *
     * @param shown at most 64 bytes of UTF-8; {@code pid@host} by default
     * @return this
     */
    public NetMemBuilder name(String shown) {
        this.name = bounded("name", shown, WireLimits.NAME_BYTES_MAX);
        return this;
    }

    /**
     * Presents a credential to a server that wants one ({@code --auth-file}). White space around it, a newline at its
     * end above all, is no part of it.
     *
     * @param text at most 256 bytes of UTF-8
     * @return this
     */
    public NetMemBuilder credential(String text) {
        this.credential =
                checked("credential", Objects.requireNonNull(text, "credential").strip());
        return this;
    }

    /**
     * Presents the credential in the first line of a file, as the server's option {@code --auth-file} names it. Read
     * once, here.
     *
     * @param file UTF-8; white space around the line is no part of the credential
     * @return this
     * @throws IllegalArgumentException when the file cannot be read or its first line is empty or too long; it says
     *     which
     */
    public NetMemBuilder authFile(Path file) {
        String line;
        try {
            line = CredentialFile.firstLine(file);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("authFile: first line of " + file + " is not UTF-8", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("authFile: " + file + " cannot be read: " + e, e);
        }
        if (line.isEmpty()) {
            throw new IllegalArgumentException(
                    "authFile: first line of " + file + " is empty (expected: the credential)");
        }
        this.credential = checked("authFile: first line of " + file, line);
        return this;
    }

    /** A credential of an allowed length, which is never shown. */
    private static String checked(String what, String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        if (length > WireLimits.TOKEN_BYTES_MAX) {
            throw new IllegalArgumentException(
                    what + ": " + length + " bytes of UTF-8 (expected: <= " + WireLimits.TOKEN_BYTES_MAX + ")");
        }
        return text;
    }

    /**
     * Asks for a lease term: how long session and locks outlive a silent client.
     *
     * @param term zero, the default, takes the server's; otherwise 1 ms to 1 day, which the server may cut to its own
     * bounds
     * @return this
     */
    public NetMemBuilder lease(Duration term) {
        Objects.requireNonNull(term, "term");
        this.lease = term.isZero() ? term : Arguments.within("lease", term, DEADLINE_MIN, LEASE_MAX);
        return this;
    }

    /**
     * Shares a cache with other clients of this JVM.
     *
     * @param shared by default an own one of 64 MiB, or of an eighth of the heap's greatest size where that is less
     * @return this
     */
    public NetMemBuilder cache(PageCache shared) {
        this.cache = Objects.requireNonNull(shared, "shared");
        return this;
    }

    /**
     * Bounds the random pause between attempts to reconnect: at most {@code min} before the second one, doubled each
     * time up to {@code max}.
     *
     * @param min 1 ms to 1 minute; 10 ms by default
     * @param max min to 1 minute; 1 s by default
     * @return this
     */
    public NetMemBuilder backoff(Duration min, Duration max) {
        this.backoffMin = Arguments.within("backoff min", min, DEADLINE_MIN, BACKOFF_MAX);
        this.backoffMax = Arguments.within("backoff max", max, min, BACKOFF_MAX);
        return this;
    }

    /**
     * Bounds the stages of {@link NetMem#async()} that are under way; those above fail at once with {@link
     * netmem.api.Status#BUSY}.
     *
     * @param calls 1 to 1048576; 4096 by default
     * @return this
     */
    public NetMemBuilder asyncCallsMax(int calls) {
        if (calls < 1 || calls > ASYNC_CALLS_MAX) {
            throw new IllegalArgumentException("asyncCallsMax: " + calls + " (expected: 1 to " + ASYNC_CALLS_MAX + ")");
        }
        this.asyncCallsMax = calls;
        return this;
    }

    /**
     * Has a listener told when the client is connected, when its connection is lost, and when it is back: for logs and
     * dashboards. The client logs both by itself. It takes no part in what calls do.
     *
     * @param listener called on a virtual thread, one event after the other, so it may block; one that is more than 64
     *     events behind misses the oldest of them. What it throws goes to the uncaught exception handler
     * @return this
     */
    public NetMemBuilder onConnection(Consumer<ConnectionEvent> listener) {
        this.onConnection = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Has calls go on by themselves when the server's memory was lost: the next ones find a new memory, with pages of
     * zeros and versions that begin anew. For programs that need nothing of what was there, such as monitors. Without
     * this option every call fails, with {@link netmem.api.Status#INCARNATION_CHANGED}, until the program says that
     * it knows: see {@link NetMem#renew} and {@link NetMem#onMemoryLost}. A call that may have changed the memory
     * that was lost fails even so.
     *
     * @return this
     */
    public NetMemBuilder followRestarts() {
        this.followRestarts = true;
        return this;
    }

    /**
     * Connects.
     *
     * @return a client whose session is open
     * @throws netmem.api.NetMemException when no server answers within the deadline, or it refuses; at once when its
     *     host name is unknown
     */
    public NetMem connect() {
        Options options = new Options(
                address,
                deadline.toNanos(),
                connectTimeout.toNanos(),
                name == null ? defaultName() : name,
                credential,
                Math.toIntExact(lease.toMillis()),
                cache == null ? PageCache.ofHeapShare() : cache,
                backoffMin.toNanos(),
                backoffMax.toNanos(),
                asyncCallsMax,
                onConnection,
                followRestarts);
        return RemoteNetMem.open(options);
    }

    private static String bounded(String what, String text, int bytesMax) {
        int length = Objects.requireNonNull(text, what).getBytes(StandardCharsets.UTF_8).length;
        if (length > bytesMax) {
            throw new IllegalArgumentException(
                    what + ": " + text + ": " + length + " bytes of UTF-8 (expected: <= " + bytesMax + ")");
        }
        return text;
    }

    /** Process id and host name, cut to what a name may have. */
    private static String defaultName() {
        String pid = Long.toString(ProcessHandle.current().pid());
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return pid;
        }
        String text = pid + "@" + host;
        boolean ascii = text.chars().allMatch(c -> c > ' ' && c < 0x7F);
        return ascii ? text.substring(0, Math.min(text.length(), WireLimits.NAME_BYTES_MAX)) : pid;
    }
}
