package netmem.client;

import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;

/** Asks for one run of a watch, naming what the client has seen as of the sending. Shared as {@link Call}. */
final class WatchCall extends Call<Boolean> {
    private final RemoteWatch watch;
    private final RemoteWatch.Run run;
    private final boolean anew;

    /** Where it is asked for anew on a new connection, nobody waits for the answer. */
    WatchCall(Deadline deadline, RemoteWatch watch, RemoteWatch.Run run, boolean anew) {
        super(deadline);
        this.anew = anew;
        this.watch = watch;
        this.run = run;
    }

    @Override
    String what() {
        return "watch of " + run;
    }

    @Override
    Opcode opcode() {
        return Opcode.WATCH;
    }

    @Override
    boolean endsWithConnection() {
        return anew;
    }

    @Override
    Request request(Session into, long nowNanos) {
        return new Request.Watch(run.first(), run.count(), watch.seen(run));
    }

    @Override
    void answered(Session from, Reply reply) {
        if (reply instanceof Reply.Done) {
            succeed(true);
            return;
        }
        if (reply instanceof Reply.Failed failed) {
            watch.refused(Failure.of(failed).toException(what()));
        }
        unexpected(reply);
    }
}
