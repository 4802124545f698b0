package netmem.server.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import netmem.api.Status;
import netmem.api.wire.Opcode;
import netmem.api.wire.PlainRead;
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

    /** Serves a {@link PlainRead}; false, and nothing said, when it is to be decoded and served otherwise. */
    boolean serve(ByteBuffer plain, long requestId, Outgoing out) {
        if (!reads.canServe(plain)) {
            return false;
        }
        int dataBytes = PlainRead.length(plain);
        ByteBuffer room = room(dataBytes, out);
        long version = reads.read(plain, room);
        return said(version, PlainRead.versionHeld(plain), dataBytes, requestId, room, out);
    }

    /** False, and nothing said, when writers kept it from a stable copy. */
    boolean serve(Request.Read read, long requestId, Outgoing out) {
        Reply.Failed refusal = reads.refusal(read);
        if (refusal != null) {
            out.reply(refusal, Opcode.READ.code(), requestId);
            return true;
        }
        int dataBytes = (int) read.ranges().totalBytes();
        ByteBuffer room = room(dataBytes, out);
        long version = reads.read(read, room);
        return said(version, read.versionHeld(), dataBytes, requestId, room, out);
    }

    /** Room for a reply, at the place of its data. */
    private static ByteBuffer room(int dataBytes, Outgoing out) {
        ByteBuffer room = out.reserve(ReplyCodec.VERSION_BYTES + dataBytes, ByteOrder.LITTLE_ENDIAN);
        return room.position(room.position() + ReplyCodec.VERSION_BYTES);
    }

    private static boolean said(
            long version, long versionHeld, int dataBytes, long requestId, ByteBuffer room, Outgoing out) {
        if (version == PageReads.CONTENDED) {
            return false;
        }
        boolean same = version == PageReads.NOT_MODIFIED;
        int sent = same ? 0 : dataBytes;
        room.position(room.limit() - dataBytes - ReplyCodec.VERSION_BYTES);
        ReplyCodec.putVersion(
                room,
                Opcode.READ,
                requestId,
                same ? Status.NOT_MODIFIED : Status.OK,
                same ? versionHeld : version,
                sent);
        out.advance(ReplyCodec.VERSION_BYTES + sent);
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
