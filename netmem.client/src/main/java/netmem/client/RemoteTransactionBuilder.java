package netmem.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.PageRange;
import netmem.api.Status;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.wire.Step;
import netmem.api.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/** Gathers steps. Confined to one thread, as its interface says. */
final class RemoteTransactionBuilder implements TransactionBuilder {
    private final Calls calls;
    private final long deadlineNanos;
    private final List<Step> steps = new ArrayList<>();
    private final Set<Long> shared = new HashSet<>();
    private boolean changing;
    private @Nullable Session holder;
    private @Nullable Incarnation memory;

    RemoteTransactionBuilder(Calls calls, long deadlineNanos) {
        this.calls = calls;
        this.deadlineNanos = deadlineNanos;
    }

    /** The same steps; what is added to one is not added to the other. */
    RemoteTransactionBuilder copy() {
        RemoteTransactionBuilder other = new RemoteTransactionBuilder(calls, deadlineNanos);
        other.steps.addAll(steps);
        other.shared.addAll(shared);
        other.changing = changing;
        other.holder = holder;
        other.memory = memory;
        return other;
    }

    private RemoteTransactionBuilder with(Step step) {
        if (steps.size() == WireLimits.STEPS_MAX) {
            throw new IllegalStateException(
                    "steps: " + (steps.size() + 1) + " (expected: <= " + WireLimits.STEPS_MAX + ")");
        }
        steps.add(step);
        return this;
    }

    /** A copy of bytes that lie within some page. */
    private static ByteBuffer copied(int offset, byte[] bytes) {
        return ByteBuffer.wrap(
                Objects.requireNonNull(bytes, "bytes").clone(), 0, new PageRange(offset, bytes.length).length());
    }

    @Override
    public TransactionBuilder ifUnchanged(Versioned seen) {
        Arguments.base(seen, "seen");
        if (memory != null && !memory.equals(seen.incarnation())) {
            throw new NetMemException.SessionLost(
                    Status.INCARNATION_CHANGED,
                    Outcome.NO_EFFECT,
                    "ifUnchanged: page " + seen.page() + " was read in memory " + seen.incarnation() + " (expected: "
                            + memory + ", as the pages before; one of the two is lost)");
        }
        with(new Step.CompareVersion(seen.page(), seen.version()));
        memory = seen.incarnation();
        return this;
    }

    @Override
    public TransactionBuilder ifBytes(long page, int offset, byte[] bytes) {
        return with(new Step.CompareBytes(Arguments.page(page), offset, copied(offset, bytes)));
    }

    @Override
    public TransactionBuilder ifHeld(PageLock lock) {
        if (!(lock instanceof RemotePageLock held) || !held.isOf(calls)) {
            throw new IllegalArgumentException("lock: " + lock + " (expected: one of this client)");
        }
        Session of = held.holder();
        if (holder != null && holder != of) {
            throw new NetMemException.LockLost("locks of two sessions: one of them is over");
        }
        with(new Step.CompareToken(lock.page(), lock.token()));
        if (lock.isShared()) {
            shared.add(lock.page());
        }
        holder = of;
        return this;
    }

    @Override
    public TransactionBuilder read(long page, int offset, int lengthBytes) {
        PageRange range = new PageRange(offset, lengthBytes);
        return with(new Step.Read(Arguments.page(page), range.offset(), range.length()));
    }

    @Override
    public TransactionBuilder write(long page, int offset, byte[] bytes) {
        changing = true;
        return with(new Step.Write(Arguments.page(page), offset, copied(offset, bytes)));
    }

    @Override
    public TransactionBuilder atomic(long page, int offset, WordFunction function, long operand) {
        Objects.requireNonNull(function, "function");
        if (function == WordFunction.COMPARE_AND_SET) {
            throw new IllegalArgumentException("function: " + function + " (expected: any other) page=" + page);
        }
        changing = true;
        return with(new Step.Atomic(Arguments.page(page), Arguments.word(offset), function, operand));
    }

    /** What only reads, and whose bytes were lost with a connection, is simply read again. */
    @Override
    public TransactionResult run() {
        if (steps.isEmpty()) {
            throw new IllegalStateException("steps: 0 (expected: >= 1)");
        }
        requireExclusive();
        Deadline deadline = new Deadline(System.nanoTime(), deadlineNanos);
        for (; ; ) {
            TransactionResult result =
                    calls.run(new TransactCall(deadline, calls.options().cache(), steps, holder, memory));
            boolean lost = result instanceof TransactionResult.Committed committed
                    && committed.results().isEmpty();
            if (changing || !lost) {
                return result;
            }
        }
    }

    private void requireExclusive() {
        for (Step step : steps) {
            if ((step instanceof Step.Write || step instanceof Step.Atomic) && shared.contains(step.page())) {
                throw new IllegalStateException("ifHeld: the lock of page " + step.page()
                        + " is shared, and the transaction changes that page (expected: an exclusive lock)");
            }
        }
    }

    @Override
    public String toString() {
        return "transaction" + steps;
    }
}
