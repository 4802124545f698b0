package netmem.client;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link NetMemBuilder} has gathered. Pure value.
 *
 * @param address the server
 * @param deadlineNanos for each call
 * @param connectTimeoutNanos for each attempt to connect, greeting included
 * @param name shown to others
 * @param token credential, or empty
 * @param leaseMillis wanted lease term, 0 for the server's default
 * @param cache where copies of pages are kept
 * @param backoffMinNanos longest pause before the second attempt to reconnect
 * @param backoffMaxNanos longest pause before any attempt
 * @param asyncCallsMax stages under way at a time
 * @param onConnection told of the connection's beginnings and ends, or null
 * @param followRestarts whether calls go on by themselves when the server's memory was lost
 */
record Options(
        Address address,
        long deadlineNanos,
        long connectTimeoutNanos,
        String name,
        String token,
        int leaseMillis,
        PageCache cache,
        long backoffMinNanos,
        long backoffMaxNanos,
        int asyncCallsMax,
        @Nullable Consumer<ConnectionEvent> onConnection,
        boolean followRestarts) {
    /** Leaves the credential out. */
    @Override
    public String toString() {
        return "Options[" + address + ", name=" + name + "]";
    }
}
