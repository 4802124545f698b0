package netmem.proof.sockets;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import netmem.api.NetMemException;
import netmem.api.TransactionResult;
import netmem.client.LockGroup;
import netmem.client.Locks;
import netmem.client.PageLock;
import netmem.proof.history.Made;
import netmem.proof.history.Seen;
import netmem.proof.sockets.Recorder.Pending;

/**
 * The locks of a client that records. A lock counts as held up to the last instant at which the client asked its own clock
 * and was told so. Shared by threads.
 */
final class RecordedLocks {
    private static final long LOOK_NANOS = 500_000;

    private final RecordedClient client;
    private final Recorder recorder;

    RecordedLocks(RecordedClient client) {
        this.client = client;
        this.recorder = client.recorder();
    }

    /** What the holder of a lock does at its end. */
    enum Ending {
        COMMIT,
        CLOSE,
        TRANSACTION
    }

    /** Takes an exclusive lock, holds it a while, and ends it. */
    void exclusive(Locks owner, long page, Duration wait, long holdNanos, Ending ending) {
        take("lock", () -> owner.tryLock(page, wait), false, holdNanos, (lock, state) -> {
            switch (ending) {
                case COMMIT -> commit(lock, state);
                case TRANSACTION -> transaction(lock, state);
                case CLOSE -> {}
            }
        });
    }

    /** Takes a shared lock, holds it a while, and gives it back. */
    void shared(Locks owner, long page, Duration wait, long holdNanos) {
        take("lockShared", () -> owner.tryLockShared(page, wait), true, holdNanos, (_, _) -> {});
    }

    /** Takes two locks one after the other through one owner, in any order: there may be circles. */
    void nested(long first, long second, Duration wait, long holdNanos) {
        Locks owner = client.mem().owner();
        take("lock, first of two", () -> owner.tryLock(first, wait), false, holdNanos, (lock, state) -> {
            exclusive(owner, second, wait, holdNanos, Ending.COMMIT);
            if (lock.isHeld()) {
                commit(lock, state);
            }
        });
    }

    /** Asks for a lock, holds it a while, goes on with it, and closes it. */
    private void take(
            String what,
            Supplier<Optional<PageLock>> request,
            boolean shared,
            long holdNanos,
            BiConsumer<PageLock, Seen> then) {
        Pending pending = client.begin(what, List.of());
        RecordedClient.attempt(pending, () -> {
            Optional<PageLock> granted = request.get();
            if (granted.isEmpty()) {
                pending.done(List.of(), List.of());
                return;
            }
            try (PageLock lock = granted.get()) {
                Seen state = state(lock.page(), lock.version(), lock.buffer());
                pending.done(List.of(state), List.of(), lock.token());
                hold(lock.page(), lock.token(), shared, holdNanos, lock::isHeld);
                then.accept(lock, state);
            }
        });
    }

    /** Takes several locks at once and changes all of their pages. */
    void all(long holdNanos, long... pages) {
        Pending pending = client.begin("lockAll", List.of());
        RecordedClient.attempt(pending, () -> {
            try (LockGroup group = client.mem().lockAll(pages)) {
                List<Seen> states = new ArrayList<>();
                for (long page : pages) {
                    states.add(state(page, group.version(page), group.buffer(page)));
                }
                long token = Arrays.stream(pages).map(group::token).max().orElseThrow();
                pending.done(states, List.of(), token);
                for (long page : pages) {
                    hold(page, group.token(page), false, holdNanos / pages.length, group::isHeld);
                }
                commit(group, states, token);
            }
        });
    }

    private static Seen state(long page, long version, ByteBuffer buffer) {
        return new Seen(page, version, buffer.getLong(0));
    }

    private void hold(long page, long token, boolean shared, long holdNanos, BooleanSupplier isHeld) {
        long begin = System.nanoTime();
        if (!isHeld.getAsBoolean()) {
            return;
        }
        recorder.granted(page, token, begin, shared);
        while (true) {
            // Taken before the look: at this instant the lock was held, whatever stops this thread in between.
            long now = System.nanoTime();
            if (!isHeld.getAsBoolean()) {
                return;
            }
            recorder.held(page, token, now);
            if (now - begin >= holdNanos) {
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void commit(PageLock lock, Seen state) {
        long value = client.unique();
        lock.buffer().putLong(0, value);
        Pending pending =
                recorder.begin("commit", List.of(state), RecordedClient.made(lock.page(), 0, value), lock.token());
        RecordedClient.attempt(
                pending, () -> pending.done(List.of(state), RecordedClient.made(lock.page(), lock.commit(), value)));
    }

    /** A transaction under the lock's token. */
    private void transaction(PageLock lock, Seen state) {
        long value = client.unique();
        long page = lock.page();
        Pending pending = recorder.begin(
                "transaction under a lock", List.of(state), RecordedClient.made(page, 0, value), lock.token());
        RecordedClient.attempt(pending, () -> {
            TransactionResult result = client.mem()
                    .transaction()
                    .ifHeld(lock)
                    .write(page, 0, RecordedClient.word(value))
                    .run();
            switch (result) {
                case TransactionResult.Committed committed ->
                    pending.done(
                            List.of(state),
                            RecordedClient.made(page, committed.versions().getOrDefault(page, 0L), value));
                case TransactionResult.Refused _ -> pending.done(List.of(), List.of(), 0);
            }
        });
    }

    private void commit(LockGroup group, List<Seen> states, long token) {
        List<Made> intended = new ArrayList<>();
        for (Seen state : states) {
            long value = client.unique();
            group.buffer(state.page()).putLong(0, value);
            intended.add(new Made(state.page(), 0, value));
        }
        Pending pending = recorder.begin("commit of a group", states, intended, token);
        try {
            Map<Long, Long> versions = group.commit();
            pending.done(
                    states,
                    intended.stream()
                            .map(made -> new Made(made.page(), versions.getOrDefault(made.page(), 0L), made.value()))
                            .toList());
        } catch (NetMemException e) {
            pending.failed(e);
        }
    }
}
