package netmem.api.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The bodies of requests that take and give back locks: LOCK, UNLOCK, LOCK_MANY. Pure. */
final class LockRequestCodec {
    static final int LOCK_BYTES = 28;

    private static final int WANT_BYTES = 9;
    private static final int EXCLUSIVE = 0;
    private static final int SHARED = 1;

    private LockRequestCodec() {}

    static int bytes(Request.Unlock unlock) {
        return 16 + BodyWriter.rangesBytes(unlock.ranges()) + unlock.data().remaining();
    }

    static int bytes(Request.LockMany many) {
        return 16 + WANT_BYTES * many.wants().size();
    }

    static void put(ByteBuffer out, Request.Lock lock) {
        out.putLong(lock.page()).putLong(lock.handle()).putLong(lock.versionHeld());
        out.putInt(lock.waitMillis());
    }

    static void put(ByteBuffer out, Request.Unlock unlock) {
        out.putLong(unlock.page()).putLong(unlock.token());
        BodyWriter.ranges(out, unlock.ranges());
        BodyWriter.bytes(out, unlock.data());
    }

    static void put(ByteBuffer out, Request.LockMany many) {
        out.putLong(many.handle()).putInt(many.waitMillis()).putInt(many.wants().size());
        for (Request.LockMany.Want want : many.wants()) {
            out.putLong(want.page()).put((byte) (want.shared() ? SHARED : EXCLUSIVE));
        }
    }

    static Request lock(int flags, BodyReader body) throws MalformedFrameException {
        long page = body.i64("page");
        long handle = body.i64("handle");
        long versionHeld = body.i64("version held");
        boolean shared = (flags & Opcode.SHARED) != 0;
        boolean withData = (flags & Opcode.WITH_DATA) != 0;
        return new Request.Lock(page, handle, body.millis("wait"), shared, withData, versionHeld);
    }

    static Request unlock(BodyReader body) throws MalformedFrameException {
        long page = body.i64("page");
        long token = body.i64("token");
        Ranges ranges = body.ranges();
        return new Request.Unlock(page, token, ranges, body.bytes("data", ranges.totalBytes()));
    }

    static Request lockMany(BodyReader body) throws MalformedFrameException {
        long handle = body.i64("handle");
        int waitMillis = body.millis("wait");
        int count = body.entries("pages", WireLimits.LOCK_MANY_MAX, WANT_BYTES);
        if (count == 0) {
            throw MalformedFrameException.of("pages", 0, 1, ">=");
        }
        List<Request.LockMany.Want> wants = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            wants.add(want(body, wants));
        }
        return new Request.LockMany(handle, waitMillis, wants);
    }

    /** The next page, which must be above those before it: an order that all clients share, and no page twice. */
    private static Request.LockMany.Want want(BodyReader body, List<Request.LockMany.Want> before)
            throws MalformedFrameException {
        long page = body.i64("page");
        if (!before.isEmpty() && Long.compareUnsigned(page, before.getLast().page()) <= 0) {
            throw MalformedFrameException.of("page", page, before.getLast().page(), ">");
        }
        int mode = body.u8("mode");
        if (mode > SHARED) {
            throw MalformedFrameException.of("mode", mode, SHARED, "<=");
        }
        return new Request.LockMany.Want(page, mode == SHARED);
    }
}
