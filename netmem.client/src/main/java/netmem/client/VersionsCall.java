package netmem.client;

import java.util.ArrayList;
import java.util.List;
import netmem.api.Incarnation;
import netmem.api.Outcome;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;

/** Reads the versions of a run of pages. Shared as {@link Call}. */
final class VersionsCall extends Call<VersionsCall.Answer> {
    /**
     * What they are.
     *
     * @param incarnation of the memory
     * @param versions one for each page, in order
     */
    record Answer(Incarnation incarnation, List<Long> versions) {}

    private final RemoteWatch.Run run;

    VersionsCall(Deadline deadline, RemoteWatch.Run run) {
        super(deadline);
        this.run = run;
    }

    @Override
    String what() {
        return "versions of " + run;
    }

    @Override
    Opcode opcode() {
        return Opcode.READ_MANY;
    }

    @Override
    Request request(Session into, long nowNanos) {
        List<Request.ReadMany.Entry> entries = new ArrayList<>();
        for (int i = 0; i < run.count(); i++) {
            entries.add(new Request.ReadMany.Entry(run.first() + i, 0, 0, 0));
        }
        return new Request.ReadMany(false, entries);
    }

    @Override
    void answered(Session from, Reply reply) {
        if (!(reply instanceof Reply.DataMany many)) {
            unexpected(reply);
        } else if (many.entries().size() != run.count()) {
            String detail = "entries: " + many.entries().size() + " (expected: " + run.count() + ")";
            fail(Failure.unexpected(Outcome.NO_EFFECT, detail));
        } else {
            List<Long> versions =
                    many.entries().stream().map(Reply.DataMany.Entry::version).toList();
            succeed(new Answer(from.incarnation(), versions));
        }
    }
}
