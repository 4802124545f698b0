package netmem.client;

import java.util.Locale;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;

/** A request whose reply is taken as it is: it holds no views. Shared as {@link Call}. */
final class PlainCall extends Call<Reply> {
    private final Request request;

    PlainCall(Deadline deadline, Request request) {
        super(deadline);
        this.request = request;
    }

    @Override
    String what() {
        return opcode().name().toLowerCase(Locale.ROOT);
    }

    @Override
    Opcode opcode() {
        return request.opcode();
    }

    @Override
    Request request(Session into, long nowNanos) {
        return request;
    }

    @Override
    void answered(Session from, Reply reply) {
        switch (reply) {
            case Reply.Done done -> succeed(done);
            case Reply.Description description -> succeed(description);
            case Reply.LockState state -> succeed(state);
            case Reply.Statistics statistics -> succeed(statistics);
            default -> unexpected(reply);
        }
    }
}
