package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.ByteBuffer;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.lock.Holder;

/** A client of the engine under test: a session, the connection that reaches it, and fresh request ids. Confined to the test's thread. */
final class EngineClient {
    final Session session;
    long connection;
    private final EngineFixture fixture;
    private int lastSlot;
    private long lastSequence;

    EngineClient(EngineFixture fixture, Session session, long connection) {
        this.fixture = fixture;
        this.session = session;
        this.connection = connection;
    }

    /** An id for a new request, in a slot of its own so that it drops no waiter. */
    long freshId() {
        return FrameHeader.requestId(lastSlot++, ++lastSequence);
    }

    Answer send(long requestId, Request request) {
        Answer answer = fixture.engine.execute(session, connection, requestId, request, fixture.now);
        fixture.check();
        return answer;
    }

    /** The reply to a request that must not wait. */
    Reply call(Request request) {
        return call(freshId(), request);
    }

    Reply call(long requestId, Request request) {
        return assertInstanceOf(Answer.Now.class, send(requestId, request)).reply();
    }

    /** Sends a request that must wait; returns its id. */
    long waits(Request request) {
        long requestId = freshId();
        assertEquals(Answer.DEFERRED, send(requestId, request));
        return requestId;
    }

    /** Takes a free page's lock; returns the token. */
    long lock(long page) {
        return assertInstanceOf(Reply.Granted.class, call(EngineFixture.lock(page, 0)))
                .token();
    }

    /** The token of the page that the session holds, 0 when it does not. */
    long token(long page) {
        return session.held.values().stream()
                .filter(holder -> holder.page() == page)
                .mapToLong(Holder::token)
                .findFirst()
                .orElse(0);
    }

    /** The token of the page that this handle holds, 0 when it does not. */
    long token(long page, long handle) {
        return session.held.values().stream()
                .filter(holder -> holder.page() == page && holder.owner().handle() == handle)
                .mapToLong(Holder::token)
                .findFirst()
                .orElse(0);
    }

    void unlock(long page) {
        assertInstanceOf(Reply.Written.class, call(EngineFixture.unlock(page, token(page))));
    }

    Answer update02(long page, int version, int value) {
        ByteBuffer data = ByteBuffer.allocate(EngineFixture.PAGE_LENGTH).put(0, (byte) value);
        Answer answer = fixture.engine.update02(session, freshId(), page, data, version, fixture.now);
        fixture.check();
        return answer;
    }

    /** Loses its connection. */
    void disconnect() {
        fixture.engine.disconnected(session, connection, fixture.now);
        fixture.check();
    }

    /** Greets on a new connection under its session's id. */
    Engine.Greeted resume() {
        Engine.Greeted greeted = fixture.greet(session.id, EngineFixture.INCARNATION, 0);
        connection = fixture.lastConnection();
        return greeted;
    }

    /** The effect that a waiting request of this client ends with. */
    Effect completed(long requestId, Request request, long waitedMillis, Reply reply) {
        return new Effect.Completed(connection, requestId, request.opcode().code(), waitedMillis * 1_000_000, reply);
    }

    static void assertFailed(Status status, long actual, long expected, Reply reply) {
        Reply.Failed failed = assertInstanceOf(Reply.Failed.class, reply);
        assertEquals(status, failed.status(), failed.message());
        assertEquals(actual, failed.actual(), failed.message());
        assertEquals(expected, failed.expected(), failed.message());
    }
}
