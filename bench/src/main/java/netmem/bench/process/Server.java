package netmem.bench.process;

import java.io.IOException;
import java.util.Optional;

/** A kind of server that can be started here, or the reason why not. Pure value. */
public sealed interface Server permits NetMemServerKind, PlainNetMemServer, Floor, Redis, Memcached {
    /** For people. */
    String name();

    /** Why it cannot be started here, with what to do about it; empty when it can. */
    Optional<String> absence();

    /**
     * Starts one on a free port of loopback.
     *
     * @param pages that it is to hold
     * @param connections that it is to accept
     */
    ServerProcess start(int pages, int pageLengthBytes, int connections) throws IOException;

    /** Its version for the record. */
    String version();
}
