package netmem.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.wire.Step;
import netmem.api.wire.WireLimits;

/** Locks that the server granted together. Confined to one thread at a time, as its interface says. */
final class RemoteLockGroup implements LockGroup {
    private static final long CLOSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    /** One page: as it was granted, and its private copy. */
    private record Held(long token, Versioned base, ByteBuffer buffer) {
        boolean isChanged() {
            return base.buffer().mismatch(buffer.duplicate().clear()) >= 0;
        }
    }

    private final Calls calls;
    private final long deadlineNanos;
    private final Holding holding;
    private final Map<Long, Held> pages = new LinkedHashMap<>();

    RemoteLockGroup(Calls calls, long deadlineNanos, Session holder, List<Long> tokens, List<Versioned> bases) {
        this.calls = calls;
        this.deadlineNanos = deadlineNanos;
        this.holding = new Holding(holder, calls.lockAlarms(), () -> calls.owe(releaseUnchanged()));
        for (int i = 0; i < bases.size(); i++) {
            Versioned base = bases.get(i);
            ByteBuffer buffer = ByteBuffer.wrap(base.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            pages.put(base.page(), new Held(tokens.get(i), base, buffer));
        }
    }

    private Held held(long page) {
        Held held = pages.get(page);
        if (held == null) {
            throw new IllegalArgumentException("page: " + page + " (expected: one of " + pages.keySet() + ")");
        }
        return held;
    }

    @Override
    public long version(long page) {
        return held(page).base().version();
    }

    @Override
    public long token(long page) {
        return held(page).token();
    }

    @Override
    public Incarnation incarnation() {
        return holding.holder().incarnation();
    }

    @Override
    public ByteBuffer buffer(long page) {
        return held(page).buffer();
    }

    @Override
    public boolean isHeld() {
        return holding.isHeld();
    }

    @Override
    public void onLost(Runnable action) {
        holding.onLost(action);
    }

    @Override
    public Map<Long, Long> commit() {
        switch (holding.tenure()) {
            case HELD -> {}
            case OVER -> throw new IllegalStateException("commit of " + this + ": already committed or closed");
            case LOST -> throw lost();
        }
        if (holding.holder().lease().isOver()) {
            holding.lost();
            throw lost();
        }
        Map<Long, byte[]> changed = new LinkedHashMap<>();
        TransactCall call =
                Shortage.named("commit: number of pages", pages.size(), () -> release(deadlineNanos, changed));
        try {
            return switch (calls.run(call)) {
                case TransactionResult.Committed committed -> {
                    holding.over();
                    committed.versions().forEach((page, version) -> install(page, version, changed));
                    yield committed.versions();
                }
                case TransactionResult.Refused _ -> {
                    holding.lost();
                    throw lost();
                }
            };
        } catch (NetMemException.LockLost e) {
            holding.lost();
            throw e;
        } catch (NetMemException e) {
            if (e.outcome() == Outcome.UNKNOWN) {
                holding.over();
            }
            throw e;
        }
    }

    /** A transaction of the holder may have changed the page too, and the copy does not show that. */
    private void install(long page, long version, Map<Long, byte[]> changed) {
        byte[] copy = changed.get(page);
        if (copy != null && version == version(page) + 1) {
            calls.options().cache().install(Versioned.owning(holding.holder().incarnation(), page, version, copy));
        }
    }

    private NetMemException.LockLost lost() {
        return new NetMemException.LockLost("commit of " + this + ": the locks were lost");
    }

    /** What gives all locks back at one instant, together with the changes; copies of changed pages go to the map. */
    private TransactCall release(long limitNanos, Map<Long, byte[]> changed) {
        List<Step> steps = new ArrayList<>();
        pages.forEach((page, held) -> steps.add(new Step.Release(page, held.token())));
        if (holding.tenure() == Tenure.HELD) {
            int rangesMax = (WireLimits.STEPS_MAX - pages.size()) / pages.size();
            pages.forEach((page, held) -> {
                byte[] own = held.buffer().array().clone();
                Change change = Change.between(held.base(), own, rangesMax);
                if (change != null) {
                    changed.put(page, own);
                    steps.addAll(change.steps(page));
                }
            });
        }
        Deadline deadline = new Deadline(System.nanoTime(), limitNanos);
        return new TransactCall(deadline, calls.options().cache(), steps, holding.holder(), null);
    }

    /** To be made once it is not held any more. */
    private TransactCall releaseUnchanged() {
        return release(Math.min(deadlineNanos, CLOSE_NANOS_MAX), new LinkedHashMap<>());
    }

    @Override
    public void close() {
        try {
            if (holding.tenure() == Tenure.HELD && pages.values().stream().anyMatch(Held::isChanged)) {
                calls.warnUncommitted("the lock of pages " + pages.keySet());
            }
        } finally {
            discard();
        }
    }

    @Override
    public void discard() {
        if (holding.tenure() == Tenure.HELD) {
            holding.over();
            try {
                calls.runOwed(releaseUnchanged());
            } catch (VirtualMachineError e) {
                holding.giveBack();
            }
        }
    }

    @Override
    public String toString() {
        return "LockGroup[pages=" + pages.keySet() + ", " + holding.tenure() + "]";
    }
}
