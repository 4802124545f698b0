package netmem.server.engine;

import java.util.ArrayList;
import java.util.List;
import netmem.api.Status;
import netmem.api.wire.Reply;
import org.jspecify.annotations.Nullable;

/**
 * What others than the caller of a command are to be told, until it is taken; and what went wrong that is not the
 * caller's fault. Confined to the engine's monitor.
 */
final class Effects {
    private List<Effect> effects = new ArrayList<>();

    /** What was thrown last that is no fault of the command that set it going. */
    private @Nullable Throwable fault;

    /** Takes the effects since the last call, in order. */
    List<Effect> take() {
        if (effects.isEmpty()) {
            return List.of();
        }
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    /** Takes what was thrown last; null when there was nothing. */
    @Nullable
    Throwable takeFault() {
        Throwable taken = fault;
        if (taken != null) {
            fault = null;
        }
        return taken;
    }

    /** Something was thrown that must not end the command under way. */
    void met(Throwable thrown) {
        fault = thrown;
    }

    /**
     * Gives a request that waited its reply, and records it. On a connection that resumed the session it is told only
     * once the request came again there: the client asks for its watches before that, so the reply cannot overtake what
     * they tell.
     */
    void complete(Waiter waiter, Reply reply, long nowNanos) {
        Session session = waiter.session;
        try {
            session.outcomes.finished(waiter.requestId, waiter.work.opcode(), reply);
            if (session.connection != 0 && session.connection == waiter.connection) {
                effects.add(new Effect.Completed(
                        session.connection,
                        waiter.requestId,
                        waiter.work.opcode().code(),
                        nowNanos - waiter.arrivedNanos,
                        reply));
            }
        } catch (RuntimeException | Error e) {
            met(e);
            session.outcomes.failed(waiter.requestId, waiter.work.opcode());
        }
    }

    /** Tells the connection of a session that there are changes to take. */
    void changed(Session session) {
        effects.add(new Effect.Changed(session.connection));
    }

    /** Has the connection that reaches the session closed, if there is one. */
    void detach(Session session, Status reason) {
        if (session.connection != 0) {
            effects.add(new Effect.Detached(session.connection, reason));
        }
    }
}
