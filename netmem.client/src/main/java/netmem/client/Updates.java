package netmem.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import netmem.api.Fetched;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.WordResult;
import netmem.api.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/** Conditional changes of one page within one deadline. Confined to one call. */
final class Updates {
    /**
     * How often somebody else may be first before a change takes the page's lock, and so stands in the same line as
     * those who are first. Its own change is certain then, and the others wait for it no longer than it did for them.
     */
    static final int LOSSES_MAX = 3;

    private final Calls calls;
    private final PageCache cache;
    private final Deadline deadline;

    Updates(Calls calls, Deadline deadline) {
        this.calls = calls;
        this.cache = calls.options().cache();
        this.deadline = deadline;
    }

    /** A page to change, and whether it was current at some instant of this call. */
    private record Base(Versioned page, boolean seenNow) {}

    UpdateResult compareAndUpdate(Versioned base, byte[] bytes) {
        int lengthBytes = calls.session().pageLengthBytes();
        if (bytes.length != lengthBytes) {
            throw new IllegalArgumentException(
                    "bytes: " + bytes.length + " (expected: " + lengthBytes + ", the whole page) page=" + base.page());
        }
        // The caller may change its own at any time, and the cache shows this to all.
        byte[] own = Shortage.named("update page", base.page(), bytes::clone);
        Change sent = Shortage.named("update page", base.page(), () -> difference(base, own));
        WriteCall call = new WriteCall(deadline, cache, base.page(), base, sent.ranges(), sent.data());
        return switch (calls.run(call)) {
            case WriteCall.Answer.Done done -> {
                cache.install(Versioned.owning(done.incarnation(), base.page(), done.version(), own));
                yield new UpdateResult.Updated(done.version());
            }
            case WriteCall.Answer.Stale stale ->
                new UpdateResult.Stale(
                        stale.current() == null ? read(base.page()).page() : stale.current());
        };
    }

    /** What differs from the base, or all bytes where that is only a range of the page. */
    private static Change difference(Versioned base, byte[] bytes) {
        if (base.length() != bytes.length) {
            return Change.of(bytes, 0, bytes.length);
        }
        Change made = Change.between(base, bytes, WireLimits.RANGES_MAX);
        // A page replaced by itself still gets a new version.
        return made == null ? Change.of(bytes, 0, 1) : made;
    }

    Versioned update(long page, Consumer<ByteBuffer> change) {
        Base base = cached(page);
        for (int losses = 0; losses < LOSSES_MAX; losses++) {
            if (base == null) {
                base = read(page);
            }
            byte[] bytes = changed(base.page(), change);
            Change made = made(base.page(), bytes);
            if (made == null) {
                Versioned unchanged = base.page();
                base = base.seenNow() ? base : read(page);
                if (base.page() == unchanged) {
                    return unchanged;
                }
                continue;
            }
            WriteCall.@Nullable Answer answer = attempt(page, base, made);
            if (answer instanceof WriteCall.Answer.Done done) {
                Versioned changed = Versioned.owning(done.incarnation(), page, done.version(), bytes);
                cache.install(changed);
                return changed;
            }
            Versioned current = answer instanceof WriteCall.Answer.Stale stale ? stale.current() : null;
            base = current == null ? null : new Base(current, true);
        }
        return underLock(page, change);
    }

    /** Changes a page while nobody else can; again where the function took so long that the lock was lost. */
    private Versioned underLock(long page, Consumer<ByteBuffer> change) {
        RemoteLocks locks = new RemoteLocks(calls, calls::newOwner, deadline.limitNanos());
        for (; ; ) {
            RemotePageLock taken = locks.acquire(page, false, deadline, deadline.leftNanos(System.nanoTime()));
            if (taken == null) {
                throw blocked(page);
            }
            try (RemotePageLock lock = taken) {
                apply(change, lock);
                Versioned left = committed(lock);
                if (left != null) {
                    return left;
                }
            }
        }
    }

    private static void apply(Consumer<ByteBuffer> change, RemotePageLock lock) {
        try {
            change.accept(lock.buffer());
        } catch (Throwable e) {
            lock.discard();
            throw e;
        }
    }

    /** The page as it was left, or null when the lock was lost. */
    private @Nullable Versioned committed(RemotePageLock lock) {
        try {
            return lock.commit(deadline);
        } catch (NetMemException.LockLost _) { // nothing was changed
            return null;
        } catch (Throwable e) {
            lock.discard();
            throw e;
        }
    }

    private NetMemException blocked(long page) {
        return new NetMemException.DeadlinePassed(
                Outcome.NO_EFFECT,
                "update page " + page + " of " + calls.options().address() + ": others were first " + LOSSES_MAX
                        + " times, and held the page afterwards; " + deadline.passed(System.nanoTime()));
    }

    /** The page as the body leaves it: a copy, since the body may keep its buffer and change it later. */
    private static byte[] changed(Versioned before, Consumer<ByteBuffer> change) {
        byte[] lent = Shortage.named("update page", before.page(), before::bytes);
        change.accept(ByteBuffer.wrap(lent).order(ByteOrder.LITTLE_ENDIAN));
        return Shortage.named("update page", before.page(), lent::clone);
    }

    /** What differs; null for nothing. */
    private static @Nullable Change made(Versioned base, byte[] bytes) {
        try {
            return Change.between(base, bytes, WireLimits.RANGES_MAX);
        } catch (VirtualMachineError e) {
            throw Failure.noMemory(Outcome.NO_EFFECT, "update page " + base.page(), e);
        }
    }

    Fetched atomic(long page, int offset, WordFunction function, long operand) {
        if (function == WordFunction.COMPARE_AND_SET) {
            throw new IllegalArgumentException("function: " + function + " (expected: any other) page=" + page);
        }
        return switch (calls.run(new AtomicCall(deadline, page, offset, function, operand, 0))) {
            case AtomicCall.Answer.Done done -> new Fetched(done.old(), done.version());
            case AtomicCall.Answer.Differs _ -> throw new AssertionError("atomic: condition failed, none was given");
        };
    }

    /** A refusal that came without the word, as a repeated one does, changed nothing: the word is asked again. */
    WordResult compareAndSet(long page, int offset, long expected, long value) {
        for (; ; ) {
            AtomicCall call = new AtomicCall(deadline, page, offset, WordFunction.COMPARE_AND_SET, value, expected);
            switch (calls.run(call)) {
                case AtomicCall.Answer.Done done -> {
                    return new WordResult.Set(done.version());
                }
                case AtomicCall.Answer.Differs(long version, Long actual)
                when actual != null -> {
                    return new WordResult.Differs(version, actual);
                }
                case AtomicCall.Answer.Differs _ -> {}
            }
        }
    }

    /** Writes the change at the base's version; null where the base belongs to a memory that is gone. */
    private WriteCall.@Nullable Answer attempt(long page, Base base, Change made) {
        try {
            return calls.run(new WriteCall(deadline, cache, page, base.page(), made.ranges(), made.data()));
        } catch (NetMemException.SessionLost e) {
            if (calls.options().followRestarts()
                    && e.status() == Status.INCARNATION_CHANGED
                    && e.outcome() == Outcome.NO_EFFECT) {
                return null;
            }
            throw e;
        }
    }

    private @Nullable Base cached(long page) {
        Versioned copy = cache.lookup(calls.session().incarnation(), page);
        return copy == null ? null : new Base(copy, false);
    }

    private Base read(long page) {
        return new Base(calls.run(ReadCall.whole(deadline, cache, page)), true);
    }
}
