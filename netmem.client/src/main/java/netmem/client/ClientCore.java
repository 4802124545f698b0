package netmem.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import netmem.api.Incarnation;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * The client as a state machine: session, slots, what to send again. It knows no thread, no clock, no socket; frames go
 * to a {@link FrameSink}, time comes as argument. Confined to the client's lock.
 *
 * <p>A call is in one of these places: nowhere (its caller waits for room), in {@code due} (ours, or to be sent again),
 * in its slot, or answered. What is due goes out before anything new. After a lost connection a resumed session sends
 * all that is in slots again, under the same ids; a new session takes over what certainly had no effect, and fails the
 * rest.
 */
final class ClientCore {
    private final Deque<Call<?>> due = new ArrayDeque<>();
    private final Liveness liveness = new Liveness();
    private final boolean followsRestarts;
    private @Nullable FrameSink sink;
    private @Nullable Session session;
    private Slots slots = new Slots(0);
    private @Nullable Call<?> ping;
    private boolean sessionOver;
    private long helloNanos;

    /** Whether calls that certainly had no effect go on in another memory. */
    ClientCore(boolean followsRestarts) {
        this.followsRestarts = followsRestarts;
    }

    @Nullable
    Session session() {
        return session;
    }

    boolean isConnected() {
        return sink != null;
    }

    /** Whether nothing is unanswered, and nothing waits to be sent. */
    boolean isIdle() {
        return slots.isIdle() && due.isEmpty();
    }

    /** Whether more than one request is unanswered. */
    boolean isCrowded() {
        return slots.count() > 1;
    }

    /** The greeting of the next connection. */
    Request.Hello hello(int leaseMillis, String name, String token, long nowNanos) {
        helloNanos = nowNanos;
        SessionId id = session == null ? SessionId.NONE : session.id();
        Incarnation incarnation = session == null ? Incarnation.NONE : session.incarnation();
        return new Request.Hello(id, incarnation, leaseMillis, name, token);
    }

    /** The connection is open; what is due waits for {@link #pump}. */
    void greeted(Reply.Welcome welcome, FrameSink to, long nowNanos) throws MalformedFrameException {
        Session announced = Session.of(welcome, helloNanos);
        Session before = session;
        sink = to;
        sessionOver = false;
        due.removeIf(call -> call.isAssigned() || call.endsWithConnection());
        if (before != null && welcome.resumed() && before.id().equals(announced.id())) {
            before.lease().heard(helloNanos);
            resume(nowNanos);
        } else {
            renew(before, announced);
        }
        liveness.connected(announced.leaseNanos(), nowNanos);
    }

    /**
     * Puts watches that are asked for anew before all that is due, so that their replies come before any other. A slot is kept for them, so they never wait for
     * what is due.
     */
    void precede(List<WatchCall> first) {
        first.reversed().forEach(due::addFirst);
    }

    /**
     * What is unanswered is due again, before anything else; but for what nobody waits for and had no effect. What
     * waits at the server and was given up meanwhile is cancelled behind that: the server may not have heard of it on
     * the connection before.
     */
    private void resume(long nowNanos) {
        List<Call<?>> again = slots.inFlight();
        List<Call<?>> cancels = new ArrayList<>();
        for (int i = again.size() - 1; i >= 0; i--) {
            Call<?> call = again.get(i);
            boolean unwanted = call.isAbandoned() && !(call.opcode().isRecorded() && call.isRepeatable());
            if (unwanted || call.endsWithConnection()) {
                call.settle(call.outcomeIfSent());
                slots.release(call);
                continue;
            }
            due.addFirst(call);
            if (call.isAbandoned() && call.isCancelled()) {
                cancels.add(cancel(call, nowNanos));
            }
        }
        due.addAll(cancels);
    }

    private static PlainCall cancel(Call<?> call, long nowNanos) {
        return new PlainCall(new Deadline(nowNanos, 0), new Request.Cancel(call.requestId()));
    }

    private void renew(@Nullable Session before, Session next) {
        boolean sameMemory = before == null || before.incarnation().equals(next.incarnation());
        Status why = sameMemory ? Status.SESSION_EXPIRED : Status.INCARNATION_CHANGED;
        List<Call<?>> waiting = unanswered();
        due.clear();
        ping = null;
        if (before != null) {
            before.lease().end();
        }
        for (Call<?> call : waiting) {
            if (!isOwn(call) && !call.endsWithConnection() && call.outlives(why, followsRestarts)) {
                due.add(call);
            }
        }
        slots = new Slots(next.slots());
        session = next;
    }

