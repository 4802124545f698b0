package netmem.server.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Opcode;
import netmem.api.wire.PlainRead;
import netmem.api.wire.PlainWrite;
import netmem.api.wire.Preface;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.WireLimits;
import netmem.server.engine.Answer;
import netmem.server.engine.Effect;
import netmem.server.engine.Engine;
import netmem.server.engine.Session;
import org.jspecify.annotations.Nullable;

/**
 * A connection of protocol version 1: preface, greeting, then requests until one side closes. Confined to its event loop.
 *
 * <p>Reads of pages are served beside the engine, straight from the arena into the outgoing bytes; all else enters the gate, once for as many requests as
 * follow one another in what a socket read brought.
 */
final class ConnectionV1 extends Connection {
    private enum State {
        PREFACE,
        GREETING,
        OPEN
    }

    /** Operation code of an error that answers no request. */
    private static final int NO_OPERATION = 0;

    private final BesideReads beside;
    private State state = State.PREFACE;
    private @Nullable Engine entered;

    /** What the greeting is told where the preface shared no version with us. */
    private Reply.@Nullable Failed unsupported;

    /** Whether there are changes to tell that a client which does not take its replies was not told yet. */
    private boolean changesHeld;

    ConnectionV1(Service service, Loop loop, Incoming incoming) {
        super(service, loop, incoming);
        this.beside = new BesideReads(service.reads());
    }

    /** Gives the client its time to greet. */
    void startGreetingTimer() {
        int millis = service.config().limits().greetingMillis();
        Runnable end = () -> {
            if (state != State.OPEN && !isClosing()) {
                end(Refusals.noGreeting(millis));
            }
        };
        later(end, millis);
    }

    @Override
    boolean runNext() {
        return switch (state) {
            case PREFACE -> runPreface();
            case GREETING, OPEN -> runFrame();
        };
    }

    private boolean runPreface() {
        if (incoming.available() < Preface.BYTES) {
            return false;
        }
        ByteBuffer preface = incoming.view(Preface.BYTES, ByteOrder.LITTLE_ENDIAN);
        int magic = preface.getInt();
        int versionMin = Short.toUnsignedInt(preface.getShort());
        int versionMax = Short.toUnsignedInt(preface.getShort());
        incoming.skip(Preface.BYTES);
        state = State.GREETING;
        if (magic != Preface.MAGIC) {
            end(Refusals.badPreface(magic));
        } else if (versionMin > Preface.VERSION || versionMax < Preface.VERSION) {
            unsupported = Refusals.unsupportedVersion(versionMin, versionMax);
        }
        return true;
    }

    private boolean runFrame() {
        if (incoming.available() < Integer.BYTES) {
            return false;
        }
        long length = frameBytes();
        MalformedFrameException violation = FrameHeader.lengthViolation(length, frameBytesMax());
        if (violation != null) {
            end(Refusals.of(violation));
            return true;
        }
        if (incoming.available() < length) {
            return false;
        }
        ByteBuffer frame = incoming.view((int) length, ByteOrder.LITTLE_ENDIAN);
        int opcode = FrameHeader.opcode(frame, frame.position());
        long requestId = FrameHeader.requestId(frame, frame.position());
        if (unsupported != null) {
            refuse(unsupported, opcode, requestId);
            return true;
        }
        try {
            if (runPlain(frame, requestId)) {
                record(opcode);
            } else {
                run(RequestCodec.decode(frame), requestId);
            }
        } catch (MalformedFrameException e) {
            refuse(Refusals.of(e), opcode, requestId);
        } catch (RuntimeException | Error fault) {
            logFault(fault);
            out().reply(Engine.FAULT, opcode, requestId);
            closeAfterReplies();
        }
        if (!isClosing()) {
            incoming.skip((int) length);
        }
        return true;
    }

