package netmem.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Versioned;
import netmem.api.wire.FailureText;
import netmem.api.wire.Ranges;
import netmem.api.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/** A lock that the server granted. Confined to one thread at a time, as its interface says. */
final class RemotePageLock implements PageLock {
    private static final long CLOSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private final Calls calls;
    private final long deadlineNanos;
    private final Holding holding;
    private final long token;
    private final boolean shared;
    private final Versioned base;
    private final byte[] copy;
    private final ByteBuffer buffer;

    RemotePageLock(Calls calls, long deadlineNanos, Session holder, long token, boolean shared, Versioned base) {
        this.calls = calls;
        this.deadlineNanos = deadlineNanos;
        this.holding =
                new Holding(holder, calls.lockAlarms(), () -> calls.owe(release(deadlineNanos, holder, page(), token)));
        this.token = token;
        this.shared = shared;
        this.base = base;
        this.copy = base.bytes();
        ByteBuffer view = ByteBuffer.wrap(copy);
        this.buffer = (shared ? view.asReadOnlyBuffer() : view).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long page() {
        return base.page();
    }

    @Override
    public long version() {
        return base.version();
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public Incarnation incarnation() {
        return holder().incarnation();
    }

    boolean isOf(Calls client) {
        return calls == client;
    }

    Session holder() {
        return holding.holder();
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public boolean isShared() {
        return shared;
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
    public long commit() {
        return commit(new Deadline(System.nanoTime(), deadlineNanos)).version();
    }

    /** The same within a given time; returns the page as it is then. */
    Versioned commit(Deadline deadline) {
        switch (holding.tenure()) {
            case HELD -> {}
            case OVER -> throw new IllegalStateException("commit of page " + page() + ": already committed or closed");
            case LOST -> throw new NetMemException.LockLost("commit of page " + page() + ": the lock was lost");
        }
        if (holder().lease().isOver()) {
            holding.lost();
            throw new NetMemException.LockLost("commit of page " + page() + ": the session that held the lock is over");
        }
        // The caller has the buffer still, and the cache shows this to all.
        byte[] own = Shortage.named("commit of page", page(), copy::clone);
        Change change = change(own);
        Ranges ranges = change == null ? Ranges.NONE : change.ranges();
        ByteBuffer data = change == null ? Call.noData() : change.data();
        try {
            long version = calls.run(new UnlockCall(deadline, holder(), page(), token, ranges, data));
            holding.over();
            Versioned left = Versioned.owning(incarnation(), page(), version, own);
            // A transaction of the holder may have changed the page too, and the copy does not show that.
            if (change != null && version == version() + 1) {
                calls.options().cache().install(left);
            }
            return left;
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

    private @Nullable Change change(byte[] own) {
        try {
            return Change.between(base, own, WireLimits.RANGES_MAX);
        } catch (VirtualMachineError e) {
            throw Failure.noMemory(Outcome.NO_EFFECT, "commit of page " + page(), e);
        }
    }

    @Override
    public void close() {
        try {
            if (holding.tenure() == Tenure.HELD && base.buffer().mismatch(ByteBuffer.wrap(copy)) >= 0) {
                calls.warnUncommitted("the lock of page " + page());
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
                calls.runOwed(release(deadlineNanos, holder(), page(), token));
            } catch (VirtualMachineError e) {
                holding.giveBack();
            }
        }
    }

    /** Gives a lock back as it was; who waits for the answer does so for a second at most, and leaves the rest to the client. */
    static UnlockCall release(long deadlineNanos, Session holder, long page, long token) {
        Deadline deadline = new Deadline(System.nanoTime(), Math.min(deadlineNanos, CLOSE_NANOS_MAX));
        return UnlockCall.unchanged(deadline, holder, page, token);
    }

    @Override
    public String toString() {
        return "PageLock[page=" + page() + ", version=" + version() + ", token=" + FailureText.number(token) + ", "
                + holding.tenure() + "]";
    }
}
