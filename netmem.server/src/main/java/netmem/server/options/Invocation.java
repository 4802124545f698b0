package netmem.server.options;

import java.time.Duration;
import java.util.List;

/** What a command line asks the program to do. Pure values. */
public sealed interface Invocation {
    /**
     * Print this and be done.
     *
     * @param lines without their ends
     */
    record Show(List<String> lines) implements Invocation {}

    /**
     * Run a server.
     *
     * @param settings of every option
     */
    record Serve(Settings settings) implements Invocation {}

    /**
     * Print the settings that a server would run with, once they are found good.
     *
     * @param settings of every option
     */
    record PrintConfig(Settings settings) implements Invocation {}

    /**
     * Ask a running server for its counters and latencies.
     *
     * @param server whom to ask
     */
    record Stats(Remote server) implements Invocation {}

    /**
     * Ask a running server for a sign of life.
     *
     * @param server whom to ask
     */
    record Ping(Remote server) implements Invocation {}

    /**
     * A running server.
     *
     * @param host name or address
     * @param port 1 to 65535
     * @param token credential; empty for none
     * @param timeout for the whole exchange
     */
    record Remote(String host, int port, String token, Duration timeout) {
        /** Returns the address; the credential is left out. */
        @Override
        public String toString() {
            return "netmem://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
