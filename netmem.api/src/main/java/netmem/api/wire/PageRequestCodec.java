package netmem.api.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import netmem.api.WordFunction;

/** The bodies of requests that read and change pages: READ_MANY, WRITE, ATOMIC; {@link StepCodec} has those of TRANSACT. Pure. */
final class PageRequestCodec {
    static final int ATOMIC_BYTES = 49;

    private static final int ENTRY_BYTES = 24;

    private PageRequestCodec() {}

    static int bytes(Request.ReadMany many) {
        return 4 + ENTRY_BYTES * many.entries().size();
    }

    static int bytes(Request.Write write) {
        return 28 + BodyWriter.rangesBytes(write.ranges()) + write.data().remaining();
    }

    static void put(ByteBuffer out, Request.ReadMany many) {
        out.putInt(many.entries().size());
        for (Request.ReadMany.Entry entry : many.entries()) {
            out.putLong(entry.page()).putLong(entry.versionHeld());
            out.putInt(entry.offset()).putInt(entry.length());
        }
    }

    static void put(ByteBuffer out, Request.Write write) {
        out.putLong(write.page()).putLong(write.ifVersion()).putLong(write.token());
        out.putInt(write.waitMillis());
        BodyWriter.ranges(out, write.ranges());
        BodyWriter.bytes(out, write.data());
    }

    static void put(ByteBuffer out, Request.Atomic atomic) {
        out.putLong(atomic.page()).putLong(atomic.ifVersion()).putLong(atomic.token());
        out.putInt(atomic.waitMillis()).putInt(atomic.offset());
        out.put((byte) atomic.function().code());
        out.putLong(atomic.operand()).putLong(atomic.expected());
    }

    static Request readMany(int flags, BodyReader body) throws MalformedFrameException {
        int count = body.bounded("entries", WireLimits.READ_MANY_MAX);
        long bytes = (long) ENTRY_BYTES * count;
        if (body.remaining() != bytes) {
            throw MalformedFrameException.of("bytes of entries", body.remaining(), bytes, "");
        }
        List<Request.ReadMany.Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(new Request.ReadMany.Entry(
                    body.i64("page"), body.i64("version held"), body.i32("offset"), body.i32("length")));
        }
        return new Request.ReadMany((flags & Opcode.SNAPSHOT) != 0, entries);
    }

    static Request write(int flags, BodyReader body) throws MalformedFrameException {
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

    static Request atomic(BodyReader body) throws MalformedFrameException {
        long page = body.i64("page");
        long ifVersion = body.i64("if-version");
        long token = body.i64("token");
        int waitMillis = body.millis("wait");
        int offset = body.i32("offset");
        WordFunction function = StepCodec.function(body);
        long operand = body.i64("operand");
        long expected = body.i64("expected");
        if (expected != 0 && function != WordFunction.COMPARE_AND_SET) {
            throw MalformedFrameException.of("expected word of " + function, expected, 0, "");
        }
        return new Request.Atomic(page, ifVersion, token, waitMillis, offset, function, operand, expected);
    }
}
