package netmem.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * What callers do with their calls: wait for room, wait for the answer, give up. Shared; all state is in the {@link
 * Exchange}.
 */
final class Calls {
    private static final long CLOSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private final Exchange exchange;
    private final Options options;
    private final @Nullable Incarnation bound;

    /** Calls to the memory that the program knows. */
    Calls(Exchange exchange) {
        this(exchange, null);
    }

    private Calls(Exchange exchange, @Nullable Incarnation bound) {
        this.exchange = exchange;
        this.bound = bound;
        this.options = exchange.options();
    }

    Options options() {
        return options;
    }

    /** The same, to one memory alone, whether the program is said to know it or not. */
    Calls boundTo(Incarnation memory) {
        return new Calls(exchange, memory);
    }

    /** The number of an owner of locks that has none yet. */
    long newOwner() {
        return exchange.newOwner();
    }

    LockAlarms lockAlarms() {
        return exchange.lockAlarms;
    }

    MemoryLoss memory() {
        return exchange.memory;
    }

    /** The newest session; there is one once {@link #awaitSession} returned. */
    Session session() {
        Session known = exchange.session();
        if (known == null) {
            throw new IllegalStateException("no session yet");
        }
        return known;
    }

    /**
     * A lock was closed with changes that were not committed: told once for a client, since a program does it always
     * or never.
     */
    void warnUncommitted(String lock) {
        if (exchange.warnedUncommitted.compareAndSet(false, true)) {
            Log.log(
                    System.Logger.Level.WARNING,
                    lock + " of " + options.address() + " was closed with changes that were not committed, and they are"
                            + " gone (expected: commit() or discard()); this is said once",
                    null);
        }
    }

    /** Begins a watch, within the deadline. */
    Watch watch(Deadline deadline, RemoteWatch.Run run, Watch.Listener listener) {
        return exchange.watches.open(this, deadline, run, listener);
    }

    /** Sends a call and waits for its answer, within its deadline. */
    <R> R run(Call<R> call) {
        try {
            admit(call);
            exchange.flush();
            return await(call);
        } catch (NetMemException e) {
            throw e;
        } catch (VirtualMachineError e) { // the caller has no memory to wait: it is given up as at a deadline
            Outcome known = forsake(call);
            if (known == null) {
                return delivered(call);
            }
            throw Failure.noMemory(known, subject(call), e);
        } catch (Throwable e) {
            Outcome _ = forsake(call);
            throw e;
        }
    }

    /**
     * Nobody waits any more: a lock that is granted nevertheless is given back. Says what is known of the effect, or null
     * where the answer is there, or in the hand of whoever reads. Where memory is short it waits for it.
     */
    private @Nullable Outcome forsake(Call<?> call) {
        for (; ; ) {
            try {
                return forsakeOnce(call);
            } catch (VirtualMachineError e) {
                Shortage.rest();
            }
        }
    }

    private @Nullable Outcome forsakeOnce(Call<?> call) {
        exchange.lock.lock();
        try {
            return exchange.core.abandon(call, System.nanoTime());
        } finally {
            exchange.lock.unlock();
            exchange.reading.attend();
        }
    }

    /** Takes an answer that may be a lock, and must not be lost for want of memory. */
    private <R> R delivered(Call<R> call) {
        for (; ; ) {
            try {
                Object result = call.result();
                if (result != null) {
                    return taken(call, result);
                }
                Thread.onSpinWait();
            } catch (VirtualMachineError e) {
                Shortage.rest();
            }
        }
    }

    /** Waits until the first session is open. */
    void awaitSession(Deadline deadline) {
        String subject = "connect to " + options.address();
        exchange.lock.lock();
        try {
            while (exchange.session() == null) {
                Failure early = early();
                if (early != null) {
                    throw early.toException(subject);
                }
                long left = deadline.leftNanos(System.nanoTime());
                if (left <= 0) {
                    throw new NetMemException.Disconnected(
                            Outcome.NO_EFFECT,
                            subject + ": " + deadline.passed(System.nanoTime()) + troubleText(),
                            exchange.trouble());
                }
                awaitRoom(subject, Room.Kind.PROMPT, left);
            }
        } finally {
            exchange.lock.unlock();
        }
    }

