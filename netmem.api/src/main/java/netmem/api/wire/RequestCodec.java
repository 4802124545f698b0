package netmem.api.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import netmem.api.Incarnation;
import netmem.api.Status;

/** Turns requests into frames and back; {@code docs/protocol} describes each body. Pure. Buffers are little-endian. */
public final class RequestCodec {
    private static final int READ_MANY_ENTRY_BYTES = 24;

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
                    case Request.ReadMany many ->
                        4 + READ_MANY_ENTRY_BYTES * many.entries().size();
                    case Request.Write write ->
                        28
                                + BodyWriter.rangesBytes(write.ranges())
                                + write.data().remaining();
                    case Request.Lock _ -> 28;
                    case Request.Outcome _, Request.LockInfo _ -> 8;
                    case Request.Atomic _ -> 49;
                    case Request.Transact transact -> 4 + StepCodec.bytes(transact.steps());
                    case Request.LockMany many -> 16 + 9 * many.wants().size();
                    case Request.Watch watch -> 20 + 16 * watch.seen().size();
                    case Request.Unwatch _ -> 16;
                    case Request.AwaitNewer _ -> 20;
                    case Request.Unlock unlock ->
                        16
                                + BodyWriter.rangesBytes(unlock.ranges())
                                + unlock.data().remaining();
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
            case Request.Hello hello -> {
                out.putLong(hello.session().high()).putLong(hello.session().low());
                out.putLong(hello.incarnation().high())
                        .putLong(hello.incarnation().low());
                out.putInt(hello.leaseMillis());
                BodyWriter.text(out, hello.name());
                BodyWriter.text(out, hello.token());
            }
            case Request.Info _, Request.Ping _, Request.Bye _, Request.Stats _ -> {}
            case Request.Cancel cancel -> out.putLong(cancel.target());
            case Request.Read read -> {
                out.putLong(read.page()).putLong(read.versionHeld());
                BodyWriter.ranges(out, read.ranges());
            }
            case Request.ReadMany many -> {
                out.putInt(many.entries().size());
                for (Request.ReadMany.Entry entry : many.entries()) {
                    out.putLong(entry.page()).putLong(entry.versionHeld());
                    out.putInt(entry.offset()).putInt(entry.length());
                }
            }
            case Request.Write write -> {
                out.putLong(write.page()).putLong(write.ifVersion()).putLong(write.token());
                out.putInt(write.waitMillis());
                BodyWriter.ranges(out, write.ranges());
                BodyWriter.bytes(out, write.data());
            }
            case Request.Lock lock -> {
                out.putLong(lock.page()).putLong(lock.handle()).putLong(lock.versionHeld());
                out.putInt(lock.waitMillis());
            }
            case Request.Unlock unlock -> {
                out.putLong(unlock.page()).putLong(unlock.token());
                BodyWriter.ranges(out, unlock.ranges());
                BodyWriter.bytes(out, unlock.data());
            }
            case Request.Outcome outcome -> out.putLong(outcome.target());
            case Request.LockInfo info -> out.putLong(info.page());
            case Request.Atomic atomic -> putAtomic(atomic, out);
            case Request.Transact transact -> {
                out.putInt(transact.waitMillis());
                StepCodec.put(out, transact.steps());
            }
            case Request.LockMany many -> putLockMany(many, out);
            case Request.Watch watch -> putWatch(watch, out);
            case Request.Unwatch unwatch -> out.putLong(unwatch.first()).putLong(unwatch.count());
            case Request.AwaitNewer await ->
                out.putLong(await.page()).putLong(await.version()).putInt(await.waitMillis());
        }
        assert out.position() - start == length : "frame: " + (out.position() - start) + " (expected: " + length + ")";
    }

    private static void putAtomic(Request.Atomic atomic, ByteBuffer out) {
        out.putLong(atomic.page()).putLong(atomic.ifVersion()).putLong(atomic.token());
        out.putInt(atomic.waitMillis()).putInt(atomic.offset());
        out.put((byte) atomic.function().code());
        out.putLong(atomic.operand()).putLong(atomic.expected());
    }

    private static void putLockMany(Request.LockMany many, ByteBuffer out) {
        out.putLong(many.handle()).putInt(many.waitMillis()).putInt(many.wants().size());
        for (Request.LockMany.Want want : many.wants()) {
            out.putLong(want.page()).put((byte) (want.shared() ? 1 : 0));
        }
    }

    private static void putWatch(Request.Watch watch, ByteBuffer out) {
        out.putLong(watch.first()).putLong(watch.count()).putInt(watch.seen().size());
        for (Request.Watch.Seen seen : watch.seen()) {
            out.putLong(seen.page()).putLong(seen.version());
        }
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
        if (opcode == null) {
            int code = FrameHeader.opcode(frame, start);
            throw MalformedFrameException.unknown(Status.UNKNOWN_OPERATION, "opcode", code, Opcode.INFO.code());
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
            case READ_MANY -> new Request.ReadMany((flags & Opcode.SNAPSHOT) != 0, entries(body));
            case WRITE -> write(flags, body);
            case LOCK -> lock(flags, body);
            case UNLOCK -> unlock(body);
            case OUTCOME -> new Request.Outcome(body.i64("target"));
            case LOCK_INFO -> new Request.LockInfo(body.i64("page"));
            case ATOMIC -> atomic(body);
            case TRANSACT ->
                new Request.Transact(body.millis("wait"), (flags & Opcode.RETURN_CURRENT) != 0, StepCodec.read(body));
            case LOCK_MANY -> lockMany(body);
            case WATCH -> watch(body);
            case UNWATCH -> new Request.Unwatch(body.i64("first"), body.i64("count"));
            case AWAIT_NEWER -> new Request.AwaitNewer(body.i64("page"), body.i64("version"), body.millis("wait"));
            case CHANGED ->
                throw MalformedFrameException.unknown(
                        Status.UNKNOWN_OPERATION, "opcode", opcode.code(), Opcode.INFO.code());
        };
    }

    private static List<Request.ReadMany.Entry> entries(BodyReader body) throws MalformedFrameException {
        int count = body.bounded("entries", WireLimits.READ_MANY_MAX);
        long bytes = (long) READ_MANY_ENTRY_BYTES * count;
        if (body.remaining() != bytes) {
            throw MalformedFrameException.of("bytes of entries", body.remaining(), bytes, "");
        }
        List<Request.ReadMany.Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(new Request.ReadMany.Entry(
                    body.i64("page"), body.i64("version held"), body.i32("offset"), body.i32("length")));
        }
        return entries;
    }

    private static Request write(int flags, BodyReader body) throws MalformedFrameException {
        long page = body.i64("page");
        long ifVersion = body.i64("if-version");
        long token = body.i64("token");
        int waitMillis = body.millis("wait");
        Ranges ranges = body.ranges();
        if (ranges.count() == 0) {
            throw MalformedFrameException.of("ranges", 0, 1, ">=");
        }
        ByteBuffer data = body.bytes("data", ranges.totalBytes());
        return new Request.Write(
                page, ifVersion, token, waitMillis, (flags & Opcode.RETURN_CURRENT) != 0, ranges, data);
    }

    private static Request lock(int flags, BodyReader body) throws MalformedFrameException {
        long page = body.i64("page");
        long handle = body.i64("handle");
        long versionHeld = body.i64("version held");
        boolean shared = (flags & Opcode.SHARED) != 0;
        boolean withData = (flags & Opcode.WITH_DATA) != 0;
        return new Request.Lock(page, handle, body.millis("wait"), shared, withData, versionHeld);
    }

    private static Request unlock(BodyReader body) throws MalformedFrameException {
        long page = body.i64("page");
        long token = body.i64("token");
        Ranges ranges = body.ranges();
        return new Request.Unlock(page, token, ranges, body.bytes("data", ranges.totalBytes()));
    }

    private static Request atomic(BodyReader body) throws MalformedFrameException {
        return new Request.Atomic(
                body.i64("page"),
                body.i64("if-version"),
                body.i64("token"),
                body.millis("wait"),
                body.i32("offset"),
                WordFunction.ofCode(body.u8("function")),
                body.i64("operand"),
                body.i64("expected"));
    }

    private static Request lockMany(BodyReader body) throws MalformedFrameException {
        long handle = body.i64("handle");
        int waitMillis = body.millis("wait");
        int count = body.bounded("entries", WireLimits.LOCK_MANY_MAX);
        List<Request.LockMany.Want> wants = new ArrayList<>(Math.min(count, body.remaining() / 9));
        for (int i = 0; i < count; i++) {
            long page = body.i64("page");
            int mode = body.u8("mode");
            if (mode > 1) {
                throw MalformedFrameException.of("mode", mode, 1, "<=");
            }
            if (i > 0 && Long.compareUnsigned(page, wants.getLast().page()) <= 0) {
                throw MalformedFrameException.of("page", page, wants.getLast().page(), ">");
            }
            wants.add(new Request.LockMany.Want(page, mode == 1));
        }
        if (count == 0) {
            throw MalformedFrameException.of("entries", 0, 1, ">=");
        }
        return new Request.LockMany(handle, waitMillis, wants);
    }

    private static Request watch(BodyReader body) throws MalformedFrameException {
        long first = body.i64("first");
        long pages = body.i64("count");
        int count = body.bounded("seen", WireLimits.SEEN_MAX);
        List<Request.Watch.Seen> seen = new ArrayList<>(Math.min(count, body.remaining() / 16));
        for (int i = 0; i < count; i++) {
            seen.add(new Request.Watch.Seen(body.i64("page"), body.i64("version")));
        }
        return new Request.Watch(first, pages, seen);
    }
}
