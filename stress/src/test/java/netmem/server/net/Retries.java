package netmem.server.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.engine.Answer;
import netmem.server.engine.Engine;
import netmem.server.engine.Session;
import netmem.server.memory.PageMemory;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * One session that several connections, each on a thread of its own, resume and send the same additions for, until its lease is over: what Lincheck runs, and the
 * plain model of it.
 */
final class Retries {
    private static final int THREADS = 3;
    private static final int SLOT = 5;
    private static final String EXPIRED = "SESSION_EXPIRED";
    private static final String STALE = "STALE_REQUEST";

    private Retries() {}

    private static String added(long version, long old) {
        return "version " + version + " old " + old;
    }

    /** What a thread does. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "sequence", gen = IntGen.class, conf = "1:2")
    public abstract static class Commands {
        /** Greets on a new connection with the id of the session that all began with. */
        @Operation
        public abstract String resume(@Param(name = "thread") int thread);

        /** Adds one under a request id that others use too. */
        @Operation
        public abstract String add(@Param(name = "thread") int thread, @Param(name = "sequence") int sequence);

        /** Ends what was silent for the lease. */
        @Operation(runOnce = true)
        public abstract void expire();

        /** Reads beside the engine. */
        @Operation
        public abstract String read();
    }

    /** Sends commands to an engine. What a thread knows of its connection is confined to it. */
    abstract static class OnEngine extends Commands {
        private record Reached(Session session, long connection) {}

        private final Entrance entrance;
        private final SessionId first;
        private final List<Reached> reached = new ArrayList<>();

        OnEngine(Entrance entrance) {
            this.entrance = entrance;
            Reached opened = greet(SessionId.NONE, new SessionId(1, 1));
            first = new SessionId(1, 1);
            for (int i = 0; i < THREADS; i++) {
                reached.add(i == 0 ? opened : new Reached(opened.session, -1));
            }
        }

        private Reached greet(SessionId known, SessionId fresh) {
            long connection = entrance.connect(Entrance.ear());
            Request.Hello hello = new Request.Hello(known, Entrance.INCARNATION, Entrance.LEASE_MILLIS, "retrier", "");
            Engine engine = entrance.enter();
            try {
                Session session = engine.greet(connection, hello, fresh, 0).session();
                if (session == null) {
                    throw new IllegalStateException("greeting: refused");
                }
                return new Reached(session, connection);
            } finally {
                entrance.leave();
            }
        }

        @Override
        public String resume(int thread) {
            Session before = reached.get(thread % THREADS).session;
            Reached now = greet(first, new SessionId(2, thread));
            reached.set(thread % THREADS, now);
            return now.session.equals(before) ? "resumed" : "new";
        }

        @Override
        public String add(int thread, int sequence) {
            Reached own = reached.get(thread % THREADS);
            Request.Atomic request = new Request.Atomic(0, 0, 0, 0, 0, WordFunction.ADD, 1, 0);
            Engine engine = entrance.enter();
            try {
                long id = FrameHeader.requestId(SLOT, sequence);
                return engine.execute(own.session, own.connection, id, request, 0) instanceof Answer.Now(Reply reply)
                        ? told(reply)
                        : "waits";
            } finally {
                entrance.leave();
            }
        }

        private static String told(Reply reply) {
            return reply instanceof Reply.Fetched(long version, long old)
                    ? added(version, old)
                    : reply.status().name();
        }

        @Override
        public void expire() {
            Engine engine = entrance.enter();
            try {
                engine.tick(Entrance.LEASE_MILLIS * 1_000_000L);
            } finally {
                entrance.leave();
            }
        }

        @Override
        public String read() {
            ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            long version = entrance.pages.read(0, 0, Long.BYTES, word);
            if (version == PageMemory.CONTENDED) {
                version = readUnderTheMonitor(word);
            }
            return version + ": " + word.getLong(0);
        }

        /** What the server does too when writers kept a reader beside the engine from a stable copy. */
        private long readUnderTheMonitor(ByteBuffer word) {
            entrance.enter();
            try {
                return entrance.pages.read(0, 0, Long.BYTES, word);
            } finally {
                entrance.leave();
            }
        }
    }

    /** The engine behind its gate. */
    public static final class BehindTheGate extends OnEngine {
        public BehindTheGate() {
            super(new Entrance.Gate());
        }
    }

    /** The engine with all threads in it. */
    public static final class WithoutMonitor extends OnEngine {
        public WithoutMonitor() {
            super(new Entrance.Open());
        }
    }

    /** Sessions and what they recorded, in a few lines. Confined to one thread. */
    public static final class Model extends Commands {
        /** A session: the thread that reaches it, and the newest request with its reply. */
        private static final class Known {
            private int thread;
            private int newest;
            private String reply = "";
            private boolean ended;
        }

        private final Known first = new Known();
        private final Map<Integer, Known> reached = new HashMap<>();
        private long counter;

        public Model() {
            for (int i = 0; i < THREADS; i++) {
                reached.put(i, first);
            }
        }

        @Override
        public String resume(int thread) {
            int who = thread % THREADS;
            Known before = reached.put(who, first);
            if (first.ended) {
                reached.put(who, new Known());
            }
            Known now = reached.getOrDefault(who, first);
            now.thread = who;
            return now.equals(before) ? "resumed" : "new";
        }

        @Override
        public String add(int thread, int sequence) {
            int who = thread % THREADS;
            Known session = reached.getOrDefault(who, first);
            if (session.ended || session.thread != who) {
                return EXPIRED;
            }
            if (sequence < session.newest) {
                return STALE;
            }
            if (sequence > session.newest) {
                session.newest = sequence;
                session.reply = added(2 + counter, counter);
                counter++;
            }
            return session.reply;
        }

        @Override
        public void expire() {
            first.ended = true;
            reached.values().forEach(session -> session.ended = true);
        }

        @Override
        public String read() {
            return (1 + counter) + ": " + counter;
        }
    }
}
