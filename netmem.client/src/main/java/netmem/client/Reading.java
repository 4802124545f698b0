package netmem.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The duty to read: who has it, and nobody else, waits at the selector, reads the socket and hands out what came. Shared.
 *
 * <p>The keeper, which is the client's own thread, has it while a connection is made or ended, and as long as there is
 * anything that nobody may be there to read. Where one caller calls again and again, the keeper leaves the duty, and the
 * caller reads its answer itself: two context switches less. So the keeper rests while callers read, and takes
 * the duty back once nobody has for {@link #REST_NANOS}.
 *
 * <pre>
 *   field     access     guard
 *   turns     volatile   written under duty
 *   wanted    volatile   set by callers, cleared by the keeper
 *   called    volatile   written by the keeper
 *   keeper    volatile   written once, by the keeper
 *   the rest  -          confined to the keeper
 *   lock order: duty, writing, the client's lock. Nobody waits for duty but the keeper, for a connection that has ended.
 * </pre>
 *
 * Nobody is left without a reader: a caller's request is in its slot before it tries the duty, and who leaves the duty looks
 * at the slots afterwards. So either the one finds the duty free, or the other finds the request, and wakes the keeper.
 */
final class Reading {
    /** The end of an idle connection may be seen so much later, but nothing else. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Exchange exchange;
    private final ReentrantLock duty = new ReentrantLock();
    private volatile @Nullable Thread keeper;
    private volatile int turns;
    private volatile boolean wanted;
    private volatile boolean called;
    private long servedNanos;

    Reading(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * Reads until a call is answered, or its caller must see to something else: its time is over, it is interrupted, the
     * connection has ended. False when others read, or must: then the caller parks. A virtual thread never reads, since it
     * would hold its carrier at the selector.
     */
    boolean read(Call<?> call, long endNanos) {
        if (Thread.currentThread().isVirtual()) {
            attend();
            return false;
        }
        if (!duty.tryLock()) {
            if (!wanted) {
                wanted = true; // pairs with offer(): a hint, nothing depends on it
            }
            return false;
        }
        try {
            return take(call, endNanos);
        } finally {
            duty.unlock();
            leave();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under duty
    private boolean take(Call<?> call, long endNanos) {
        turns++; // pairs with rest(): somebody reads
        Connection on = exchange.connection();
        if (on == null || on.isEnded()) {
            return false;
        }
        try {
            while (!call.isDone() && !on.isEnded()) {
                long left = endNanos - System.nanoTime();
                if (left <= 0 || Thread.currentThread().isInterrupted()) {
                    break;
                }
                on.await(left);
                on.serve(exchange.frames);
            }
        } catch (Throwable e) { // whatever it was: it is the connection's end, and no matter of this call alone
            on.fail(e);
        }
        return true;
    }

    /** After the duty was let go: whatever still needs a reader gets the keeper. */
    private void leave() {
        if (called || exchange.needsReader()) {
            LockSupport.unpark(keeper);
        }
    }

    /** Sees to it that somebody reads what a request brings; called when it is in its slot. */
    void attend() {
        if (!duty.isLocked()) {
            LockSupport.unpark(keeper);
        }
    }

    /** Ends a rest, so that the keeper looks around. */
    void wakeKeeper() {
        LockSupport.unpark(keeper);
    }

    // The rest is called by the keeper.

    /** Takes the duty, as soon as a caller has left a connection that has ended. */
    void keep() {
        keeper = Thread.currentThread();
        if (!isKept()) {
            duty.lock();
        }
    }

    boolean isKept() {
        return duty.isHeldByCurrentThread();
    }

    /** Leaves the duty to callers, if there was one twice in a short time, and nothing else needs a reader. */
    void offer(long nowNanos) {
        boolean often = nowNanos - servedNanos < REST_NANOS;
        servedNanos = nowNanos;
        if (!wanted || exchange.needsReader()) {
            return;
        }
        wanted = false;
        if (often) {
            duty.unlock();
        }
    }

    /** Waits while callers read, and takes the duty when none has for a while, or something needs a reader. */
    void rest(long nanos) {
        int before = turns;
        if (!exchange.needsReader()) {
            LockSupport.parkNanos(this, Math.min(REST_NANOS, nanos));
        }
        if (turns == before || exchange.needsReader()) {
            takeBack(nanos);
        }
    }

    /** A caller who reads for long is asked to wake the keeper when it leaves. */
    private void takeBack(long nanos) {
        if (duty.tryLock()) {
            return;
        }
        called = true; // pairs with leave(): who has the duty now leaves it later, and looks then
        if (!duty.tryLock()) {
            LockSupport.parkNanos(this, nanos);
        }
        called = false;
    }
}
