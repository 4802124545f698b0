package netmem.server.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.engine.Answer;
import netmem.server.engine.Effect;
import netmem.server.engine.Engine;
import netmem.server.engine.PageReads;
import netmem.server.engine.Session;
import netmem.server.engine.Version02;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a NetMem 0.2 client (2008); {@code docs/protocol/netmem-0.2.md} has the wire and what is answered in each case. Confined to its event loop.
 *
 * <p>Requests are answered strictly in order: while one waits for a lock, those behind it are not run. Its session has no lease; it ends with the
 * connection, and its locks with it.
 */
final class Connection02 extends Connection {
    /** Length of the header, both ways: type u8, page u32, length u32, version u32; big-endian. */
    static final int HEADER_BYTES = 13;

    static final int GET_VERSION = 0;
    static final int GET_PARAMS = 1;
    static final int READ_PAGE = 2;
    static final int LOCK_PAGE = 3;
    static final int UNLOCK_PAGE = 4;
    static final int UPDATE_PAGE = 5;
    static final int NO_SUCH_PAGE = 100;
    static final int PAGE_NOT_LOCKED = 101;

    /** Upper half 2, or old clients refuse; the lower half is ours. */
    static final int VERSION = 0x0002_0100;

    /** All locks of a connection have one owner. */
    private static final long HANDLE = 0;

    private static final Answer TOO_MANY_SESSIONS =
            new Answer.Now(new Reply.Failed(Status.BUSY, 0, 0, "sessions: as many as there may be"));

    private final PageReads reads;
    private final int pageLength;
    private final Map<Long, Long> tokens = new HashMap<>();
    private long lastRequest;
    private @Nullable Header waiting;

    /** A request's header. */
    private record Header(int type, long page, long length, int version) {
        long frameBytes() {
            return HEADER_BYTES + (type == UNLOCK_PAGE || type == UPDATE_PAGE ? length : 0);
        }
    }

    Connection02(Service service, Loop loop, Incoming incoming) {
        super(service, loop, incoming);
        this.reads = service.reads();
        this.pageLength = service.pages().pageLength();
    }

    @Override
    boolean runNext() {
        if (waiting != null) {
            return false;
        }
        if (incoming.available() < HEADER_BYTES) {
            return false;
        }
        Header header = header();
        long total = header.frameBytes();
        if (total > service.config().limits().frameBytesMax()) {
            closeAfterReplies();
            return true;
        }
        if (incoming.available() < total) {
            return false;
        }
        run(header, incoming.view((int) total, ByteOrder.BIG_ENDIAN));
        incoming.skip((int) total);
        return true;
    }

    private Header header() {
        ByteBuffer bytes = incoming.view(HEADER_BYTES, ByteOrder.BIG_ENDIAN);
        return new Header(
                Byte.toUnsignedInt(bytes.get()),
                Integer.toUnsignedLong(bytes.getInt()),
                Integer.toUnsignedLong(bytes.getInt()),
                bytes.getInt());
    }

    @Override
    long frameBytes() {
        return waiting != null || incoming.available() < HEADER_BYTES ? 0 : header().frameBytes();
    }

    /**
     * Not where a frame's worth is there behind the request that waits. Till then it is read, since only so it is
     * known to be gone as soon as it is. What is kept meanwhile has a share of memory, which may be what the holder
     * of the lock needs: {@link FrameWatch} cuts whoever keeps it then.
     */
    @Override
    boolean mayRead() {
        return waiting == null
                || incoming.available() < service.config().limits().frameBytesMax();
    }

    @Override
    boolean isTimed() {
        return waiting == null;
    }

    @Override
    void end(Reply.Failed why) {
        closeAfterReplies();
    }

    private void run(Header header, ByteBuffer frame) {
        ByteBuffer data = frame.position(frame.position() + HEADER_BYTES).slice();
        switch (header.type) {
            case GET_VERSION -> reply(GET_VERSION, header.page, VERSION);
            case GET_PARAMS -> reply(GET_PARAMS, Math.min(service.pages().pageCount(), 0xFFFF_FFFFL), pageLength);
            case READ_PAGE, LOCK_PAGE, UNLOCK_PAGE, UPDATE_PAGE -> runOnPage(header, data);
            default -> reply(header.type, header.page, 0);
        }
    }

    private void runOnPage(Header header, ByteBuffer data) {
        if (header.page >= service.pages().pageCount()) {
            reply(NO_SUCH_PAGE, header.page, 0);
            return;
        }
        switch (header.type) {
            case READ_PAGE -> replyPage(header);
            case LOCK_PAGE -> lock(header);
            case UNLOCK_PAGE -> unlock(header, data);
            case UPDATE_PAGE -> update(header, data);
            default -> throw new IllegalStateException("type: " + header.type);
        }
        if (waiting == null) {
            record(opcode(header.type).code());
        }
    }

    private static Opcode opcode(int type) {
        return switch (type) {
            case LOCK_PAGE -> Opcode.LOCK;
            case UNLOCK_PAGE -> Opcode.UNLOCK;
            case UPDATE_PAGE -> Opcode.WRITE;
            default -> Opcode.READ;
        };
    }