    @Override
    long frameBytes() {
        if (state == State.PREFACE || incoming.available() < Integer.BYTES) {
            return 0;
        }
        ByteBuffer head = incoming.view(Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
        return FrameHeader.length(head, head.position());
    }

    private int frameBytesMax() {
        return state == State.OPEN ? service.config().limits().frameBytesMax() : WireLimits.GREETING_FRAME_BYTES_MAX;
    }

    /** Answers a request that cannot be run; before the greeting is over that ends the connection. */
    private void refuse(Reply failure, int opcode, long requestId) {
        out().reply(failure, opcode & ~Opcode.REPLY, requestId);
        if (state != State.OPEN) {
            closeAfterReplies();
        } else if (session != null) {
            session.heard(batchNanos());
        }
    }

    /** Says why in a frame that answers no request, and closes. */
    @Override
    void end(Reply.Failed failure) {
        out().reply(failure, NO_OPERATION, 0);
        closeAfterReplies();
    }

    /** Runs what most requests are, a read or a write of one range, without making objects of it; false, and nothing done, for all else. */
    private boolean runPlain(ByteBuffer frame, long requestId) {
        Session own = session;
        if (own == null || !own.isServedBeside()) {
            return false;
        }
        own.heard(batchNanos());
        return (PlainRead.is(frame) && beside.serve(frame, requestId, out()))
                || (PlainWrite.is(frame) && write(own, frame, requestId));
    }

    private boolean write(Session own, ByteBuffer plain, long requestId) {
        long version = enter().write(own, id, requestId, plain, batchNanos());
        if (version != Engine.NOT_PLAIN) {
            out().written(requestId, version);
        }
        return version != Engine.NOT_PLAIN;
    }

    private void run(Request request, long requestId) {
        if (state == State.GREETING) {
            greet(request, requestId);
        } else if (readBeside(request, requestId)) {
            record(request.opcode().code());
        } else {
            execute(request, requestId);
        }
    }

    private void greet(Request request, long requestId) {
        if (!(request instanceof Request.Hello hello)) {
            refuse(Refusals.notGreeted(request.opcode()), request.opcode().code(), requestId);
            return;
        }
        if (!service.credential().accepts(hello.token())) {
            refuse(Refusals.wrongCredential(), Opcode.HELLO.code(), requestId);
            return;
        }
        Engine.Greeted greeted = enter().greet(id, hello, service.sessionIds().get(), gate.now());
        session = greeted.session(); // first: the channel leaves it when it ends
        out().reply(greeted.reply(), Opcode.HELLO.code(), requestId);
        if (session == null) {
            closeAfterReplies();
        } else {
            state = State.OPEN;
            record(Opcode.HELLO.code());
        }
    }

    /** Serves a read without the engine, where there is nothing that it must not overtake; false when the engine is to do it. */
    private boolean readBeside(Request request, long requestId) {
        if (session == null || !session.isServedBeside()) {
            return false;
        }
        session.heard(batchNanos());
        return switch (request) {
            case Request.Read read -> beside.serve(read, requestId, out());
            case Request.ReadMany many -> beside.serve(many, requestId, out());
            default -> false;
        };
    }

    private void execute(Request request, long requestId) {
        if (session == null) {
            throw new IllegalStateException("session: none on an open connection");
        }
        turn.lookAfterThis();
        Answer answer = enter().execute(session, id, requestId, request, batchNanos());
        pushChanges();
        if (answer instanceof Answer.Now(Reply reply)) {
            out().reply(completed(reply), request.opcode().code(), requestId);
            record(request.opcode().code());
            if (request instanceof Request.Bye || reply.status() == Status.SESSION_EXPIRED) {
                closeAfterReplies();
            }
        }
    }

    /** Adds what the engine does not know, and others need not wait for. */
    private Reply completed(Reply reply) {
        if (reply instanceof Reply.Statistics) {
            endBatch();
        }
        return service.completed(reply);
    }

    /** Sends what the client is to be told of watched pages; called before each reply, so that none overtakes it. */
    private void pushChanges() {
        if (session == null || !session.isWatching()) {
            return;
        }
        changesHeld = false;
        Engine engine = enter();
        for (Reply told = engine.takeChanges(session, id); told != null; told = engine.takeChanges(session, id)) {
            out().reply(told, Opcode.CHANGED.code(), 0);
        }
    }

    @Override
    boolean sayHeldBack() {
        boolean may = changesHeld && out().isOpen();
        if (may) {
            pushChanges();
            endBatch();
        }
        return may;
    }

    private Engine enter() {
        if (entered == null) {
            entered = gate.enter();
        }
        return entered;
    }

    @Override
    void endBatch() {
        if (entered != null) {
            entered = null;
            gate.leave();
        }
    }

    @Override
    void on(Effect effect) {
        switch (effect) {
            case Effect.Completed done -> {
                pushChanges();
                boolean crowded = !out().isOpen();
                out().reply(crowded ? done.elided().reply() : done.reply(), done.opcode(), done.requestId());
                loop.latencies().record(done.opcode(), done.waitedNanos());
            }
            case Effect.Detached(long _, Status reason) -> end(Refusals.detached(reason));
            case Effect.Changed _ -> {
                changesHeld = true;
                if (out().isOpen()) {
                    pushChanges();
                }
            }
        }
    }
}
