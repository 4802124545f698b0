package netmem.client;

import java.util.Optional;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.wire.FailureText;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/** Waits at the server until a page is newer; empty when it was not in time. Shared as {@link Call}. */
final class AwaitNewerCall extends Call<Optional<Long>> {
    private final Incarnation incarnation;
    private final long page;
    private final long version;
    private final Deadline wait;

    /** The version is one of this incarnation: it means nothing in another. */
    AwaitNewerCall(Deadline deadline, Incarnation incarnation, long page, long version, long waitNanos) {
        super(deadline);
        this.incarnation = incarnation;
        this.page = page;
        this.version = version;
        this.wait = new Deadline(deadline.startNanos(), waitNanos);
    }

    @Override
    String what() {
        return "await of page " + page + " newer than " + FailureText.number(version);
    }

    @Override
    Opcode opcode() {
        return Opcode.AWAIT_NEWER;
    }

    @Override
    boolean mayChange() {
        return false;
    }

    @Override
    @Nullable
    Failure misfit(Session into) {
        return Failure.otherMemory(incarnation, into);
    }

    @Override
    Request request(Session into, long nowNanos) {
        return new Request.AwaitNewer(page, version, wait.leftMillis(nowNanos));
    }

    @Override
    void answered(Session from, Reply reply) {
        if (reply instanceof Reply.Written newer) {
            succeed(Optional.of(newer.version()));
        } else if (reply instanceof Reply.Failed failed && failed.status() == Status.TIMEOUT) {
            succeed(Optional.empty());
        } else {
            unexpected(reply);
        }
    }
}
