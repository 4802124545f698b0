package netmem.client;

import java.nio.ByteBuffer;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * Gives a lock back, with changes or without; means nothing outside the session that holds it. Shared as {@link Call}.
 */
final class UnlockCall extends Call<Long> {
    private final Session holder;
    private final long page;
    private final long token;
    private final Ranges ranges;
    private final ByteBuffer data;

    UnlockCall(Deadline deadline, Session holder, long page, long token, Ranges ranges, ByteBuffer data) {
        super(deadline);
        this.holder = holder;
        this.page = page;
        this.token = token;
        this.ranges = ranges;
        this.data = data;
    }

    /** Gives a lock back as it was. */
    static UnlockCall unchanged(Deadline deadline, Session holder, long page, long token) {
        return new UnlockCall(deadline, holder, page, token, Ranges.NONE, noData());
    }

    @Override
    String what() {
        return "unlock page " + page;
    }

    @Override
    Opcode opcode() {
        return Opcode.UNLOCK;
    }

    @Override
    @Nullable
    Failure misfit(Session into) {
        return into == holder ? null : Failure.lockLost();
    }

    @Override
    Request request(Session into, long nowNanos) {
        return new Request.Unlock(page, token, ranges, data);
    }

    @Override
    void answered(Session from, Reply reply) {
        if (reply instanceof Reply.Written written) {
            succeed(written.version());
        } else {
            unexpected(reply);
        }
    }
}
