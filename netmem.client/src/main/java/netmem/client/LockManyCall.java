package netmem.client;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import netmem.api.Status;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.Step;

/** Takes the exclusive locks of several pages, all or none; empty when somebody else holds one. Shared as {@link Call}. */
final class LockManyCall extends Call<Optional<LockManyCall.Grants>> {
    /**
     * The locks are ours.
     *
     * @param session that holds them
     * @param grants one for each page, in order
     */
    record Grants(Session session, List<Reply.GrantedMany.Grant> grants) {}

    private static final PageCache NO_CACHE = PageCache.ofBytes(0);

    private final List<Long> pages;
    private final long handle;
    private final Deadline wait;

    /** The pages are in rising order, each once. */
    LockManyCall(Deadline deadline, List<Long> pages, long handle, long waitNanos) {
        super(deadline);
        this.pages = pages;
        this.handle = handle;
        this.wait = new Deadline(deadline.startNanos(), waitNanos);
    }

    @Override
    String what() {
        return "lock of " + pages.size() + " pages from " + pages.getFirst();
    }

    @Override
    Opcode opcode() {
        return Opcode.LOCK_MANY;
    }

    /** A lock whose caller does not get it is given back: nothing happened. */
    @Override
    boolean mayChange() {
        return false;
    }

    @Override
    Request request(Session into, long nowNanos) {
        List<Request.LockMany.Want> wants = pages.stream()
                .map(page -> new Request.LockMany.Want(page, false))
                .toList();
        return new Request.LockMany(handle, wait.leftMillis(nowNanos), wants);
    }

    /** What gives these grants back. */
    TransactCall giveBack(Deadline deadline, Grants granted) {
        return new TransactCall(deadline, NO_CACHE, releases(granted.grants()), granted.session(), null);
    }

    private List<Step> releases(List<Reply.GrantedMany.Grant> grants) {
        return IntStream.range(0, Math.min(pages.size(), grants.size()))
                .<Step>mapToObj(
                        i -> new Step.Release(pages.get(i), grants.get(i).token()))
                .toList();
    }

    @Override
    void answered(Session from, Reply reply) {
        if (reply instanceof Reply.GrantedMany granted && granted.grants().size() == pages.size()) {
            succeed(Optional.of(new Grants(from, granted.grants())));
        } else if (reply instanceof Reply.Failed failed
                && (failed.status() == Status.LOCKED || failed.status() == Status.TIMEOUT)) {
            succeed(Optional.empty());
        } else {
            unexpected(reply);
        }
    }
}
