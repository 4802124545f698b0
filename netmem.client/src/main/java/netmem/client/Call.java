package netmem.client;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: what to send, what its reply means, and where it stands. Shared by the caller who waits for
 * it and the reader who answers it.
 *
 * <pre>
 *   field                           access        guard
 *   request id, session, sent ...   read, write   the client's lock
 *   result                          volatile      written once, by the reader or under the lock by whoever fails
 *                                                 the call; read by the caller
 * </pre>
 *
 * A caller gives up under the lock, and only a call that is still in its slot; the reader takes it out of its slot
 * under the same lock before it answers. So a call is either abandoned or answered, never both.
 *
 * @param <R> what the caller gets
 */
abstract class Call<R> {
    /** How much longer than its server a client waits for the answer to a request that waits there. */
    static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long NEVER_APPENDED = Long.MAX_VALUE;

    private final Deadline deadline;
    private final Thread waiter = Thread.currentThread();

    private long requestId;
    private boolean abandoned;
    private boolean bounded;
    private boolean possiblySent;
    private long streamEnd = NEVER_APPENDED;
    private long firstSentNanos;
    private @Nullable CompletableFuture<Outcome> settled;
    private @Nullable Session session;
    private @Nullable Request sent;

    private volatile @Nullable Object result;

    Call(Deadline deadline) {
        this.deadline = deadline;
    }

    final Deadline deadline() {
        return deadline;
    }

    /** Operation and page, for messages: {@code read page 17}. */
    abstract String what();

    abstract Opcode opcode();

    /**
     * Makes the request as of now. Called again where the call is sent again; then only what is left of its limits may
     * differ.
     */
    abstract Request request(Session into, long nowNanos);

    /**
     * Takes the reply, on the thread that reads, which is any: calls {@link #succeed} or {@link #fail}. Views in it end with this call.
     */
    abstract void answered(Session from, Reply reply);

    /** Why the call means nothing in this session, or null when it may be sent. */
    @Nullable
    Failure misfit(Session into) {
        return null;
    }

    /** Whether it can have an effect, so that it must not run twice, and its outcome may be unknown. */
    boolean mayChange() {
        return opcode().isRecorded();
    }

    /** Whether it means nothing on the next connection, even of the same session. */
    boolean endsWithConnection() {
        return opcode() == Opcode.UNWATCH || opcode() == Opcode.BYE;
    }

    /** Whether the server is told when nobody waits any more. */
    final boolean isCancelled() {
        return switch (opcode()) {
            case LOCK, LOCK_MANY, AWAIT_NEWER -> true;
            default -> false;
        };
    }

    /** How many slots it leaves to others. */
    final Room.Kind kind() {
        if (isCancelled()) {
            return Room.Kind.WAIT;
        }
        return mayChange() && !isRelease() ? Room.Kind.CHANGE : Room.Kind.PROMPT;
    }

    /** Whether it gives locks back, so that others who hold all slots may be waiting for it. */
    boolean isRelease() {
        return opcode() == Opcode.UNLOCK;
    }

    /** When the caller gives up, on the monotonic clock: a request that waits at the server gets a margin. */
    long endNanos() {
        boolean waits = opcode().isRecorded();
        return deadline.startNanos() + deadline.limitNanos() + (waits ? MARGIN_NANOS : 0);
    }

    final void succeed(R value) {
        publish(value);
    }

    final void fail(Failure failure) {
        publish(failure);
    }

    private void publish(@Nullable Object value) {
        if (result == null) {
            result = value; // pairs with result(): what the reader built is visible to the caller
            if (waiter != Thread.currentThread()) {
                LockSupport.unpark(waiter);
            }
        }
    }

    /** What {@link #succeed} or {@link #fail} gave, or null while it is under way. */
    final @Nullable Object result() {
        return result; // pairs with publish()
    }

    final boolean isDone() {
        return result != null;
    }

    /** Has its caller look around. */
    final void wake() {
        LockSupport.unpark(waiter);
    }

    /** Fails a call whose reply does not fit its request. */
    final void unexpected(Reply reply) {
        if (reply instanceof Reply.Failed failed) {
            fail(Failure.of(failed));
        } else {
            fail(Failure.unexpected(outcomeIfSent(), reply.getClass().getSimpleName() + " to a " + opcode()));
        }
    }

    /** What is known of a call that was sent and has no answer. */
    final Outcome outcomeIfSent() {
        return mayChange() ? Outcome.UNKNOWN : Outcome.NO_EFFECT;
    }

    // The rest is called under the client's lock.

    /**
     * The request to append to the stream: made anew, but for an abandoned call, whose caller's bytes are no longer
     * ours.
     */
    final Request toSend(Session into, long nowNanos) {
        Request before = sent;
        return abandoned && before != null ? before : request(into, nowNanos);
    }

