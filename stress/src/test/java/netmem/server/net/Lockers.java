package netmem.server.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.engine.Answer;
import netmem.server.engine.Effect;
import netmem.server.engine.Engine;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jspecify.annotations.Nullable;

/** Sessions that want one page's lock, each on a thread of its own: what Lincheck runs, and the plain model of it. */
final class Lockers {
    private static final int THREADS = 3;
    private static final String NOTHING = "nothing";
    private static final String WAITS = "waits";
    private static final String CANCELLED = "CANCELLED";

    private Lockers() {}

    private static String granted(long token) {
        return "granted " + token;
    }

    /** What a thread does. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    public abstract static class Commands {
        /** Asks for the lock and may wait. */
        @Operation
        public abstract String lock(@Param(name = "thread") int thread);

        /** Gives back the first lock that it knows of. */
        @Operation
        public abstract String unlock(@Param(name = "thread") int thread);

        /** Gives up its newest request, and listens to what came since. */
        @Operation
        public abstract String giveUp(@Param(name = "thread") int thread);
    }

    /** Sends commands to an engine. Each client is confined to its thread. */
    abstract static class OnEngine extends Commands {
        private final Entrance entrance;
        private final List<Client> clients = new ArrayList<>();

        private record Client(
                netmem.server.engine.Session session, long connection, Queue<Effect> ear, Deque<Long> tokens) {}

        private final long[] sequences = new long[THREADS];

        OnEngine(Entrance entrance) {
            this.entrance = entrance;
            for (int i = 0; i < THREADS; i++) {
                Queue<Effect> ear = Entrance.ear();
                long connection = entrance.connect(ear);
                Request.Hello hello = new Request.Hello(SessionId.NONE, Entrance.INCARNATION, 0, "locker", "");
                Engine.Greeted greeted = entrance.engine.greet(connection, hello, new SessionId(1, connection), 0);
                clients.add(new Client(
                        java.util.Objects.requireNonNull(greeted.session()), connection, ear, new ArrayDeque<>()));
            }
        }

        private Client client(int thread) {
            return clients.get(thread % THREADS);
        }

        /** Each request has a slot and a handle of its own. */
        private Answer send(int thread, Request request) {
            Client client = client(thread);
            int slot = (int) ++sequences[thread % THREADS];
            Engine engine = entrance.enter();
            try {
                return engine.execute(client.session, client.connection, FrameHeader.requestId(slot, 1), request, 0);
            } finally {
                entrance.leave();
            }
        }

        @Override
        public String lock(int thread) {
            long handle = sequences[thread % THREADS] + 1;
            return switch (send(thread, new Request.Lock(0, handle, 1_000, false, 0))) {
                case Answer.Now(Reply reply) -> heard(client(thread), reply);
                case Answer.Deferred _ -> WAITS;
            };
        }

        @Override
        public String unlock(int thread) {
            Long token = client(thread).tokens.poll();
            if (token == null) {
                return NOTHING;
            }
            Answer answer = send(thread, new Request.Unlock(0, token, Ranges.NONE, ByteBuffer.allocate(0)));
            return answer instanceof Answer.Now(Reply reply) ? reply.status().name() : WAITS;
        }

        @Override
        public String giveUp(int thread) {
            long newest = FrameHeader.requestId((int) sequences[thread % THREADS], 1);
            Answer answer = send(thread, new Request.Cancel(newest));
            return answer instanceof Answer.Now(Reply.Done _) ? told(thread) : answer.toString();
        }

        private String told(int thread) {
            Effect effect = client(thread).ear.poll();
            return effect instanceof Effect.Completed done ? heard(client(thread), done.reply()) : NOTHING;
        }

        private static String heard(Client client, Reply reply) {
            if (reply instanceof Reply.Granted grant) {
                client.tokens.add(grant.token());
                return granted(grant.token());
            }
            return reply.status().name();
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

    /** The engine whose effects are handed out beside its monitor. */
    public static final class EffectsTooLate extends OnEngine {
        public EffectsTooLate() {
            super(new Entrance.LateEffects());
        }
    }

    /** A lock with a line, first come first served, in a few lines. Confined to one thread. */
    public static final class Model extends Commands {
        private record Waiter(int thread, long request) {}

        private final Deque<Waiter> line = new ArrayDeque<>();
        private final List<Deque<String>> ears = new ArrayList<>();
        private final List<Deque<Long>> tokens = new ArrayList<>();
        private final long[] requests = new long[THREADS];
        private long lastToken;
        private boolean held;

        public Model() {
            for (int i = 0; i < THREADS; i++) {
                ears.add(new ArrayDeque<>());
                tokens.add(new ArrayDeque<>());
            }
        }

        @Override
        public String lock(int thread) {
            int who = thread % THREADS;
            requests[who]++;
            if (held) {
                line.add(new Waiter(who, requests[who]));
                return WAITS;
            }
            held = true;
            tokens.get(who).add(++lastToken);
            return granted(lastToken);
        }

        @Override
        public String unlock(int thread) {
            int who = thread % THREADS;
            if (tokens.get(who).poll() == null) {
                return NOTHING;
            }
            requests[who]++;
            Waiter next = line.poll();
            held = next != null;
            if (next != null) {
                ears.get(next.thread).add(granted(++lastToken));
            }
            return "OK";
        }

        @Override
        public String giveUp(int thread) {
            int who = thread % THREADS;
            if (line.remove(new Waiter(who, requests[who]))) {
                ears.get(who).add(CANCELLED);
            }
            requests[who]++;
            return told(thread);
        }

        private String told(int thread) {
            int who = thread % THREADS;
            @Nullable String told = ears.get(who).poll();
            if (told == null) {
                return NOTHING;
            }
            if (!told.equals(CANCELLED)) {
                tokens.get(who).add(Long.parseLong(told.substring(told.indexOf(' ') + 1)));
            }
            return told;
        }
    }
}
