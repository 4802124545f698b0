package netmem.api.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bodies of TRANSACT's replies. Pure. */
final class TransactReplyCodec {
    private static final int NO_DATA = -1;
    private static final int RESULT_BYTES = 12;
    private static final int COMPARE_BYTES = 32;

    private TransactReplyCodec() {}

    static int bytes(Reply.Committed committed) {
        int bytes = WatchCodec.bytes(committed.versions()) + 4;
        for (Reply.Committed.Result result : committed.results()) {
            bytes += RESULT_BYTES + remaining(result.data());
        }
        return bytes;
    }

    static int bytes(Reply.NotCommitted not) {
        int bytes = 4;
        for (Reply.NotCommitted.Compare compare : not.compares()) {
            bytes += COMPARE_BYTES + remaining(compare.current());
        }
        return bytes;
    }

    private static int remaining(@Nullable ByteBuffer data) {
        return data == null ? 0 : data.remaining();
    }

    static void put(ByteBuffer out, Reply.Committed committed) {
        WatchCodec.put(out, committed.versions());
        out.putInt(committed.results().size());
        for (Reply.Committed.Result result : committed.results()) {
            out.putLong(result.version());
            putData(out, result.data());
        }
    }

    static void put(ByteBuffer out, Reply.NotCommitted not) {
        out.putInt(not.compares().size());
        for (Reply.NotCommitted.Compare compare : not.compares()) {
            out.putInt(compare.step()).putLong(compare.page());
            out.putLong(compare.version()).putLong(compare.token());
            putData(out, compare.current());
        }
    }

    private static void putData(ByteBuffer out, @Nullable ByteBuffer data) {
        out.putInt(data == null ? NO_DATA : data.remaining());
        if (data != null) {
            BodyWriter.bytes(out, data);
        }
    }

    static Reply committed(BodyReader body) throws MalformedFrameException {
        List<Reply.Committed.Version> versions = WatchCodec.versions(body, WireLimits.STEPS_MAX);
        int count = body.entries("results", WireLimits.STEPS_MAX, RESULT_BYTES);
        List<Reply.Committed.Result> results = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            results.add(new Reply.Committed.Result(body.i64("version"), data(body)));
        }
        return new Reply.Committed(versions, results);
    }

    static Reply notCommitted(BodyReader body) throws MalformedFrameException {
        int count = body.entries("compares", WireLimits.STEPS_MAX, COMPARE_BYTES);
        List<Reply.NotCommitted.Compare> compares = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            compares.add(new Reply.NotCommitted.Compare(
                    body.bounded("step", WireLimits.STEPS_MAX - 1),
                    body.i64("page"),
                    body.i64("version"),
                    body.i64("token"),
                    data(body)));
        }
        return new Reply.NotCommitted(compares);
    }

    private static @Nullable ByteBuffer data(BodyReader body) throws MalformedFrameException {
        int length = body.i32("length");
        return length == NO_DATA ? null : body.bytes("data", Integer.toUnsignedLong(length));
    }
}
