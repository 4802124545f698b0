package netmem.api.wire;

import java.nio.ByteBuffer;
import netmem.api.Incarnation;
import netmem.api.Status;

/** Turns requests into frames and back; {@code docs/protocol} describes each body. Pure. Buffers are little-endian. */
public final class RequestCodec {
    private RequestCodec() {}

    /**
     * Computes the length of a request's frame.
     *
     * @param request any
     * @return bytes, header included; above {@link Integer#MAX_VALUE} never, since data is a buffer
     */
    public static int frameBytes(Request request) {
        return FrameHeader.BYTES
                + switch (request) {
                    case Request.Hello hello ->
                        36 + BodyWriter.textBytes(hello.name()) + BodyWriter.textBytes(hello.token());
                    case Request.Info _, Request.Ping _, Request.Bye _, Request.Stats _ -> 0;
                    case Request.Cancel _ -> 8;
                    case Request.Read read -> 16 + BodyWriter.rangesBytes(read.ranges());
                    case Request.ReadMany many -> PageRequestCodec.bytes(many);
                    case Request.Write write -> PageRequestCodec.bytes(write);
                    case Request.Atomic _ -> PageRequestCodec.ATOMIC_BYTES;
                    case Request.Transact transact -> 4 + StepCodec.bytes(transact.steps());
                    case Request.Lock _ -> LockRequestCodec.LOCK_BYTES;
                    case Request.Unlock unlock -> LockRequestCodec.bytes(unlock);
                    case Request.LockMany many -> LockRequestCodec.bytes(many);
                    case Request.Outcome _, Request.LockInfo _ -> 8;
                    case Request.Watch watch -> WatchCodec.bytes(watch);
                    case Request.Unwatch _ -> 16;
                    case Request.AwaitNewer _ -> 20;
                };
    }

    /**
     * Appends a request's frame. Data buffers keep their positions.
     *
     * @param request any
     * @param requestId its id
     * @param out with room for {@link #frameBytes} bytes
     */
    public static void encode(Request request, long requestId, ByteBuffer out) {
        int start = out.position();
        int length = frameBytes(request);
        FrameHeader.put(out, length, request.opcode().code(), flags(request), 0, requestId);
        switch (request) {
            case Request.Hello hello -> putHello(out, hello);
            case Request.Info _, Request.Ping _, Request.Bye _, Request.Stats _ -> {}
            case Request.Cancel cancel -> out.putLong(cancel.target());
            case Request.Read read -> {
                out.putLong(read.page()).putLong(read.versionHeld());
                BodyWriter.ranges(out, read.ranges());
            }
            case Request.ReadMany many -> PageRequestCodec.put(out, many);
            case Request.Write write -> PageRequestCodec.put(out, write);
            case Request.Atomic atomic -> PageRequestCodec.put(out, atomic);
            case Request.Transact transact -> {
                out.putInt(transact.waitMillis());
                StepCodec.put(out, transact.steps());
            }
            case Request.Lock lock -> LockRequestCodec.put(out, lock);
            case Request.Unlock unlock -> LockRequestCodec.put(out, unlock);
            case Request.LockMany many -> LockRequestCodec.put(out, many);
            case Request.Outcome outcome -> out.putLong(outcome.target());
            case Request.LockInfo info -> out.putLong(info.page());
            case Request.Watch watch -> WatchCodec.put(out, watch);
            case Request.Unwatch unwatch -> out.putLong(unwatch.first()).putLong(unwatch.count());
            case Request.AwaitNewer await ->
                out.putLong(await.page()).putLong(await.version()).putInt(await.waitMillis());
        }
        assert out.position() - start == length : "frame: " + (out.position() - start) + " (expected: " + length + ")";
    }

    private static void putHello(ByteBuffer out, Request.Hello hello) {
        out.putLong(hello.session().high()).putLong(hello.session().low());
        out.putLong(hello.incarnation().high()).putLong(hello.incarnation().low());
        out.putInt(hello.leaseMillis());
        BodyWriter.text(out, hello.name());
        BodyWriter.text(out, hello.token());
    }

