package netmem.api.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import netmem.api.Incarnation;
import netmem.api.Status;
import org.jspecify.annotations.Nullable;

/** Turns replies into frames and back; {@code docs/protocol} describes each body. Pure. Buffers are little-endian. */
public final class ReplyCodec {
    /** Length of a READ's reply before its data, and of a WRITE's. */
    public static final int VERSION_BYTES = FrameHeader.BYTES + 8;

    private static final int MANY_ENTRY_BYTES = 16;
    private static final int NO_DATA = -1;

    private ReplyCodec() {}

    /**
     * Computes the length of a reply's frame.
     *
     * @param reply any
     * @return bytes, header included
     */
    public static int frameBytes(Reply reply) {
        return FrameHeader.BYTES
                + switch (reply) {
                    case Reply.Welcome _ -> 60;
                    case Reply.Description description ->
                        BodyWriter.textBytes(description.version()) + BodyWriter.valuesBytes(description.limits());
                    case Reply.Statistics statistics -> BodyWriter.valuesBytes(statistics.values());
                    case Reply.Done _ -> 0;
                    case Reply.Data data -> 8 + data.data().remaining();
                    case Reply.NotModified _ -> 8;
                    case Reply.DataMany many -> manyBytes(many);
                    case Reply.Written _ -> 8;
                    case Reply.Granted granted -> LockReplyCodec.bytes(granted);
                    case Reply.ConditionFailed failed -> 8 + remaining(failed.current());
                    case Reply.Fetched _ -> 16;
                    case Reply.Committed committed -> TransactReplyCodec.bytes(committed);
                    case Reply.NotCommitted not -> TransactReplyCodec.bytes(not);
                    case Reply.GrantedMany many -> LockReplyCodec.bytes(many);
                    case Reply.LockState state -> LockReplyCodec.bytes(state);
                    case Reply.Known _ -> 3;
                    case Reply.Changed changed -> WatchCodec.bytes(changed.pages());
                    case Reply.Failed failed -> 18 + BodyWriter.messageUtf8(failed.message()).length;
                };
    }

    private static int remaining(@Nullable ByteBuffer data) {
        return data == null ? 0 : data.remaining();
    }

    private static int manyBytes(Reply.DataMany many) {
        int bytes = 4 + MANY_ENTRY_BYTES * many.entries().size();
        for (Reply.DataMany.Entry entry : many.entries()) {
            bytes += remaining(entry.data());
        }
        return bytes;
    }

    /**
     * Appends a reply's frame. Data buffers keep their positions.
     *
     * @param reply any that fits the operation
     * @param opcode the request's operation code, 0 to 127
     * @param requestId the request's id
     * @param out with room for {@link #frameBytes} bytes
     */
    public static void encode(Reply reply, int opcode, long requestId, ByteBuffer out) {
        int start = out.position();
        int length = frameBytes(reply);
        FrameHeader.put(out, length, opcode | Opcode.REPLY, 0, reply.status().code(), requestId);
        switch (reply) {
            case Reply.Welcome welcome -> putWelcome(welcome, out);
            case Reply.Description description -> {
                BodyWriter.text(out, description.version());
                BodyWriter.values(out, description.limits());
            }
            case Reply.Statistics statistics -> BodyWriter.values(out, statistics.values());
            case Reply.Done _ -> {}
            case Reply.Data data -> {
                out.putLong(data.version());
                BodyWriter.bytes(out, data.data());
            }
            case Reply.NotModified same -> out.putLong(same.version());
            case Reply.DataMany many -> putMany(many, out);
            case Reply.Written written -> out.putLong(written.version());
            case Reply.Granted granted -> LockReplyCodec.put(out, granted);
            case Reply.ConditionFailed failed -> {
                out.putLong(failed.version());
                if (failed.current() != null) {
                    BodyWriter.bytes(out, failed.current());
                }
            }
            case Reply.Fetched fetched -> out.putLong(fetched.version()).putLong(fetched.old());
            case Reply.Committed committed -> TransactReplyCodec.put(out, committed);
            case Reply.NotCommitted not -> TransactReplyCodec.put(out, not);
            case Reply.GrantedMany many -> LockReplyCodec.put(out, many);
            case Reply.LockState state -> LockReplyCodec.put(out, state);
            case Reply.Known known ->
                out.put((byte) known.state().code())
                        .putShort((short) known.outcome().code());
            case Reply.Changed changed -> WatchCodec.put(out, changed.pages());
            case Reply.Failed failed -> {
                out.putLong(failed.actual()).putLong(failed.expected());
                byte[] message = BodyWriter.messageUtf8(failed.message());
                out.putShort((short) message.length).put(message);
            }
        }
        assert out.position() - start == length : "frame: " + (out.position() - start) + " (expected: " + length + ")";
    }

