package netmem.server.engine;

import netmem.api.Status;
import netmem.api.wire.Reply;

/** What a command did to others than its caller: values for the net layer to carry out. */
public sealed interface Effect {
    /**
     * The connection it is for, as the net layer named it.
     *
     * @return never 0
     */
    long connection();

    /**
     * A request that waited has its reply.
     *
     * @param connection where its session is reached now
     * @param requestId of the request
     * @param opcode of the request
     * @param waitedNanos from its arrival to now
     * @param reply to send
     */
    record Completed(long connection, long requestId, int opcode, long waitedNanos, Reply reply) implements Effect {
        /** The same without page bytes, for a connection that has too many under way. */
        public Completed elided() {
            return new Completed(connection, requestId, opcode, waitedNanos, Outcomes.elided(reply));
        }
    }

    /**
     * The connection no longer reaches its session and is to be closed.
     *
     * @param connection to close
     * @param reason SESSION_EXPIRED, STALE_REQUEST when the session was resumed elsewhere, or BUSY when it takes notifications too slowly
     */
    record Detached(long connection, Status reason) implements Effect {}

    /**
     * Watched pages of the connection's session changed; {@link Engine#takeChanges} has them.
     *
     * @param connection that watches
     */
    record Changed(long connection) implements Effect {}
}
