package netmem.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.MalformedFrameException;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.ReplyCodec;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * Where callers and the reader meet: one lock around the {@link ClientCore}. What the reader does is here, what callers
 * do is in {@link Calls}. The reader is whoever has the duty to read ({@link Reading}). Shared.
 *
 * <pre>
 *   field                  access         guard
 *   core, watches, room    read, write    lock
 *   connection, session    volatile       written under lock by the keeper; read by flush and for page counts
 *   refusal, trouble       volatile       written by the keeper; for messages and for failing early
 *   phase                  volatile       written under lock; only ever forward
 * </pre>
 *
 * The lock is never held over system calls, and never while a reply's bytes are copied: the reader takes the call out
 * of its slot under the lock, then answers it.
 */
final class Exchange {
    /** The life of a client. */
    enum Phase {
        OPEN,
        /** No new calls; the goodbye is said, over a new connection where the old one is lost. */
        LEAVING,
        /** The goodbye was answered, or cannot be said; the connection stays until the server ends it. */
        LEFT,
        CLOSED
    }

    final ReentrantLock lock = new ReentrantLock();

    /** Where callers wait for a connection or a slot. */
    final Room room = new Room(lock);

    final ClientCore core;

    final MemoryLoss memory = new MemoryLoss(this);

    final Watches watches = new Watches(this);

    final Reading reading = new Reading(this);

    final Alarm alarm = new Alarm(this);

    final LockAlarms lockAlarms = new LockAlarms();

    final Inbound.Frames frames = this::frame;

    final AtomicBoolean warnedUncommitted = new AtomicBoolean();

    /** Numbers of those who own locks. */
    private final AtomicLong owners = new AtomicLong();

    /** The connection's pulse when it was last looked at; under the lock. */
    private int lastPulse;

    private final Options options;
    private volatile @Nullable Connection connection;
    private volatile @Nullable Session session;
    private volatile @Nullable Failure refusal;
    private volatile @Nullable Throwable trouble;
    private volatile Phase phase = Phase.OPEN;

    Exchange(Options options) {
        this.options = options;
        this.core = new ClientCore(options.followRestarts());
    }

    Options options() {
        return options;
    }

    /** A number that no owner of locks has had in this client. */
    long newOwner() {
        return owners.incrementAndGet();
    }

