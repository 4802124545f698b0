package netmem.server.engine;

import java.nio.ByteBuffer;
import java.util.List;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/** The engine as the random test sees it; {@link PlantedBug} has some that are wrong. Confined to the test's thread. */
class EngineSubject {
    final Engine engine;

    EngineSubject(Engine engine) {
        this.engine = engine;
    }

    Answer execute(Session session, long connection, long requestId, Request request, long nowNanos) {
        return engine.execute(session, connection, requestId, request, nowNanos);
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