    private static void putWelcome(Reply.Welcome welcome, ByteBuffer out) {
        out.putShort((short) welcome.protocolVersion());
        out.putShort((short) (welcome.resumed() ? 1 : 0));
        out.putLong(welcome.session().high()).putLong(welcome.session().low());
        out.putLong(welcome.incarnation().high()).putLong(welcome.incarnation().low());
        out.putInt(welcome.leaseMillis()).putInt(welcome.slots()).putInt(welcome.frameBytesMax());
        out.putLong(welcome.pageCount()).putInt(welcome.pageLengthBytes());
    }

    private static void putMany(Reply.DataMany many, ByteBuffer out) {
        out.putInt(many.entries().size());
        for (Reply.DataMany.Entry entry : many.entries()) {
            out.putLong(entry.version());
            out.putInt(entry.data() == null ? NO_DATA : entry.data().remaining())
                    .putInt(0);
        }
        for (Reply.DataMany.Entry entry : many.entries()) {
            if (entry.data() != null) {
                BodyWriter.bytes(out, entry.data());
            }
        }
    }

    /**
     * Appends the header and the version: a reply to WRITE, and all of one to READ but its data.
     *
     * @param out with room for {@link #VERSION_BYTES} and the data
     * @param opcode READ or WRITE
     * @param requestId the request's id
     * @param status {@link Status#OK}, or {@link Status#NOT_MODIFIED} with no data
     * @param version of the bytes, or of the page after the write
     * @param dataBytes number of bytes that the caller puts behind
     */
    public static void putVersion(
            ByteBuffer out, Opcode opcode, long requestId, Status status, long version, int dataBytes) {
        FrameHeader.put(out, VERSION_BYTES + dataBytes, opcode.code() | Opcode.REPLY, 0, status.code(), requestId);
        out.putLong(version);
    }

    /**
     * Reads a reply. Bytes that follow what this version defines are skipped, so that later versions may append fields.
     *
     * @param frame one whole frame from its position to its limit; the position is moved
     * @return the reply; its data is a view of the frame
     * @throws MalformedFrameException where a rule is broken, or the opcode or the status is not one that this version knows
     */
    public static Reply decode(ByteBuffer frame) throws MalformedFrameException {
        FrameHeader.requireWhole(frame);
        int start = frame.position();
        int code = FrameHeader.opcode(frame, start);
        if ((code & Opcode.REPLY) == 0) {
            throw MalformedFrameException.of("reply opcode", code, Opcode.REPLY, ">=");
        }
        Opcode opcode = Opcode.ofCode(code & ~Opcode.REPLY);
        int statusCode = FrameHeader.status(frame, start);
        Status status = Status.ofCode(statusCode).orElse(null);
        if (status == null) {
            throw MalformedFrameException.of("status", statusCode, Status.INTERNAL.code(), "<=");
        }
        frame.position(start + FrameHeader.BYTES);
        BodyReader body = new BodyReader(frame);
        return switch (status) {
            case OK -> {
                if (opcode == null) {
                    throw MalformedFrameException.unknown(
                            Status.UNKNOWN_OPERATION, "reply opcode", code, Opcode.HELLO.code() | Opcode.REPLY);
                }
                yield done(opcode, body);
            }
            case NOT_MODIFIED -> new Reply.NotModified(body.i64("version"));
            case CONDITION_FAILED -> {
                if (opcode == Opcode.TRANSACT) {
                    yield TransactReplyCodec.notCommitted(body);
                }
                long version = body.i64("version");
                yield new Reply.ConditionFailed(
                        version, body.remaining() == 0 ? null : body.bytes("page", body.remaining()));
            }
            default ->
                new Reply.Failed(
                        status,
                        body.i64("actual"),
                        body.i64("expected"),
                        body.text("message", WireLimits.MESSAGE_BYTES_MAX));
        };
    }

