package netmem.server.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import netmem.api.Status;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import netmem.api.wire.Request;
import netmem.server.engine.PageReads;

/** Serves reads beside the engine, straight from the arena into a connection's outgoing bytes. Confined to the connection's event loop. */
final class BesideReads {
    private final PageReads reads;

    BesideReads(PageReads reads) {
        this.reads = reads;
    }

    /** False, and nothing said, when writers kept it from a stable copy. */
    boolean serve(Request.Read read, long requestId, Outgoing out) {
        Reply.Failed refusal = reads.refusal(read);
        if (refusal != null) {
            out.reply(refusal, Opcode.READ.code(), requestId);
            return true;
        }
        int dataBytes = (int) read.ranges().totalBytes();
        ByteBuffer room = out.reserve(ReplyCodec.READ_PREFIX_BYTES + dataBytes, ByteOrder.LITTLE_ENDIAN);
        int start = room.position();
        room.position(start + ReplyCodec.READ_PREFIX_BYTES);
        long version = reads.read(read, room);
        if (version == PageReads.CONTENDED) {
            return false;
        }
        room.position(start);
        boolean same = version == PageReads.NOT_MODIFIED;
        int sent = same ? 0 : dataBytes;
        ReplyCodec.putReadPrefix(
                room, requestId, same ? Status.NOT_MODIFIED : Status.OK, same ? read.versionHeld() : version, sent);
        out.advance(ReplyCodec.READ_PREFIX_BYTES + sent);
        return true;
    }

    /** False, and nothing said, when writers kept it from stable copies. */
    boolean serve(Request.ReadMany many, long requestId, Outgoing out) {
        Reply.Failed refusal = reads.refusal(many);
        Reply reply = refusal != null ? refusal : reads.read(many);
        if (reply == null) {
            return false;
        }
        out.reply(reply, Opcode.READ_MANY.code(), requestId);
        return true;
    }
}
