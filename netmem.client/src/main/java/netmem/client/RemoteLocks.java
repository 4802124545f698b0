package netmem.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Versioned;
import org.jspecify.annotations.Nullable;

/** Takes locks under the handles that it is given: one for all calls, or a new one for each. Shared; immutable. */
final class RemoteLocks implements Locks {
    /** A commit has a release and may have a write for each page, and all are steps of one transaction. */
    static final int GROUP_PAGES_MAX = 128;

    private static final int READ_OVERHEAD_BYTES = 4096;
    private static final int ENTRY_BYTES = 32;

    private final Calls calls;
    private final LongSupplier handles;
    private final PageCache cache;
    private final long deadlineNanos;

    RemoteLocks(Calls calls, LongSupplier handles, long deadlineNanos) {
        this.calls = calls;
        this.handles = handles;
        this.cache = calls.options().cache();
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    public PageLock lock(long page) {
        return within(page, false);
    }

    @Override
    public PageLock lockShared(long page) {
        return within(page, true);
    }

    private PageLock within(long page, boolean shared) {
        Deadline deadline = new Deadline(System.nanoTime(), deadlineNanos);
        RemotePageLock lock = acquire(page, shared, deadline, deadlineNanos);
        if (lock == null) {
            throw late("lock page " + page, deadline);
        }
        return lock;
    }

    private NetMemException late(String what, Deadline deadline) {
        String message = what + " of " + calls.options().address() + ": still locked after "
                + deadline.spent(System.nanoTime()) + "; whoever holds it may be this program too";
        return new NetMemException.DeadlinePassed(Outcome.NO_EFFECT, message);
    }

    @Override
    public Optional<PageLock> tryLock(long page, Duration wait) {
        return trying(page, false, wait);
    }

    @Override
    public Optional<PageLock> tryLockShared(long page, Duration wait) {
        return trying(page, true, wait);
    }

    private Optional<PageLock> trying(long page, boolean shared, Duration wait) {
        Arguments.within("wait", wait, Duration.ZERO, NetMemBuilder.DEADLINE_MAX);
        long limitNanos = Math.max(deadlineNanos, wait.toNanos());
        RemotePageLock lock = acquire(page, shared, new Deadline(System.nanoTime(), limitNanos), wait.toNanos());
        if (lock == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(lock);
        } catch (VirtualMachineError e) {
            lock.discard();
            throw Failure.noMemory(Outcome.NO_EFFECT, "lock page " + page, e);
        }
    }

    /**
     * Takes a lock within the deadline, waiting for others only so long; null when they held it until then. Whoever gets
     * it keeps it, or gives it back: nothing that takes heap may stand between.
     */
    @Nullable
    RemotePageLock acquire(long page, boolean shared, Deadline deadline, long waitNanos) {
        LockCall call = new LockCall(deadline, cache, Arguments.page(page), handles.getAsLong(), waitNanos, shared);
        LockCall.Grant grant = calls.run(call).orElse(null);
        return grant == null ? null : held(page, shared, grant, deadline);
    }

    /**
     * Where the grant came without the page, as a repeated one does, reads it: it stands still while the lock is held.
     */
    private RemotePageLock held(long page, boolean shared, LockCall.Grant grant, Deadline deadline) {
        try {
            Versioned base = grant.copy();
            if (base == null) {
                base = calls.run(ReadCall.whole(deadline, cache, page));
                standing(base, grant.version());
            }
            return new RemotePageLock(calls, deadlineNanos, grant.session(), grant.token(), shared, base);
        } catch (VirtualMachineError e) {
            giveBack(page, grant);
            throw Failure.noMemory(Outcome.NO_EFFECT, "lock page " + page, e);
        } catch (Throwable e) {
            giveBack(page, grant);
            throw e;
        }
    }

    /** Nobody else would; so it waits for memory. */
    private void giveBack(long page, LockCall.Grant grant) {
        for (boolean done = false; !done; ) {
            try {
                calls.runOwed(RemotePageLock.release(deadlineNanos, grant.session(), page, grant.token()));
                done = true;
            } catch (VirtualMachineError e) {
                Shortage.rest();
            }
        }
    }

    private static void standing(Versioned page, long granted) {
        if (page.version() != granted) {
            throw new NetMemException.LockLost("lock page " + page.page() + ": version: " + page.version()
                    + " (expected: " + granted + ", as granted)");
        }
    }

    @Override
    public LockGroup lockAll(long... pages) {
        List<Long> sorted = LongStream.of(Arguments.pages(pages))
                .sorted()
                .distinct()
                .boxed()
                .toList();
        if (sorted.isEmpty() || sorted.size() > GROUP_PAGES_MAX || sorted.size() != pages.length) {
            throw new IllegalArgumentException(
                    "pages: " + pages.length + " (expected: 1 to " + GROUP_PAGES_MAX + ", each once)");
        }
        Deadline deadline = new Deadline(System.nanoTime(), deadlineNanos);
        LockManyCall call = new LockManyCall(deadline, sorted, handles.getAsLong(), deadlineNanos);
        LockManyCall.Grants grants = calls.run(call).orElse(null);
        if (grants == null) {
            throw late("lock of " + sorted.size() + " pages from " + sorted.getFirst(), deadline);
        }
        try {
            return group(grants, read(grants.session(), sorted, deadline));
        } catch (VirtualMachineError e) {
            calls.giveBack(call, grants);
            throw Failure.noMemory(Outcome.NO_EFFECT, "lock of " + sorted.size() + " pages", e);
        } catch (Throwable e) {
            calls.giveBack(call, grants);
            throw e;
        }
    }

    private LockGroup group(LockManyCall.Grants grants, List<Versioned> bases) {
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < bases.size(); i++) {
            standing(bases.get(i), grants.grants().get(i).version());
            tokens.add(grants.grants().get(i).token());
        }
        return new RemoteLockGroup(calls, deadlineNanos, grants.session(), tokens, bases);
    }

    /** How many whole pages a reply holds beside the versions of so many others; at least 1. */
    static int pagesAtOnce(Session session, int others) {
        int room = session.frameBytesMax() - READ_OVERHEAD_BYTES - others * ENTRY_BYTES;
        return Math.max(1, room / (session.pageLengthBytes() + ENTRY_BYTES));
    }

    /** The pages, which stand still, as many at a time as fit into a frame. */
    private List<Versioned> read(Session session, List<Long> pages, Deadline deadline) {
        int atOnce = pagesAtOnce(session, 0);
        List<Versioned> copies = new ArrayList<>();
        for (int i = 0; i < pages.size(); i += atOnce) {
            long[] some = pages.subList(i, Math.min(pages.size(), i + atOnce)).stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            copies.addAll(calls.run(new ReadManyCall(deadline, cache, some)));
        }
        return copies;
    }
}