    private static Reply done(Opcode opcode, BodyReader body) throws MalformedFrameException {
        return switch (opcode) {
            case HELLO -> welcome(body);
            case INFO -> new Reply.Description(body.text("version", 255), body.values("limits"));
            case STATS -> new Reply.Statistics(body.values("values"));
            case PING, BYE, CANCEL, WATCH, UNWATCH -> new Reply.Done();
            case READ -> new Reply.Data(body.i64("version"), body.bytes("data", body.remaining()));
            case READ_MANY -> many(body);
            case WRITE, UNLOCK, AWAIT_NEWER -> new Reply.Written(body.i64("version"));
            case ATOMIC -> new Reply.Fetched(body.i64("version"), body.i64("old"));
            case TRANSACT -> TransactReplyCodec.committed(body);
            case LOCK -> LockReplyCodec.granted(body);
            case LOCK_MANY -> LockReplyCodec.grantedMany(body);
            case LOCK_INFO -> LockReplyCodec.lockState(body);
            case OUTCOME -> known(body);
            case CHANGED -> new Reply.Changed(WatchCodec.versions(body, WireLimits.SEEN_MAX));
        };
    }

    private static Reply welcome(BodyReader body) throws MalformedFrameException {
        int version = body.u16("protocol version");
        boolean resumed = (body.u16("welcome flags") & 1) != 0;
        SessionId session = new SessionId(body.i64("session"), body.i64("session"));
        Incarnation incarnation = new Incarnation(body.i64("incarnation"), body.i64("incarnation"));
        int leaseMillis = body.millis("lease");
        int slots = body.bounded("slots", WireLimits.SLOTS_MAX);
        int frameBytesMax = body.bounded("frame limit", WireLimits.FRAME_BYTES_MAX);
        long pageCount = body.i64("pages");
        int pageLength = body.bounded("page length", 1 << 20);
        return new Reply.Welcome(
                version, resumed, session, incarnation, leaseMillis, slots, frameBytesMax, pageCount, pageLength);
    }

    private static Reply many(BodyReader body) throws MalformedFrameException {
        int count = body.bounded("entries", WireLimits.READ_MANY_MAX);
        body.need("entries", (long) MANY_ENTRY_BYTES * count);
        long[] versions = new long[count];
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            versions[i] = body.i64("version");
            lengths[i] = body.i32("length");
            body.i32("reserved");
        }
        List<Reply.DataMany.Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ByteBuffer data = lengths[i] == NO_DATA ? null : body.bytes("data", Integer.toUnsignedLong(lengths[i]));
            entries.add(new Reply.DataMany.Entry(versions[i], data));
        }
        return new Reply.DataMany(entries);
    }

    private static Reply known(BodyReader body) throws MalformedFrameException {
        Reply.Known.State state = Reply.Known.State.ofCode(body.u8("state"));
        int code = body.u16("outcome");
        Status status = Status.ofCode(code).orElse(null);
        if (status == null) {
            throw MalformedFrameException.of("outcome", code, Status.INTERNAL.code(), "<=");
        }
        return new Reply.Known(state, status);
    }
}
