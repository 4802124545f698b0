package netmem.server.net;

import netmem.api.Status;
import netmem.api.wire.Reply;

/**
 * Looks after a connection whose client has begun a frame: one that is not complete in its time ({@code frame-time})
 * ends the connection, and so does one of which nothing came between two looks while others wait for memory. The time
 * while the frame itself waits for memory does not count. Confined to its event loop.
 */
final class FrameWatch {
    private static final int LOOKS = 4;
    private static final int LOOK_MILLIS_MAX = 2500;

    private final Connection connection;
    private final IncomingBudget budget;
    private final int frameMillis;
    private final int lookMillis;
    private boolean watching;

    /** Whether it waited for memory at the last look; it was not read then, so nothing could come. */
    private boolean waited;

    private long frames;
    private long reads;
    private int looksLeft;

    FrameWatch(Connection connection, Service service) {
        this.connection = connection;
        this.budget = service.incomingBudget();
        this.frameMillis = service.config().limits().frameMillis();
        this.lookMillis = Math.min(LOOK_MILLIS_MAX, Math.max(1, frameMillis / LOOKS));
    }

    /** Something is left over that may be the beginning of a frame; goes on looking until there is nothing. */
    void start() {
        if (!watching) {
            watching = true;
            waited = false;
            beginAnew();
            lookAgain();
        }
    }

    private void beginAnew() {
        frames = connection.framesRun();
        reads = connection.readsDone();
        looksLeft = Math.ceilDiv(frameMillis, lookMillis);
    }

    private void lookAgain() {
        connection.later(this::look, lookMillis);
    }

    private void look() {
        if (!connection.isInsideFrame()) {
            watching = false;
            return;
        }
        boolean waits = connection.incoming.isWaiting();
        if (waits) {
            connection.heardThoughNotRead();
        }
        if (waits || waited || connection.framesRun() != frames) {
            beginAnew();
        } else if (budget.isLacking() && connection.readsDone() == reads) {
            connection.end(Refusals.noMemory("nothing of the frame came for " + lookMillis + " ms"));
            return;
        } else if (!connection.isTimed()) {
            beginAnew();
        } else if (--looksLeft <= 0) {
            String message = "frame: not complete after " + frameMillis + " ms";
            connection.end(new Reply.Failed(Status.BAD_FRAME, frameMillis, frameMillis, message));
            return;
        }
        waited = waits;
        reads = connection.readsDone();
        lookAgain();
    }
}
