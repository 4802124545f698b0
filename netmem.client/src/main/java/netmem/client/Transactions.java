package netmem.client;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import org.jspecify.annotations.Nullable;

/**
 * Optimistic transactions within one deadline. Confined to one call.
 *
 * <p>After a few losses a try first takes the locks of the pages at which the transaction lost, and so stands in the
 * same lines as those who were first. It cannot lose at these pages again; at others it can, and then takes their
 * locks too. So it loses at most once more for each page that it uses.
 *
 * <p>Whoever holds locks here waits for none: the locks are taken together, and a commit under them does not wait for
 * others' locks but loses at them. So transactions cannot wait for one another in a circle.
 */
final class Transactions {
    private final Calls calls;
    private final Deadline deadline;
    private final Snapshot snapshot;

    /** Pages that others changed or locked while a try used them, and pages that such a try was about to change. */
    private final NavigableSet<Long> lostAt = new TreeSet<>();

    Transactions(Calls calls, Deadline deadline) {
        this.calls = calls;
        this.deadline = deadline;
        this.snapshot = new Snapshot(calls, deadline, lostAt::add);
    }

    <R> R run(Function<Transaction, R> body) {
        for (int losses = 0; ; losses++) {
            if (losses > 0) {
                requireTime(losses);
            }
            PageClaim claim = losses < Updates.LOSSES_MAX ? null : claim(losses);
            try (claim) {
                if (claim != null) {
                    snapshot.stands(claim.versions());
                }
                Try<R> done = once(body, claim);
                if (done != null) {
                    return done.result();
                }
                lostAt.addAll(snapshot.changed());
            }
        }
    }

    /** Pages that do not fit into one reply, all of one instant all the same. */
    List<Versioned> readAll(List<Long> pages) {
        return run(_ -> snapshot.readAll(pages));
    }

    /** What the body returned in the try that was committed. */
    private record Try<R>(R result) {}

    /** One try; null when others were first. */
    private <R> @Nullable Try<R> once(Function<Transaction, R> body, @Nullable PageClaim claim) {
        snapshot.open();
        R result;
        boolean stood;
        try {
            result = body.apply(snapshot);
        } catch (RuntimeException e) {
            if (snapshot.close()) {
                throw e;
            }
            return null;
        } finally {
            stood = snapshot.close();
        }
        return stood && commit(claim) ? new Try<>(result) : null;
    }

    private void requireTime(int losses) {
        long now = System.nanoTime();
        if (deadline.leftNanos(now) <= 0) {
            throw late(losses, "");
        }
    }

    private NetMemException late(int losses, String what) {
        return new NetMemException.DeadlinePassed(
                Outcome.NO_EFFECT,
                "transaction of " + calls.options().address() + ": others were first " + losses + " times" + what + "; "
                        + deadline.passed(System.nanoTime()));
    }

    /** The locks of the pages at which it lost; null where there are none, or more than can be taken together. */
    private @Nullable PageClaim claim(int losses) {
        if (lostAt.isEmpty() || lostAt.size() > RemoteLocks.GROUP_PAGES_MAX) {
            return null;
        }
        PageClaim claim = PageClaim.take(calls, deadline, List.copyOf(lostAt));
        if (claim == null) {
            throw late(losses, ", and held pages afterwards");
        }
        return claim;
    }

    private boolean commit(@Nullable PageClaim claim) {
        List<Step> changes = snapshot.steps();
        Incarnation incarnation = snapshot.incarnation();
        if (incarnation == null) { // it used no page: it fails where any call would
            calls.run(new PlainCall(deadline, new Request.Ping()));
            return true;
        }
        if (changes.isEmpty()) {
            return true;
        }
        List<Step> steps = new ArrayList<>();
        Session holder = null;
        if (claim != null) {
            steps.addAll(claim.releases(snapshot.used()));
            holder = claim.holder();
            changes.removeIf(step -> step instanceof Step.CompareVersion && claim.has(step.page()));
        }
        steps.addAll(changes);
        TransactCall call = new TransactCall(deadline, calls.options().cache(), steps, holder, incarnation);
        try {
            return switch (calls.run(claim == null ? call : call.impatient())) {
                case TransactionResult.Committed committed -> {
                    snapshot.committed(committed);
                    if (claim != null) {
                        claim.released(snapshot.used());
                    }
                    yield true;
                }
                case TransactionResult.Refused refused -> {
                    snapshot.refused(refused);
                    yield false;
                }
            };
        } catch (NetMemException.LockLost _) { // the body took longer than the lease; nothing was changed
            return false;
        } catch (NetMemException.SessionLost e) {
            if (calls.options().followRestarts()
                    && e.status() == Status.INCARNATION_CHANGED
                    && e.outcome() == Outcome.NO_EFFECT) {
                snapshot.clear();
                lostAt.clear();
                return false;
            }
            throw e;
        }
    }
}
