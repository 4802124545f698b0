package netmem.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import netmem.api.Fetched;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.WordResult;
import org.jspecify.annotations.Nullable;

/** Conditional changes of one page within one deadline. Confined to one call. */
final class Updates {
    /** Losses in a row before an update pauses. */
    private static final int LOSSES_FREE = 3;

    private static final long PAUSE_NANOS_MIN = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

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
        byte[] own = bytes.clone(); // the caller may change its own at any time, and the cache shows this to all
        Change sent = difference(base, own);
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
        Change made = Change.between(base, bytes);
        // A page replaced by itself still gets a new version.
        return made == null ? Change.of(bytes, 0, 1) : made;
    }

    Versioned update(long page, Consumer<ByteBuffer> change) {
        Base base = cached(page);
        for (int losses = 0; ; losses++) {
            if (base == null) {
                base = read(page);
            }
            byte[] bytes = changed(base.page(), change);
            Change made = Change.between(base.page(), bytes);
            if (made == null) {
                Versioned unchanged = base.page();
                base = base.seenNow() ? base : read(page);
                if (base.page() == unchanged) {
                    return unchanged;
                }
                continue;
            }
            pause(this, deadline, losses);
            WriteCall.@Nullable Answer answer = attempt(page, base, made);
            if (answer instanceof WriteCall.Answer.Done done) {
                Versioned changed = Versioned.owning(done.incarnation(), page, done.version(), bytes);
                cache.install(changed);
                return changed;
            }
            Versioned current = answer instanceof WriteCall.Answer.Stale stale ? stale.current() : null;
            base = current == null ? null : new Base(current, true);
        }
    }

    /** The page as the body leaves it: a copy, since the body may keep its buffer and change it later. */
    private static byte[] changed(Versioned before, Consumer<ByteBuffer> change) {
        byte[] lent = before.bytes();
        change.accept(ByteBuffer.wrap(lent).order(ByteOrder.LITTLE_ENDIAN));
        return lent.clone();
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

    /** After a few losses in a row, others are let through first. */
    static void pause(Object blocker, Deadline deadline, int losses) {
        if (losses < LOSSES_FREE) {
            return;
        }
        long longest = Math.min(PAUSE_NANOS_MAX, PAUSE_NANOS_MIN << Math.min(losses - LOSSES_FREE, 16));
        long left = Math.max(1, deadline.leftNanos(System.nanoTime()));
        LockSupport.parkNanos(
                blocker, Math.min(left, 1 + ThreadLocalRandom.current().nextLong(longest)));
    }
}
