package netmem.server.engine;

import java.nio.ByteBuffer;
import java.util.List;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Request;
import netmem.server.config.ServerLimits;

/** An engine that is made to go on, after each command, until it has followed up all. Confined to the test's thread. */
final class EngineInSteps extends EngineSubject {
    EngineInSteps(Engine engine) {
        super(engine);
    }

    /**
     * A request that takes the slot of one that waits ends that first, which is followed up before the request is
     * run.
     */
    private void dropWaiter(Session session, long requestId, long nowNanos) {
        if (session.outcomes.refusal(requestId, ServerLimits.DEFAULTS.slots()) == null
                && session.outcomes.lookup(requestId) instanceof Outcomes.Known.Fresh) {
            for (Waiter waiter : List.copyOf(session.waiting)) {
                if (FrameHeader.slot(waiter.requestId) == FrameHeader.slot(requestId)) {
                    engine.lines.withdraw(waiter);
                    engine.settle(nowNanos);
                    goOn(nowNanos);
                }
            }
        }
    }

    private void goOn(long nowNanos) {
        while (engine.nextTickNanos() == 0) {
            engine.settle(nowNanos);
        }
    }

    @Override
    Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
        if (request.opcode().isRecorded() && !session.isEnded() && session.connection == connection) {
            dropWaiter(session, requestId, nowNanos);
        }
        Answer answer = super.execute(session, connection, requestId, request, nowNanos);
        goOn(nowNanos);
        return answer;
    }

    @Override
    Answer update02(Session session, long requestId, long page, ByteBuffer data, int version02, long nowNanos) {
        dropWaiter(session, requestId, nowNanos);
        Answer answer = super.update02(session, requestId, page, data, version02, nowNanos);
        goOn(nowNanos);
        return answer;
    }

    @Override
    void tick(long nowNanos) {
        do {
            super.tick(nowNanos);
        } while (engine.nextTickNanos() == 0);
    }

    @Override
    void disconnected(Session session, long connection, long nowNanos) {
        super.disconnected(session, connection, nowNanos);
        goOn(nowNanos);
    }
}