    /**
     * Has the core take the call, as soon as there is a connection, a slot and room for its bytes. Once the deadline
     * has passed it is not sent any more, so that a change cannot happen after its caller was told that it did not.
     */
    private void admit(Call<?> call) {
        if (Thread.currentThread().isInterrupted()) {
            throw new NetMemException.Interrupted(
                    Outcome.NO_EFFECT, subject(call) + ": interrupted before it was sent");
        }
        exchange.lock.lock();
        try {
            call.bound();
            long now = System.nanoTime();
            requireTime(call, now);
            if (call.isRelease()) {
                // Ahead of those who wait for a slot: they may be waiting for this very lock.
                exchange.core.owe(call, now);
                exchange.alarm.expect(call);
                return;
            }
            while (!exchange.core.submit(call, now)) {
                awaitRoom(subject(call), call.kind(), call.deadline().leftNanos(now));
                now = System.nanoTime();
                requireTime(call, now);
            }
            exchange.alarm.expect(call);
        } finally {
            exchange.lock.unlock();
        }
    }

    /** Throws where the call need not be waited for, or is too late. */
    private void requireTime(Call<?> call, long nowNanos) {
        Failure early = early();
        if (early != null) {
            throw early.toException(subject(call));
        }
        if (call.deadline().leftNanos(nowNanos) <= 0) {
            throw Failure.unsent(call.deadline(), nowNanos, unsentText(call)).toException(subject(call));
        }
    }

    /** What kept a call from being sent, as far as it is known. */
    private String unsentText(Call<?> call) {
        if (!exchange.core.isConnected()) {
            return "; not connected" + troubleText();
        }
        return exchange.core.hasSlot(call.kind()) ? "" : "; " + call.kind().full();
    }

    /** What need not be waited for: the client is closed, the server does not want it, or its memory was lost. */
    private @Nullable Failure early() {
        if (!exchange.isOpen()) {
            return Failure.closed(Outcome.NO_EFFECT);
        }
        Failure refusal = exchange.refusal();
        return refusal == null ? exchange.memory.failure(bound) : refusal;
    }