    private void lock(Header header) {
        if (tokens.containsKey(header.page)) {
            replyPage(header);
            return;
        }
        Request lock = new Request.Lock(header.page, HANDLE, Integer.MAX_VALUE, false, false, 0);
        settle(header, inside((engine, own) -> engine.execute(own, id, nextRequest(), lock, gate.now())));
    }

    private void unlock(Header header, ByteBuffer data) {
        Long token = tokens.get(header.page);
        if (token == null || header.length != pageLength) {
            reply(PAGE_NOT_LOCKED, header.page, version(header.page));
            return;
        }
        Request unlock = new Request.Unlock(header.page, token, Ranges.of(0, pageLength), data);
        tokens.remove(header.page);
        settle(header, inside((engine, own) -> engine.execute(own, id, nextRequest(), unlock, gate.now())));
    }

    private void update(Header header, ByteBuffer data) {
        if (header.length != pageLength) {
            reply(NO_SUCH_PAGE, header.page, version(header.page));
            return;
        }
        tokens.remove(header.page);
        settle(
                header,
                inside((engine, own) ->
                        engine.update02(own, nextRequest(), header.page, data, header.version, gate.now())));
    }

    private long nextRequest() {
        return FrameHeader.requestId(0, ++lastRequest);
    }

    /** A command to the engine. */
    private interface Command {
        Answer run(Engine engine, Session own);
    }

    /** Runs a command; the first one opens the session, since clients that only read need none. */
    private Answer inside(Command command) {
        Engine engine = gate.enter();
        try {
            Session own = session == null ? engine.open02(id, gate.now()) : session;
            session = own;
            return own == null ? TOO_MANY_SESSIONS : command.run(engine, own);
        } finally {
            gate.leave();
        }
    }

    private void settle(Header header, Answer answer) {
        switch (answer) {
            case Answer.Now(Reply reply) -> settle(header, reply);
            case Answer.Deferred _ -> waiting = header;
        }
    }

    private void settle(Header header, Reply reply) {
        switch (reply) {
            case Reply.Granted granted -> {
                tokens.put(header.page, granted.token());
                replyPage(header);
            }
            case Reply.Written(long version) -> reply(header.type, header.page, Version02.of(version));
            case Reply.Failed failed -> settleFailure(header, failed);
            default -> throw new IllegalStateException("reply to a 0.2 request: " + reply);
        }
    }

    /** Refusals that the old wire has no code for (a limit is reached, the server stops) are told by one that its clients take for "failed". */
    private void settleFailure(Header header, Reply.Failed failed) {
        int type = failed.status() == Status.FENCED ? PAGE_NOT_LOCKED : NO_SUCH_PAGE;
        reply(type, header.page, version(header.page));
    }

    @Override
    void on(Effect effect) {
        switch (effect) {
            case Effect.Completed done -> {
                Header header = waiting;
                if (header != null) {
                    waiting = null;
                    settle(header, done.reply());
                    loop.latencies().record(done.opcode(), done.waitedNanos());
                    runAndKeep();
                }
            }
            case Effect.Detached _ -> closeAfterReplies();
            case Effect.Changed _ -> throw new IllegalStateException("a 0.2 client watches nothing");
        }
    }

    @Override
    void endBatch() {}

    private int version(long page) {
        return Version02.of(service.pages().version(page));
    }

    /** Sends the page, or only its version when that is the one the client has. */
    private void replyPage(Header header) {
        ByteBuffer room = out().reserve(HEADER_BYTES + pageLength, ByteOrder.BIG_ENDIAN);
        int start = room.position();
        long held = service.pages().version(header.page);
        boolean mayBeHeld = Version02.of(held) == header.version;
        Request.Read read = new Request.Read(header.page, mayBeHeld ? held : 0, Ranges.of(0, pageLength));
        room.position(start + HEADER_BYTES);
        long version = reads.read(read, room);
        if (version == PageReads.CONTENDED) {
            version = readInside(read, room);
        }
        boolean same = version == PageReads.NOT_MODIFIED;
        int sent = same ? 0 : pageLength;
        room.position(start);
        putHeader(room, header.type, header.page, sent, Version02.of(same ? held : version));
        out().advance(HEADER_BYTES + sent);
    }

    /** Under the monitor nobody writes, so that the read cannot fail. */
    private long readInside(Request.Read read, ByteBuffer room) {
        gate.enter();
        try {
            return reads.readAlone(read, room);
        } finally {
            gate.leave();
        }
    }

    private void reply(int type, long page, int version) {
        putHeader(out().reserve(HEADER_BYTES, ByteOrder.BIG_ENDIAN), type, page, 0, version);
        out().advance(HEADER_BYTES);
    }

    private static void putHeader(ByteBuffer room, int type, long page, int length, int version) {
        room.put((byte) type).putInt((int) page).putInt(length).putInt(version);
    }
}
