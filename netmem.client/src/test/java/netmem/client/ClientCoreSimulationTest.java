package netmem.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import netmem.api.wire.SessionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The state machine against a model of a server that keeps at-most-once records, over connections that are cut
 * anywhere, with callers who give up. What the client says of a call must
 * agree with what the server did, and no lock may stay with a caller who is gone or gave it back.
 */
@Timeout(120)
class ClientCoreSimulationTest {
    private static final int SEEDS = 2_000;
    private static final int STEPS = 300;
    private static final int SLOTS = 8;
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private static final PageCache NO_CACHE = PageCache.ofBytes(0);

    @Test
    void calls_cutsAndGivingUp_agreeWithTheServer() throws Exception {
        long first = Long.getLong("netmem.seed", new Random().nextLong());
        for (int i = 0; i < SEEDS; i++) {
            long seed = first + i;
            try {
                new Run(seed).run();
            } catch (AssertionError e) {
                throw new AssertionError("replay with -Dnetmem.seed=" + seed + " (first of the run)", e);
            }
        }
    }

    /** One seed: client, server and the wire between them. */
    private static final class Run implements FrameSink {
        private final Random random;
        private final ClientCore core;
        private final List<Call<?>> live = new ArrayList<>();
        private final Map<Call<?>, Long> tags = new HashMap<>();
        private final Map<Call<?>, Outcome> left = new HashMap<>();
        private final List<Call<?>> finished = new ArrayList<>();
        private final Set<Long> released = new HashSet<>();
        private final Set<Long> locks = new HashSet<>();

        // The wire
        private final List<FakeServer.Frame> toServer = new ArrayList<>();
        private final List<Long> ends = new ArrayList<>();
        private final Map<FakeServer.Frame, Reply> toClient = new LinkedHashMap<>();
        private long appended;
        private long taken;
        private boolean connected;
        private int room;

        // The server
        private final Map<Integer, Long> newest = new HashMap<>();
        private final Map<Integer, Reply> outcomes = new HashMap<>();
        private final Map<Long, Integer> runs = new HashMap<>();
        private final Set<Long> held = new HashSet<>();
        private SessionId session = new SessionId(1, 1);
        private long memory = 1;
        private long version = 1;
        private long tokens;
        private long lastTag;
        private long now;

        Run(long seed) {
            random = new Random(seed);
            core = new ClientCore(random.nextBoolean());
        }

        void run() throws Exception {
            for (int step = 0; step < STEPS; step++) {
                now += random.nextInt(1000);
                step();
                collect();
            }
            settle();
            check();
        }

        private void step() throws Exception {
            switch (random.nextInt(12)) {
                case 0, 1 -> submit(write());
                case 2 -> submit(lock());
                case 3 -> submit(read());
                case 4, 5, 6 -> serve();
                case 7, 8, 9 -> deliver();
                case 10 -> giveUp();
                default -> {
                    if (!connected) {
                        greet(random.nextInt(4) == 0);
                    } else if (random.nextInt(4) == 0) {
                        cut();
                    }
                }
            }
        }

        private WriteCall write() {
            long tag = ++lastTag;
            WriteCall call = new WriteCall(
                    new Deadline(now, HOUR), NO_CACHE, tag, null, Ranges.of(0, 1), java.nio.ByteBuffer.allocate(1));
            tags.put(call, tag);
            return call;
        }

        private LockCall lock() {
            long tag = ++lastTag;
            LockCall call = new LockCall(new Deadline(now, HOUR), NO_CACHE, tag, tag, HOUR, false);
            locks.add(tag);
            tags.put(call, tag);
            return call;
        }

        /** A holder gives its lock back, and may not wait for the answer. */
        private void unlock(Call<?> call) {
            if (call.result() instanceof Optional<?> granted
                    && granted.isPresent()
                    && granted.get() instanceof LockCall.Grant grant) {
                long tag = Objects.requireNonNull(tags.get(call));
                UnlockCall unlock = UnlockCall.unchanged(new Deadline(now, HOUR), grant.session(), tag, grant.token());
                released.add(tag);
                core.owe(unlock, now);
                if (random.nextBoolean()) {
                    core.leave(unlock);
                }
            }
        }

        private ReadCall read() {
            return ReadCall.version(new Deadline(now, HOUR), NO_CACHE, 0);
        }

        private void submit(Call<?> call) {
            if (core.submit(call, now)) {
                live.add(call);
            } else {
                tags.remove(call);
            }
        }

        /** The server takes the next frame. */
        private void serve() {
            if (toServer.isEmpty()) {
                return;
            }
            FakeServer.Frame frame = toServer.removeFirst();
            taken = ends.removeFirst();
            toClient.put(frame, answer(frame));
            core.pump(now);
        }

        private Reply answer(FakeServer.Frame frame) {
            Request request = frame.request();
            if (!request.opcode().isRecorded()) {
                return request instanceof Request.Read ? new Reply.Data(version, Call.noData()) : new Reply.Done();
            }
            int slot = FrameHeader.slot(frame.id());
            long sequence = FrameHeader.sequence(frame.id());
            long known = newest.getOrDefault(slot, 0L);
            if (sequence == known) {
                return Objects.requireNonNull(outcomes.get(slot));
            }
            assertTrue(sequence > known, () -> "stale: " + frame + " after " + known);
            newest.put(slot, sequence);
            Reply reply = execute(request);
            outcomes.put(slot, reply);
            return reply;
        }