    private void awaitRoom(String subject, Room.Kind kind, long nanos) {
        try {
            exchange.room.await(kind, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetMemException.Interrupted(Outcome.NO_EFFECT, subject + ": interrupted before it was sent");
        }
    }

    private <R> R await(Call<R> call) {
        long endNanos = call.endNanos();
        Object result = call.result();
        while (result == null) {
            boolean interrupted = Thread.currentThread().isInterrupted();
            if (interrupted || endNanos - System.nanoTime() <= 0) {
                giveUp(call, interrupted);
                // Whoever reads has the answer in hand.
                Thread.onSpinWait();
            } else {
                rest(call, endNanos);
            }
            result = call.result();
        }
        return taken(call, result);
    }

    /**
     * Waits until the call may be answered: reads, unless others do, or parks. The keeper wakes virtual threads in time while it is
     * connected, and when it is not any more.
     */
    private void rest(Call<?> call, long endNanos) {
        if (exchange.reading.read(call, endNanos) || call.isDone()) {
            return;
        }
        if (Thread.currentThread().isVirtual() && exchange.isConnected()) {
            LockSupport.park(call);
        } else {
            LockSupport.parkNanos(call, endNanos - System.nanoTime());
        }
    }

    /** What succeed or fail left. */
    @SuppressWarnings("unchecked") // succeed takes an R, and no R is a Failure
    private <R> R taken(Call<R> call, Object result) {
        if (result instanceof Failure failure) {
            throw failure.toException(subject(call));
        }
        return (R) result;
    }

    private void giveUp(Call<?> call, boolean interrupted) {
        Outcome outcome;
        boolean connected;
        CompletionStage<Outcome> later;
        exchange.lock.lock();
        try {
            outcome = exchange.core.abandon(call, System.nanoTime());
            later = outcome == Outcome.UNKNOWN ? call.settled() : CompletableFuture.completedStage(outcome);
            connected = exchange.core.isConnected();
        } finally {
            exchange.lock.unlock();
        }
        if (outcome == null) {
            return;
        }
        exchange.flush();
        exchange.reading.attend();
        String why = subject(call) + ": ";
        if (interrupted) {
            throw new NetMemException.Interrupted(outcome, why + "interrupted while it waited for the answer", later);
        }
        why += call.deadline().passed(System.nanoTime()) + (connected ? "" : "; not connected" + troubleText());
        throw new NetMemException.DeadlinePassed(outcome, why, later);
    }

    private String subject(Call<?> call) {
        return call.what() + " of " + options.address();
    }

    private String troubleText() {
        Throwable last = exchange.trouble();
        return last == null ? "" : " (" + last.getMessage() + ")";
    }

    /**
     * Sends a call that must go out whatever happens, and waits for its end only so long. Never throws; an interrupt
     * ends the wait.
     */
    void runOwed(Call<?> call) {
        if (enterOwed(call)) {
            awaitOwed(call);
        }
    }

    /** The same without waiting. */
    void owe(Call<?> call) {
        if (enterOwed(call)) {
            exchange.flush();
            leave(call);
        }
    }

    /** Gives back what nobody else would; where memory is short it waits for it. */
    void giveBack(LockManyCall call, LockManyCall.Grants grants) {
        for (boolean done = false; !done; ) {
            try {
                runOwed(call.giveBack(new Deadline(System.nanoTime(), 0), grants));
                done = true;
            } catch (VirtualMachineError e) {
                Shortage.rest();
            }
        }
    }

    /** False when the client is closed, which gives back all that it holds. */
    private boolean enterOwed(Call<?> call) {
        exchange.lock.lock();
        try {
            if (!exchange.isOpen()) {
                return false;
            }
            exchange.core.owe(call, System.nanoTime());
            exchange.alarm.expect(call);
            return true;
        } finally {
            exchange.lock.unlock();
        }
    }

    private void awaitOwed(Call<?> call) {
        exchange.flush();
        long endNanos = call.deadline().startNanos() + call.deadline().limitNanos();
        while (!call.isDone()
                && exchange.isConnected()
                && !Thread.currentThread().isInterrupted()
                && endNanos - System.nanoTime() > 0) {
            rest(call, endNanos);
        }
        if (!call.isDone()) {
            leave(call);
        }
    }

    /** Goes on without the answer, which somebody else must read then. */
    private void leave(Call<?> call) {
        exchange.reading.attend();
        exchange.lock.lock();
        try {
            exchange.core.leave(call);
        } finally {
            exchange.lock.unlock();
        }
    }

    /** Refuses new calls, says goodbye, and fails the calls under way. {@code wake} ends a pause between connections. */
    void close(Runnable wake) {
        exchange.lock.lock();
        try {
            if (!exchange.isOpen()) {
                return;
            }
            Session held = exchange.session();
            if (held != null) {
                held.lease().end(); // before the server hears the goodbye and gives the locks to others
            }
            exchange.enter(held == null ? Exchange.Phase.LEFT : Exchange.Phase.LEAVING);
            if (exchange.core.isConnected()) {
                exchange.core.owe(goodbye(), System.nanoTime());
            }
            exchange.room.signalAll();
        } finally {
            exchange.lock.unlock();
        }
        exchange.lockAlarms.end();
        exchange.flush();
        wake.run();
        exchange.lock.lock();
        try {
            awaitLeft();
            exchange.enter(Exchange.Phase.CLOSED);
            exchange.core.failAll(Failure::closed);
            exchange.watches.end();
        } finally {
            exchange.lock.unlock();
        }
    }

    /** Waits until the goodbye is answered or cannot be said; under the lock. */
    private void awaitLeft() {
        try {
            long left = CLOSE_NANOS_MAX;
            while (exchange.isWanted() && left > 0) {
                left = exchange.room.await(Room.Kind.PROMPT, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static PlainCall goodbye() {
        return new PlainCall(new Deadline(System.nanoTime(), CLOSE_NANOS_MAX), new Request.Bye());
    }
}
