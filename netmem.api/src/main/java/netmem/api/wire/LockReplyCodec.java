package netmem.api.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import netmem.api.wire.Reply.Granted.Content;

/** The bodies of the replies to LOCK, LOCK_MANY and LOCK_INFO. Pure. */
final class LockReplyCodec {
    private static final int GRANT_BYTES = 16;

    private LockReplyCodec() {}

    static int bytes(Reply.Granted granted) {
        return 20 + granted.data().remaining();
    }

    static int bytes(Reply.GrantedMany many) {
        return 4 + GRANT_BYTES * many.grants().size();
    }

    static int bytes(Reply.LockState state) {
        return 25 + BodyWriter.textBytes(state.name());
    }

    static void put(ByteBuffer out, Reply.Granted granted) {
        out.putLong(granted.token()).putLong(granted.version());
        out.putInt(granted.content().code());
        BodyWriter.bytes(out, granted.data());
    }

    static void put(ByteBuffer out, Reply.GrantedMany many) {
        out.putInt(many.grants().size());
        many.grants().forEach(grant -> out.putLong(grant.token()).putLong(grant.version()));
    }

    static void put(ByteBuffer out, Reply.LockState state) {
        out.put((byte) state.mode().code()).putInt(state.holders()).putInt(state.waiters());
        out.putLong(state.token()).putLong(state.ageMillis());
        BodyWriter.text(out, state.name());
    }

    static Reply granted(BodyReader body) throws MalformedFrameException {
        long token = body.i64("token");
        long version = body.i64("version");
        Content content = Content.ofCode(body.bounded("content", 255));
        int dataBytes = content == Content.FULL ? body.remaining() : 0;
        ByteBuffer data = body.bytes("page", dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        return new Reply.Granted(token, version, content, data);
    }

    static Reply grantedMany(BodyReader body) throws MalformedFrameException {
        int count = body.entries("grants", WireLimits.LOCK_MANY_MAX, GRANT_BYTES);
        List<Reply.GrantedMany.Grant> grants = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            grants.add(new Reply.GrantedMany.Grant(body.i64("token"), body.i64("version")));
        }
        return new Reply.GrantedMany(grants);
    }

    static Reply lockState(BodyReader body) throws MalformedFrameException {
        return new Reply.LockState(
                Reply.LockState.Mode.ofCode(body.u8("mode")),
                body.bounded("holders", Integer.MAX_VALUE),
                body.bounded("waiters", Integer.MAX_VALUE),
                body.i64("token"),
                body.i64("age"),
                body.text("name", WireLimits.NAME_BYTES_MAX));
    }
}
