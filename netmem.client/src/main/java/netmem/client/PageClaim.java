package netmem.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import netmem.api.Outcome;
import netmem.api.wire.Reply;
import netmem.api.wire.Step;
import org.jspecify.annotations.Nullable;

/** Locks of some pages, for one try of a transaction. Confined to one call. */
final class PageClaim implements AutoCloseable {
    private final Calls calls;
    private final Session holder;
    private final Map<Long, Reply.GrantedMany.Grant> grants = new LinkedHashMap<>();
    private final Runnable giveBack = this::giveBack; // made beforehand: there may be no memory for it later

    private PageClaim(Calls calls, List<Long> pages, LockManyCall.Grants granted) {
        this.calls = calls;
        this.holder = granted.session();
        for (int i = 0; i < pages.size(); i++) {
            grants.put(pages.get(i), granted.grants().get(i));
        }
    }

    /** Takes the locks of pages, which are in rising order; null when others held one until the deadline. */
    static @Nullable PageClaim take(Calls calls, Deadline deadline, List<Long> pages) {
        long wait = deadline.leftNanos(System.nanoTime());
        LockManyCall call = new LockManyCall(deadline, pages, calls.newOwner(), wait);
        LockManyCall.Grants granted = calls.run(call).orElse(null);
        if (granted == null) {
            return null;
        }
        try {
            return new PageClaim(calls, pages, granted);
        } catch (VirtualMachineError e) {
            calls.giveBack(call, granted);
            throw Failure.noMemory(Outcome.NO_EFFECT, call.what(), e);
        }
    }

    Session holder() {
        return holder;
    }

    boolean has(long page) {
        return grants.containsKey(page);
    }

    /** Each page's version, at which it stands while it is locked. */
    Map<Long, Long> versions() {
        Map<Long, Long> versions = new LinkedHashMap<>();
        grants.forEach((page, grant) -> versions.put(page, grant.version()));
        return versions;
    }

    /** Steps that give back the locks of these pages, as far as they are here. */
    List<Step> releases(Collection<Long> pages) {
        List<Step> steps = new ArrayList<>();
        grants.forEach((page, grant) -> {
            if (pages.contains(page)) {
                steps.add(new Step.Release(page, grant.token()));
            }
        });
        return steps;
    }

    /** The locks of these pages were given back. */
    void released(Collection<Long> pages) {
        grants.keySet().removeAll(pages);
    }

    /** Gives back what is held still. Never throws; where memory is short it waits for it, since nobody else would. */
    @Override
    public void close() {
        Shortage.outlast(giveBack);
    }

    private void giveBack() {
        if (!grants.isEmpty()) {
            List<Step> releases = releases(List.copyOf(grants.keySet()));
            Deadline none = new Deadline(System.nanoTime(), 0);
            calls.runOwed(new TransactCall(none, calls.options().cache(), releases, holder, null));
        }
    }
}