    private List<Call<?>> unanswered() {
        List<Call<?>> calls = slots.inFlight();
        calls.addAll(due);
        return calls;
    }

    /** Requests about the connection or the session, which end with it. */
    private static boolean isOwn(Call<?> call) {
        Opcode opcode = call.opcode();
        return opcode == Opcode.PING || opcode == Opcode.CANCEL || opcode == Opcode.BYE;
    }

    /** Whether a caller's call of this kind could be sent, as far as slots go; false without a connection. */
    boolean hasSlot(Room.Kind kind) {
        return sink != null && slots.hasFree(kind);
    }

    /** Sends a call, or fails it for good; false when it must wait for a connection, a slot or room. */
    boolean submit(Call<?> call, long nowNanos) {
        return due.isEmpty() && send(call, false, nowNanos);
    }

    /** Takes a call on whatever the state: it is sent as soon as it can be. For what bounds itself only. */
    void owe(Call<?> call, long nowNanos) {
        due.add(call);
        pump(nowNanos);
    }

    /** Sends what is due, as far as slots, room and memory allow. Never throws. */
    void pump(long nowNanos) {
        for (Call<?> call = due.peek(); call != null && sendDue(call, nowNanos); call = due.peek()) {
            due.remove();
        }
    }

    /**
     * As {@link #send}, for what no caller sends himself. Where memory or stack are short it stays due, and {@link #tick} tries again; what cannot be sent
     * for any other reason fails, so that it does not stand before all others for ever.
     */
    private boolean sendDue(Call<?> call, long nowNanos) {
        if (call.isTooLate(nowNanos)) {
            if (slots.holds(call)) {
                slots.release(call);
            }
            call.fail(Failure.unsent(call.deadline(), nowNanos, ""));
            call.settle(Outcome.NO_EFFECT); // whoever gave it up could not know
            return true;
        }
        try {
            return send(call, true, nowNanos);
        } catch (VirtualMachineError e) {
            return false;
        } catch (RuntimeException | Error e) {
            Outcome outcome = call.isPossiblySent() ? call.outcomeIfSent() : Outcome.NO_EFFECT;
            call.fail(Failure.unsendable(outcome, e));
            call.settle(outcome);
            return true;
        }
    }

    /**
     * Appends a call's frame; false when it must wait. Where something throws, all is as before: the call is nowhere or where it
     * was, no slot is taken, and no byte of it is in the stream. What follows the appending cannot throw: it makes nothing, and
     * needs less stack than the appending did.
     */
    private boolean send(Call<?> call, boolean own, long nowNanos) {
        Session into = session;
        FrameSink to = sink;
        if (into == null || to == null) {
            return false;
        }
        Failure misfit = call.misfit(into);
        if (misfit != null) {
            call.fail(misfit);
            return true;
        }
        Request request = call.toSend(into, nowNanos);
        int frameBytes = RequestCodec.frameBytes(request);
        if (frameBytes > into.frameBytesMax()) {
            call.fail(Failure.tooLarge(frameBytes, into.frameBytesMax()));
            return true;
        }
        boolean first = slots.isIdle();
        if (!to.fits(frameBytes) || (!call.isAssigned() && !slots.assign(call, own))) {
            return false;
        }
        call.appended(into, request, append(to, request, call), nowNanos);
        liveness.sent(first, nowNanos);
        return true;
    }

    private long append(FrameSink to, Request request, Call<?> call) {
        try {
            return to.append(request, call.requestId());
        } catch (Throwable e) {
            if (call.session() == null) { // else it is sent again, and has been in its slot all the time
                slots.release(call);
                call.reset();
            }
            throw e;
        }
    }

    /** Finds whom a reply is for and frees the slot; null when nobody waits for it. */
    @Nullable
    Call<?> received(long requestId, Reply reply, long nowNanos) {
        liveness.received(nowNanos);
        Call<?> call = slots.match(requestId);
        if (call == null) {
            return null;
        }
        if (reply instanceof Reply.Failed failed
                && (failed.status() == Status.SESSION_EXPIRED || failed.status() == Status.INCARNATION_CHANGED)) {
            call.notExecuted();
            sessionOver = true;
            return null;
        }
        Call<?> waiting = call.isAbandoned() ? null : call;
        if (waiting == null) {
            // Before its slot is free: where this throws, the connection ends, and the answer comes again.
            giveBack(call, call.session(), reply, nowNanos);
            call.settle(outcome(reply));
        }
        slots.release(call);
        if (session != null) {
            session.lease().heard(call.firstSentNanos());
        }
        pump(nowNanos);
        return waiting;
    }

