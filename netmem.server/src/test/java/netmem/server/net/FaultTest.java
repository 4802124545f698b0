package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import netmem.api.Incarnation;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.engine.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client sees of a fault of the server's own: here its memory is taken away under it. */
@Timeout(30)
final class FaultTest {
    private static final long ID = FrameHeader.requestId(0, 1);

    private final Random random = new Random(1);

    @Test
    void request_thatMeetsAFault_isInternalAndNotRunAgain() {
        try (FuzzServer server = new FuzzServer();
                InternalErrors logged = new InternalErrors()) {
            FuzzPeer peer = greeted(server, SessionId.NONE);
            FuzzPeer other = greeted(server, SessionId.NONE);
            SessionId session = new SessionId(1, 1);
            server.breakMemory();

            peer.send(FuzzFrames.frame(write(), ID), random);
            peer.settle();

            assertEquals(new FuzzPeer.Answered(ID, Engine.FAULT), peer.answers().getLast());
            assertNotNull(logged.first(), "the log says why");
            peer.close();
            FuzzPeer back = greeted(server, session);
            back.send(FuzzFrames.frame(write(), ID), random);
            assertEquals(new FuzzPeer.Answered(ID, Engine.FAULT), back.answers().getLast());
            back.send(FuzzFrames.frame(new Request.Ping(), FrameHeader.requestId(1, 1)), random);
            assertEquals(new Reply.Done(), back.answers().getLast().reply(), "the repeated outcome met no fault");
            other.send(FuzzFrames.frame(new Request.Ping(), ID), random);
            assertEquals(new Reply.Done(), other.answers().getLast().reply(), "others go on");
            List.of(back, other).forEach(FuzzPeer::close);
        }
    }

    private static Request write() {
        return new Request.Write(0, 0, 0, 0, false, Ranges.of(0, 1), ByteBuffer.allocate(1));
    }

    private FuzzPeer greeted(FuzzServer server, SessionId session) {
        FuzzPeer peer = server.connect();
        peer.send(FuzzFrames.preface(), random);
        peer.send(FuzzFrames.hello(session, session.isPresent() ? FuzzServer.INCARNATION : Incarnation.NONE), random);
        Reply.Welcome welcome =
                assertInstanceOf(Reply.Welcome.class, peer.answers().getLast().reply());
        assertEquals(session.isPresent(), welcome.resumed());
        assertFalse(welcome.session().equals(SessionId.NONE));
        return peer;
    }
}
