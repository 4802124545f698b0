package netmem.client;

import java.util.List;
import java.util.function.Function;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.TransactionResult;
import netmem.api.wire.Step;

/** Optimistic transactions within one deadline. Confined to one call. */
final class Transactions {
    private final Calls calls;
    private final Deadline deadline;
    private final Snapshot snapshot;

    Transactions(Calls calls, Deadline deadline) {
        this.calls = calls;
        this.deadline = deadline;
        this.snapshot = new Snapshot(calls, deadline);
    }

    <R> R run(Function<Transaction, R> body) {
        for (int losses = 0; ; losses++) {
            if (losses > 0) {
                Updates.pause(this, deadline, losses - 1);
                checkDeadline(losses);
            }
            snapshot.open();
            R result;
            try {
                result = body.apply(snapshot);
            } catch (RuntimeException e) {
                if (snapshot.close()) {
                    throw e;
                }
                continue;
            }
            if (snapshot.close() && commit()) {
                return result;
            }
        }
    }

    private void checkDeadline(int losses) {
        long now = System.nanoTime();
        if (deadline.leftNanos(now) <= 0) {
            throw new NetMemException.DeadlinePassed(
                    Outcome.NO_EFFECT,
                    "transaction of " + calls.options().address() + ": others were first " + losses + " times; "
                            + deadline.passed(now));
        }
    }

    private boolean commit() {
        List<Step> steps = snapshot.steps();
        Incarnation incarnation = snapshot.incarnation();
        if (steps.isEmpty() || incarnation == null) {
            return true;
        }
        try {
            return switch (calls.run(new TransactCall(deadline, calls.options().cache(), steps, null, incarnation))) {
                case TransactionResult.Committed committed -> {
                    snapshot.committed(committed);
                    yield true;
                }
                case TransactionResult.Refused refused -> {
                    snapshot.refused(refused);
                    yield false;
                }
            };
        } catch (NetMemException.SessionLost e) {
            if (calls.options().followRestarts()
                    && e.status() == Status.INCARNATION_CHANGED
                    && e.outcome() == Outcome.NO_EFFECT) {
                snapshot.clear();
                return false;
            }
            throw e;
        }
    }
}