    /** What an answer says of the effect. A lock that came too late is given back. */
    private static Outcome outcome(Reply reply) {
        return switch (reply) {
            case Reply.Failed failed -> failed.status().outcome();
            case Reply.ConditionFailed _, Reply.NotCommitted _, Reply.Granted _, Reply.GrantedMany _ ->
                Outcome.NO_EFFECT;
            default -> Outcome.APPLIED;
        };
    }

    /** A lock that nobody waits for any more, or that could not be handed over, was granted nevertheless. */
    void giveBack(Call<?> call, @Nullable Session holder, Reply reply, long nowNanos) {
        Deadline none = new Deadline(nowNanos, 0);
        if (holder != null && call instanceof LockCall lock && reply instanceof Reply.Granted granted) {
            due.add(UnlockCall.unchanged(none, holder, lock.page(), granted.token()));
        } else if (holder != null && call instanceof LockManyCall lock && reply instanceof Reply.GrantedMany granted) {
            due.add(lock.giveBack(none, new LockManyCall.Grants(holder, granted.grants())));
        }
    }

    /**
     * The caller gives up. Says what is then known of the effect, or null when the answer is being delivered. The slot
     * stays taken until its reply comes, unless the request certainly never left.
     */
    @Nullable
    Outcome abandon(Call<?> call, long nowNanos) {
        if (!slots.holds(call)) {
            if (call.isAssigned() || call.isDone()) {
                return null;
            }
            due.remove(call);
            return Outcome.NO_EFFECT;
        }
        if (!call.isPossiblySent() && (sink == null || due.contains(call))) {
            due.remove(call);
            slots.release(call);
            call.reset();
            return Outcome.NO_EFFECT;
        }
        giveUp(call);
        if (call.isCancelled() && sink != null) {
            owe(cancel(call, nowNanos), nowNanos);
        }
        return call.outcomeIfSent();
    }

    /** The caller of an owed call waits no longer; the call itself goes on. */
    void leave(Call<?> call) {
        if (slots.holds(call)) {
            giveUp(call);
        }
    }

    /** Nobody waits any more. What could not be kept to be sent again is not due any more, and has its slot until the next connection. */
    private void giveUp(Call<?> call) {
        call.abandon();
        if (!call.isRepeatable()) {
            due.remove(call);
        }
    }

    /** The connection is gone after it took so many bytes. Who has no timer is told, since nobody may look after them for long. */
    void lost(long writtenBytes) {
        sink = null;
        slots.inFlight().forEach(call -> call.disconnected(writtenBytes));
        unanswered().stream().filter(Call::hasNoTimer).forEach(Call::wake);
    }

    /** Wakes those without a timer whose time is over; returns how long that of each other is not. */
    long wakeLate(long nowNanos) {
        long leastNanos = Long.MAX_VALUE;
        for (Call<?> call : unanswered()) {
            long left = call.endNanos() - nowNanos;
            if (call.hasNoTimer() && left > 0) {
                leastNanos = Math.min(leastNanos, left);
            } else if (call.hasNoTimer()) {
                call.wake();
            }
        }
        return leastNanos;
    }

    /** Bytes came, whole frames or not, or went on after they could not: the server is alive. */
    void heard(long nowNanos) {
        liveness.received(nowNanos);
    }

    /** What time asks for; false when the connection is to be dropped. */
    boolean tick(long nowNanos) {
        boolean pingUnanswered = ping != null && !ping.isDone();
        Liveness.Verdict verdict = liveness.judge(!slots.isIdle(), pingUnanswered, nowNanos);
        if (verdict == Liveness.Verdict.PING) {
            ping = new PlainCall(new Deadline(nowNanos, 0), new Request.Ping());
            liveness.pinged(nowNanos);
            owe(ping, nowNanos);
        }
        if (sink != null) {
            pump(nowNanos); // what a shortage of memory kept
        }
        return verdict != Liveness.Verdict.DROP && !sessionOver;
    }

    long restNanos() {
        return liveness.restNanos();
    }

    /** Fails all calls that wait; those in slots keep them until their replies come, as abandoned ones do. */
    void failAll(Function<Outcome, Failure> why) {
        for (Call<?> call : slots.inFlight()) {
            boolean left = sink != null || call.isPossiblySent();
            Outcome outcome = left ? call.outcomeIfSent() : Outcome.NO_EFFECT;
            call.fail(why.apply(outcome));
            call.settle(outcome);
            call.abandon();
        }
        due.stream().filter(call -> !call.isAssigned()).forEach(call -> call.fail(why.apply(Outcome.NO_EFFECT)));
    }
}
