package netmem.server.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import netmem.api.wire.PlainWrite;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import org.jspecify.annotations.Nullable;

/** The engine as the random test sees it; {@link PlantedBug} has some that are wrong. Confined to the test's thread. */
class EngineSubject {
    final Engine engine;

    /** How many writes were run in place. */
    int plainWrites;

    EngineSubject(Engine engine) {
        this.engine = engine;
    }

    Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
        if (request instanceof Request.Write write && !session.isWatching()) {
            long version = writePlain(session, connection, requestId, write, nowNanos);
            if (version != Engine.NOT_PLAIN) {
                plainWrites++;
                return new Answer.Now(new Reply.Written(version));
            }
        }
        return engine.execute(session, connection, requestId, request, nowNanos);
    }

    /** As a connection does it. */
    private long writePlain(Session session, long connection, long requestId, Request.Write write, long nowNanos) {
        ByteBuffer frame = ByteBuffer.allocate(RequestCodec.frameBytes(write)).order(ByteOrder.LITTLE_ENDIAN);
        RequestCodec.encode(write, requestId, frame);
        return PlainWrite.is(frame.flip())
                ? engine.write(session, connection, requestId, frame, nowNanos)
                : Engine.NOT_PLAIN;
    }

    Answer update02(Session session, long requestId, long page, ByteBuffer data, int version02, long nowNanos) {
        return engine.update02(session, requestId, page, data, version02, nowNanos);
    }

    void tick(long nowNanos) {
        engine.tick(nowNanos);
    }

    void disconnected(Session session, long connection, long nowNanos) {
        engine.disconnected(session, connection, nowNanos);
    }

    List<Effect> effects() {
        return engine.takeEffects();
    }

    @Nullable
    Reply takeChanges(Session session, long connection) {
        return engine.takeChanges(session, connection);
    }
}
