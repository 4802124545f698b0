package netmem.server.net;

import java.util.function.BooleanSupplier;
import netmem.server.log.Log;

/** Looks after a connection whose client does not take its replies: one that takes nothing is cut, but only where its bytes are missed. Confined to its event loop. */
final class StallWatch {
    private static final Log LOG = Log.limited(StallWatch.class);

    /** How long a client may take nothing while the server's memory for replies, or for frames, is spent. */
    private static final int STALL_MILLIS = 5000;

    private final Connection connection;
    private final Service service;
    private final BooleanSupplier stalled;
    private boolean watching;

    StallWatch(Connection connection, Service service, BooleanSupplier stalled) {
        this.connection = connection;
        this.service = service;
        this.stalled = stalled;
    }

    /** The connection has stalled; goes on looking until it has not. */
    void start() {
        if (!watching) {
            watching = true;
            lookAgain();
        }
    }

    private void lookAgain() {
        long sent = connection.out().sentBytes();
        connection.later(() -> look(sent), STALL_MILLIS);
    }

    /**
     * Whether others lack the memory: for replies, or for what they send, since what a stalled client has sent is
     * kept too.
     */
    private boolean isMissed() {
        return service.budget().isSpent() || service.incomingBudget().isLacking();
    }

    private void look(long sentBefore) {
        if (!stalled.getAsBoolean()) {
            watching = false;
        } else if (connection.out().sentBytes() != sentBefore || !isMissed()) {
            lookAgain();
        } else {
            String why = "its client took nothing for " + STALL_MILLIS + " ms, while all had many bytes under way";
            LOG.log(System.Logger.Level.WARNING, "connection " + connection.id + " is cut: " + why);
            connection.context().close();
        }
    }
}