    /** Whether calls are taken. */
    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Whether a lost connection is replaced. */
    boolean isWanted() {
        return phase.compareTo(Phase.LEFT) < 0;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    boolean isConnected() {
        return connection != null;
    }

    @Nullable
    Connection connection() {
        return connection;
    }

    /** Has the keeper look around, wherever it waits. */
    void wakeKeeper() {
        Connection current = connection;
        if (current != null) {
            current.wakeReader();
        }
        reading.wakeKeeper();
    }

    /** Whether something may come that no caller may be there to read. */
    boolean needsReader() {
        lock.lock();
        try {
            return !core.isIdle() || watches.any();
        } finally {
            lock.unlock();
        }
    }

    /** Goes on to a later phase; under the lock. */
    void enter(Phase next) {
        phase = next;
    }

    /** The newest session, or null before the first greeting. */
    @Nullable
    Session session() {
        return session;
    }

    /** Why the server does not want this client, if so. */
    @Nullable
    Failure refusal() {
        return refusal;
    }

    /** Why there is no connection, as far as known. */
    @Nullable
    Throwable trouble() {
        return trouble;
    }

    /** Says why there is no connection; by the keeper. */
    void trouble(@Nullable Throwable why) {
        trouble = why;
    }

    /** Sends what has gathered. */
    void flush() {
        Connection current = connection;
        if (current != null) {
            current.flush();
        }
    }

    Request.Hello hello() {
        lock.lock();
        try {
            return core.hello(options.leaseMillis(), options.name(), options.token(), System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    /** There is a session. */
    void greeted(Reply.Welcome welcome, Connection on) throws MalformedFrameException {
        lock.lock();
        try {
            memory.greeted(welcome.incarnation());
            core.greeted(welcome, on, System.nanoTime());
            Session known = core.session();
            session = known;
            if (known != null) {
                watches.greeted(known.incarnation(), System.nanoTime());
            }
            core.pump(System.nanoTime());
            if (phase == Phase.LEAVING) {
                core.owe(Calls.goodbye(), System.nanoTime());
            }
            connection = on;
            refusal = null;
            trouble = null;
            room.signalAll();
        } finally {
            lock.unlock();
        }
        lockAlarms.look(); // the session before may have ended
        on.flush();
    }

    /** The connection has sent what had gathered; called under the lock. */
    void drained() {
        core.pump(System.nanoTime());
        room.signalAll();
    }

    /** One reply. A malformed one fails the call that it answers, and ends the connection. */
    void frame(ByteBuffer frame) throws IOException {
        long requestId = FrameHeader.requestId(frame, frame.position());
        Reply reply;
        try {
            reply = ReplyCodec.decode(frame);
        } catch (MalformedFrameException e) {
            String message = String.valueOf(e.getMessage());
            Call<?> call = received(requestId, new Reply.Failed(Status.INTERNAL, 0, 0, message));
            if (call != null) {
                call.fail(Failure.unexpected(call.outcomeIfSent(), message));
            }
            throw new IOException("malformed reply: " + message, e);
        }
        Call<?> call = received(requestId, reply);
        if (reply instanceof Reply.Changed changed) {
            watches.changed(changed);
        }
        Session from = session;
        if (call != null && from != null) {
            answer(call, from, reply);
        }
    }

    /**
     * A call out of its slot has an end whatever happens: its caller waits for nothing else. The stream is in step, so what went
     * wrong is this call's alone: an answer for which there is no memory, say.
     */
    private void answer(Call<?> call, Session from, Reply reply) {
        try {
            call.answered(from, reply);
        } catch (Throwable e) { // told to the caller
            giveBack(call, from, reply);
            call.fail(Failure.undelivered(call.outcomeIfSent(), e));
        }
    }

    /** A lock that its caller does not get; where memory is short it waits for it, since nobody else would. */
    private void giveBack(Call<?> call, Session holder, Reply reply) {
        for (boolean done = call.isDone(); !done; ) {
            try {
                giveBackOnce(call, holder, reply);
                done = true;
            } catch (VirtualMachineError e) {
                Shortage.rest(); // without the client's lock: callers go on to their deadlines
            }
        }
    }

    private void giveBackOnce(Call<?> call, Session holder, Reply reply) {
        lock.lock();
        try {
            core.giveBack(call, holder, reply, System.nanoTime());
            core.pump(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Call<?> received(long requestId, Reply reply) {
        lock.lock();
        try {
            Call<?> call = core.received(requestId, reply, System.nanoTime());
            if (call != null && call.opcode() == Opcode.BYE) {
                left();
            }
            room.signal(core);
            return call;
        } finally {
            lock.unlock();
        }
    }

    /** What time asks for; false when the connection is to be dropped. */
    boolean tick() {
        boolean good;
        lock.lock();
        try {
            Connection current = connection;
            int pulse = current == null ? lastPulse : current.pulse();
            if (pulse != lastPulse) {
                lastPulse = pulse;
                core.heard(System.nanoTime());
            }
            good = core.tick(System.nanoTime());
        } finally {
            lock.unlock();
        }
        flush();
        return good;
    }

    long restNanos() {
        lock.lock();
        try {
            return core.restNanos();
        } finally {
            lock.unlock();
        }
    }

    /** The connection is closed. Where the stream itself went wrong, the calls under way fail for that. */
    void lost(Connection gone, Throwable why) {
        long writtenBytes = gone.writtenBytes();
        lock.lock();
        try {
            trouble = why;
            connection = null;
            if (why instanceof MalformedFrameException) {
                core.failAll(outcome -> Failure.unexpected(outcome, String.valueOf(why.getMessage())));
            }
            core.lost(writtenBytes);
            if (!isWanted()) {
                core.failAll(Failure::closed);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The goodbye is said, or cannot be; under the lock. */
    private void left() {
        if (phase == Phase.LEAVING) {
            phase = Phase.LEFT;
            room.signalAll();
        }
    }

    /** No connection, for now; who wants to leave does without, where there is no server. */
    void unreachable(Throwable why) {
        trouble = why;
        if (!(why instanceof ConnectException)) {
            return;
        }
        lock.lock();
        try {
            left();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The name of the server has no address. Before there was a session that ends the wait for it, since a name that is
     * misspelled is far more likely than one that comes; afterwards it was right once, and is tried again like any
     * other lost connection.
     */
    void unknownHost(UnknownHostException why) {
        trouble = new IOException("unknown host: " + why.getMessage(), why);
        lock.lock();
        try {
            left();
            if (session == null) {
                refusal = Failure.unknownHost(why);
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The server refuses this client: calls fail at once, until it does not. */
    void refused(Reply.Failed failed) {
        trouble = new IOException(failed.status() + ": " + failed.message());
        boolean passing = failed.status() == Status.NOT_READY || (failed.status() == Status.BUSY && session != null);
        if (passing) {
            return;
        }
        lock.lock();
        try {
            refusal = Failure.of(failed);
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
