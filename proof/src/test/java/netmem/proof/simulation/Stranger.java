package netmem.proof.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Preface;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;
import netmem.api.wire.Step;
import netmem.server.net.SimulatedServer;

/**
 * A client that is not ours and keeps no rule of ours: it uses a token after it gave the lock back, as one would whose
 * request was long on its way. Confined to its world.
 */
final class Stranger {
    private final Scenario scenario;
    private final World world;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final SimulatedServer.Peer peer;
    private long sequence;

    Stranger(Scenario scenario) {
        this.scenario = scenario;
        this.world = scenario.world;
        this.peer = scenario.server().connect(received::writeBytes, () -> {});
    }

    void check() {
        ByteBuffer preface = ByteBuffer.allocate(Preface.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Preface.put(preface);
        peer.receive(preface.array());
        ask(new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, "stranger", ""));
        if (!(ask(new Request.Lock(0, 1, 0, false, false, 0)) instanceof Reply.Granted granted)) {
            world.violation("stranger: page 0 is not free");
            return;
        }
        long late = granted.token();
        ask(new Request.Unlock(0, late, Ranges.NONE, ByteBuffer.allocate(0)));
        long before = scenario.truth.newest(0).version();
        Ranges word = Ranges.of(0, Long.BYTES);
        for (Request request : List.of(
                new Request.Write(0, 0, late, 0, false, word, word()),
                new Request.Unlock(0, late, word, word()),
                new Request.Atomic(0, 0, late, 0, 0, WordFunction.SWAP, 1, 0),
                new Request.Transact(
                        0, false, List.of(new Step.CompareToken(0, late), new Step.Write(0, 0, word()))))) {
            Reply reply = ask(request);
            boolean refused = reply.status() == Status.FENCED || reply instanceof Reply.NotCommitted;
            if (!refused || scenario.truth.newest(0).version() != before) {
                world.violation("fence: " + request.opcode() + " under a token that is over: " + reply);
            }
        }
        ask(new Request.Bye());
    }

    private static ByteBuffer word() {
        return ByteBuffer.wrap(Words.of(Words.unique(999, 1)));
    }

    private Reply ask(Request request) {
        received.reset();
        ByteBuffer frame = ByteBuffer.allocate(RequestCodec.frameBytes(request)).order(ByteOrder.LITTLE_ENDIAN);
        RequestCodec.encode(request, FrameHeader.requestId(0, ++sequence), frame);
        peer.receive(frame.array());
        List<Reply> replies = new ArrayList<>();
        byte[] all = received.toByteArray();
        for (int at = 0; at < all.length; ) {
            int length = (int) FrameHeader.length(Words.little(all), at);
            try {
                replies.add(ReplyCodec.decode(Words.little(Arrays.copyOfRange(all, at, at + length))));
            } catch (MalformedFrameException e) {
                throw new AssertionError(e);
            }
            at += length;
        }
        if (replies.size() != 1) {
            throw new AssertionError("replies to " + request + ": " + replies);
        }
        return replies.getFirst();
    }
}