    final void assign(long id) {
        requestId = id;
    }

    final long requestId() {
        return requestId;
    }

    final boolean isAssigned() {
        return requestId != 0;
    }

    /** Its caller wants it sent within its deadline, or not at all. */
    final void bound() {
        bounded = true;
    }

    /** Whether it is too late to send it for the first time. */
    final boolean isTooLate(long nowNanos) {
        return bounded && !possiblySent && deadline.leftNanos(nowNanos) <= 0;
    }

    final void appended(Session into, Request request, long end, long nowNanos) {
        if (session == null) {
            firstSentNanos = nowNanos;
        }
        session = into;
        sent = request;
        streamEnd = end;
    }

    /**
     * When it was first sent in its session: an answer shows that the server has received it since, but not which of
     * several times it was sent.
     */
    final long firstSentNanos() {
        return firstSentNanos;
    }

    final @Nullable Session session() {
        return session;
    }

    final boolean isAbandoned() {
        return abandoned;
    }

    /** Whether its caller counts on the {@link Alarm}, as virtual threads do while there is a connection. */
    final boolean hasNoTimer() {
        return waiter.isVirtual() && !abandoned;
    }

    /** What comes of it in the end, for a caller who has given up. */
    final CompletionStage<Outcome> settled() {
        if (settled == null) {
            settled = new CompletableFuture<>();
        }
        return settled.minimalCompletionStage();
    }

    /** Tells whoever asked; user code that hangs on it must not run on this thread. */
    final void settle(Outcome outcome) {
        CompletableFuture<Outcome> asked = settled;
        if (asked != null) {
            Thread.ofVirtual().name("netmem-settled").start(() -> asked.complete(outcome));
        }
    }

    /**
     * The caller has gone; its bytes are copied, since it may change them from now on. Where there is no memory for the copy
     * nothing is kept, and it is not sent again.
     */
    final void abandon() {
        Request before = sent;
        sent = null;
        abandoned = true;
        try {
            sent = withoutCaller(before);
        } catch (VirtualMachineError e) {
            assert sent == null;
        }
    }

    /** Whether it can be sent again after its caller has gone. */
    final boolean isRepeatable() {
        return sent != null;
    }

    private static @Nullable Request withoutCaller(@Nullable Request sent) {
        return switch (sent) {
            case Request.Write write ->
                new Request.Write(
                        write.page(), write.ifVersion(), write.token(), 0, false, write.ranges(), copy(write.data()));
            case Request.Unlock unlock ->
                new Request.Unlock(unlock.page(), unlock.token(), unlock.ranges(), copy(unlock.data()));
            case Request.Transact transact -> new Request.Transact(0, false, transact.steps());
            case Request.Lock lock -> new Request.Lock(lock.page(), lock.handle(), 0, false, false, 0);
            case Request.LockMany lock -> new Request.LockMany(lock.handle(), 0, lock.wants());
            case Request.AwaitNewer await -> new Request.AwaitNewer(await.page(), await.version(), 0);
            case null -> null;
            default -> sent;
        };
    }

    private static ByteBuffer copy(ByteBuffer data) {
        return ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
    }

    /** The connection is lost after it took so many bytes. A frame of which a part was not taken was not executed. */
    final void disconnected(long writtenBytes) {
        if (streamEnd <= writtenBytes) {
            possiblySent = true;
        }
        streamEnd = NEVER_APPENDED;
    }

    final boolean isPossiblySent() {
        return possiblySent;
    }

    /** The server says that it did not execute the request as it came now; an earlier connection may have brought it too. */
    final void notExecuted() {
        streamEnd = NEVER_APPENDED;
    }

    /** Forgets the old session, to be sent in a new one. */
    final void reset() {
        requestId = 0;
        session = null;
        sent = null;
        possiblySent = false;
    }

    /**
     * Ends with the old session, whose new status says why it is over. True when the call goes on in the new one:
     * never in another memory, unless the program follows whatever comes.
     */
    final boolean outlives(Status why, boolean followsRestarts) {
        if (abandoned || isDone()) {
            settle(possiblySent ? outcomeIfSent() : Outcome.NO_EFFECT);
            return false;
        }
        boolean perhapsDone = possiblySent && mayChange();
        if (why == Status.INCARNATION_CHANGED && !followsRestarts) {
            fail(Failure.memoryLost(perhapsDone ? Outcome.UNKNOWN : Outcome.NO_EFFECT));
            return false;
        }
        if (perhapsDone) {
            fail(Failure.sessionLost(why, Outcome.UNKNOWN));
            return false;
        }
        reset();
        return true;
    }

    /** An empty body for requests without data. */
    static ByteBuffer noData() {
        return ByteBuffer.allocate(0);
    }
}
