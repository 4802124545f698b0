package netmem.client;

import java.util.function.Consumer;
import netmem.api.Incarnation;
import netmem.api.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Which memory the program knows of, and which one the server has. While they differ every call fails, until the
 * program says that it knows: by {@link #renew}, by a handler that returned, or beforehand, by following whatever
 * comes. Shared; all fields are guarded by the client's lock. What the program brings, its log handlers included,
 * runs on virtual threads without that lock.
 */
final class MemoryLoss {
    private final Exchange exchange;

    /** The memory that the program knows; null before the first session. */
    private @Nullable Incarnation known;

    /** The memory that the server has, as far as it has said; null before the first session. */
    private @Nullable Incarnation newest;

    /** The memory for which the handler was called last. */
    private @Nullable Incarnation tried;

    private @Nullable Consumer<Incarnation> handler;
    private boolean handling;

    MemoryLoss(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * A server has greeted, under the lock, and before the core is told: where there is no memory for the thread,
     * nothing has changed, and the next greeting tries again.
     */
    void greeted(Incarnation now) {
        Incarnation before = newest;
        if (now.equals(before)) {
            return;
        }
        if (before != null) {
            Thread.ofVirtual().name("netmem-memory-lost").start(() -> tell(before, now));
        }
        newest = now;
        if (before == null || exchange.options().followRestarts()) {
            known = now;
        }
    }

    /**
     * Why a call may not be sent, or null when it may; under the lock.
     *
     * @param bound the memory that the call is meant for, or null for the one that the program knows
     */
    @Nullable
    Failure failure(@Nullable Incarnation bound) {
        Incarnation meant = bound == null ? known : bound;
        return meant == null || meant.equals(newest) ? null : Failure.memoryLost(Outcome.NO_EFFECT);
    }

    /** The program knows. */
    void renew() {
        exchange.lock.lock();
        try {
            boolean lost = isLost();
            known = newest;
            if (lost) {
                told("by renew()");
            }
        } finally {
            exchange.lock.unlock();
        }
    }

    /** Calls go on. */
    private void told(String how) {
        Log.log(
                System.Logger.Level.INFO,
                "calls go on in the new memory of " + exchange.options().address() + ": the program knows, " + how,
                null);
    }

    /** Has the program told of each loss, of the present one too; in place of whoever was told before. */
    void handler(Consumer<Incarnation> next) {
        exchange.lock.lock();
        try {
            handler = next;
            tried = null;
            if (isLost()) {
                Thread.ofVirtual().name("netmem-memory-lost").start(this::handle);
            }
        } finally {
            exchange.lock.unlock();
        }
    }

    private boolean isLost() {
        return known != null && !known.equals(newest);
    }

    private void tell(Incarnation before, Incarnation now) {
        Log.log(
                System.Logger.Level.WARNING,
                "the memory of " + exchange.options().address() + " was lost: incarnation " + before
                        + " is gone, now it is " + now,
                null);
        handle();
    }

    /** Calls the handler for the newest memory, and again when that was lost meanwhile; on one thread at a time. */
    private void handle() {
        for (Handling next = begin(); next != null; next = begin()) {
            boolean done = false;
            try {
                next.handler().accept(next.memory());
                done = true;
            } catch (Throwable e) { // of the program: its calls go on failing, so that it cannot be overlooked
                Log.log(
                        System.Logger.Level.WARNING,
                        "onMemoryLost of " + exchange.options().address() + " threw; calls go on failing",
                        e);
            } finally {
                boolean _ = Thread.interrupted(); // a flag that the handler left is its own
                end(next, done);
            }
        }
    }

    private record Handling(Consumer<Incarnation> handler, Incarnation memory) {}

    private @Nullable Handling begin() {
        exchange.lock.lock();
        try {
            Incarnation memory = newest;
            Consumer<Incarnation> now = handler;
            if (handling || memory == null || now == null || !isLost() || memory.equals(tried) || !exchange.isOpen()) {
                return null;
            }
            handling = true;
            tried = memory;
            return new Handling(now, memory);
        } finally {
            exchange.lock.unlock();
        }
    }

    private void end(Handling ended, boolean done) {
        exchange.lock.lock();
        try {
            handling = false;
            if (done && ended.memory().equals(newest)) {
                known = newest;
                told("by onMemoryLost");
            }
        } finally {
            exchange.lock.unlock();
        }
    }
}