    private static int flags(Request request) {
        return switch (request) {
            case Request.ReadMany many -> many.snapshot() ? Opcode.SNAPSHOT : 0;
            case Request.Write write -> write.returnCurrent() ? Opcode.RETURN_CURRENT : 0;
            case Request.Lock lock -> (lock.withData() ? Opcode.WITH_DATA : 0) | (lock.shared() ? Opcode.SHARED : 0);
            case Request.Transact transact -> transact.returnCurrent() ? Opcode.RETURN_CURRENT : 0;
            case Request.Hello _,
                    Request.Info _,
                    Request.Ping _,
                    Request.Bye _,
                    Request.Stats _,
                    Request.Cancel _,
                    Request.Read _,
                    Request.Unlock _,
                    Request.Outcome _,
                    Request.LockInfo _,
                    Request.Atomic _,
                    Request.LockMany _,
                    Request.Watch _,
                    Request.Unwatch _,
                    Request.AwaitNewer _ -> 0;
        };
    }

    /**
     * Reads a request. Checks everything that can be checked without knowing the server's pages.
     *
     * @param frame one whole frame from its position to its limit; the position is moved
     * @return the request; its data is a view of the frame
     * @throws MalformedFrameException where a rule is broken; the rest of the stream is still in step, since the frame's length was good
     */
    public static Request decode(ByteBuffer frame) throws MalformedFrameException {
        FrameHeader.requireWhole(frame);
        int start = frame.position();
        Opcode opcode = Opcode.ofCode(FrameHeader.opcode(frame, start));
        if (opcode == null || opcode == Opcode.CHANGED) {
            throw unknown(FrameHeader.opcode(frame, start));
        }
        int flags = FrameHeader.flags(frame, start);
        if ((flags & ~opcode.flagsKnown()) != 0) {
            throw MalformedFrameException.of("flags", flags, opcode.flagsKnown(), "within");
        }
        if (FrameHeader.status(frame, start) != 0) {
            throw MalformedFrameException.of("status in a request", FrameHeader.status(frame, start), 0, "");
        }
        frame.position(start + FrameHeader.BYTES);
        BodyReader body = new BodyReader(frame);
        Request request = body(opcode, flags, body);
        body.end();
        return request;
    }

    private static MalformedFrameException unknown(int code) {
        int nearest = Opcode.HELLO.code();
        for (Opcode known : Opcode.values()) {
            if (known != Opcode.CHANGED && Math.abs(known.code() - code) < Math.abs(nearest - code)) {
                nearest = known.code();
            }
        }
        return MalformedFrameException.unknown(Status.UNKNOWN_OPERATION, "opcode", code, nearest);
    }

    private static Request body(Opcode opcode, int flags, BodyReader body) throws MalformedFrameException {
        return switch (opcode) {
            case HELLO ->
                new Request.Hello(
                        new SessionId(body.i64("session"), body.i64("session")),
                        new Incarnation(body.i64("incarnation"), body.i64("incarnation")),
                        body.millis("lease"),
                        body.text("name", WireLimits.NAME_BYTES_MAX),
                        body.text("token", WireLimits.TOKEN_BYTES_MAX));
            case INFO -> new Request.Info();
            case PING -> new Request.Ping();
            case BYE -> new Request.Bye();
            case STATS -> new Request.Stats();
            case CANCEL -> new Request.Cancel(body.i64("target"));
            case READ -> new Request.Read(body.i64("page"), body.i64("version held"), body.ranges());
            case READ_MANY -> PageRequestCodec.readMany(flags, body);
            case WRITE -> PageRequestCodec.write(flags, body);
            case ATOMIC -> PageRequestCodec.atomic(body);
            case TRANSACT ->
                new Request.Transact(body.millis("wait"), (flags & Opcode.RETURN_CURRENT) != 0, StepCodec.read(body));
            case LOCK -> LockRequestCodec.lock(flags, body);
            case UNLOCK -> LockRequestCodec.unlock(body);
            case LOCK_MANY -> LockRequestCodec.lockMany(body);
            case OUTCOME -> new Request.Outcome(body.i64("target"));
            case LOCK_INFO -> new Request.LockInfo(body.i64("page"));
            case WATCH -> WatchCodec.watch(body);
            case UNWATCH -> new Request.Unwatch(body.i64("first"), body.i64("count"));
            case AWAIT_NEWER -> new Request.AwaitNewer(body.i64("page"), body.i64("version"), body.millis("wait"));
            case CHANGED -> throw unknown(opcode.code());
        };
    }
}