        private Reply execute(Request request) {
            return switch (request) {
                case Request.Write write -> {
                    runs.merge(write.page(), 1, Integer::sum);
                    yield new Reply.Written(++version);
                }
                case Request.Lock lock -> {
                    runs.merge(lock.page(), 1, Integer::sum);
                    held.add(lock.page());
                    yield new Reply.Granted(++tokens, version, Reply.Granted.Content.ELIDED, Call.noData());
                }
                case Request.Unlock unlock -> {
                    boolean had = held.remove(unlock.page());
                    yield had
                            ? new Reply.Written(version)
                            : new Reply.Failed(Status.FENCED, 0, 0, "not held: " + unlock.page());
                }
                default -> throw new AssertionError(request);
            };
        }

        /** A reply comes, in any order. */
        private void deliver() {
            if (toClient.isEmpty()) {
                return;
            }
            List<FakeServer.Frame> frames = new ArrayList<>(toClient.keySet());
            FakeServer.Frame frame = frames.get(random.nextInt(frames.size()));
            Reply reply = Objects.requireNonNull(toClient.remove(frame));
            Call<?> call = core.received(frame.id(), reply, now);
            Session from = core.session();
            if (call != null && from != null) {
                call.answered(from, reply);
            }
        }

        private void giveUp() {
            if (live.isEmpty()) {
                return;
            }
            Call<?> call = live.get(random.nextInt(live.size()));
            Outcome outcome = core.abandon(call, now);
            if (outcome != null) {
                live.remove(call);
                left.put(call, outcome);
            }
        }

        private void collect() {
            for (Call<?> call : List.copyOf(live)) {
                if (call.isDone()) {
                    live.remove(call);
                    finished.add(call);
                    if (random.nextBoolean()) {
                        unlock(call);
                    }
                }
            }
        }

        private void greet(boolean lost) throws Exception {
            boolean resumed = !lost && core.session() != null;
            if (!resumed) {
                session = new SessionId(random.nextLong() | 1, 1);
                newest.clear();
                outcomes.clear();
                held.clear();
                runs.keySet().removeAll(locks); // a lock of a session that is over may be taken again in the next
                memory += random.nextInt(2);
            }
            appended = 0;
            taken = 0;
            connected = true;
            room = 1 + random.nextInt(4);
            Incarnation incarnation = new Incarnation(memory, 1);
            core.greeted(FakeServer.welcome(resumed, session, incarnation, 86_400_000, SLOTS), this, now);
            core.pump(now);
        }

        /** The connection breaks: some of what was sent arrived, some was written and lost, some was never written. */
        private void cut() {
            for (int i = random.nextInt(toServer.size() + 1); i > 0; i--) {
                serve();
            }
            long written = taken;
            for (int i = random.nextInt(toServer.size() + 1); i > 0; i--) {
                written = ends.get(i - 1);
            }
            written = Math.max(written, taken);
            toServer.clear();
            ends.clear();
            toClient.clear();
            connected = false;
            core.lost(written);
        }

        /** All that is owed gets done. */
        private void settle() throws Exception {
            if (!connected) {
                greet(false);
            }
            do {
                serve();
                deliver();
                core.pump(now);
                collect();
            } while (!toServer.isEmpty() || !toClient.isEmpty());
        }

        private void check() {
            assertTrue(
                    live.isEmpty(), () -> "without an end: " + live.getFirst().what());
            runs.forEach((tag, times) -> assertTrue(times == 1, () -> "run " + times + " times: " + tag));
            left.forEach((call, outcome) -> check(call, outcome));
            Set<Long> kept = new HashSet<>(held);
            for (Call<?> call : finished) {
                if (call.result() instanceof Failure failure) {
                    NetMemException e = failure.toException(call.what());
                    check(call, e.outcome());
                } else if (tags.containsKey(call)) {
                    boolean ofAnySession = call instanceof LockCall || runs.getOrDefault(tags.get(call), 0) == 1;
                    assertTrue(ofAnySession, () -> "never run: " + call.what());
                    if (!released.contains(tags.get(call))) {
                        kept.remove(tags.get(call));
                    }
                }
            }
            assertTrue(kept.isEmpty(), () -> "locks of callers who are gone or gave them back: " + kept);
        }

        /** A lock that was taken for a caller who had gone is given back, which is the same as no effect. */
        private void check(Call<?> call, Outcome outcome) {
            Long tag = tags.get(call);
            if (outcome == Outcome.NO_EFFECT && tag != null && !(call instanceof LockCall)) {
                assertTrue(!runs.containsKey(tag), () -> "said to have no effect, and run: " + call.what());
            }
        }

        @Override
        public boolean fits(int frameBytes) {
            return toServer.size() < room;
        }

        @Override
        public long append(Request request, long requestId) {
            appended += RequestCodec.frameBytes(request);
            toServer.add(new FakeServer.Frame(requestId, request));
            ends.add(appended);
            return appended;
        }
    }
}
