package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import netmem.api.Outcome;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.RequestCodec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The state machine with time and transport in the test's hand. */
class ClientCoreTest {
    private static final int SLOTS = 4;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final PageCache NO_CACHE = PageCache.ofBytes(0);

    private final ClientCore core = new ClientCore(false);
    private Sink sink = new Sink();

    /** Keeps what is sent. */
    private static final class Sink implements FrameSink {
        private final List<FakeServer.Frame> frames = new ArrayList<>();
        private long bytes;
        private int room = Integer.MAX_VALUE;

        @Override
        public boolean fits(int frameBytes) {
            return room > 0;
        }

        @Override
        public long append(Request request, long requestId) {
            room--;
            frames.add(new FakeServer.Frame(requestId, request));
            bytes += RequestCodec.frameBytes(request);
            return bytes;
        }
    }

    @BeforeEach
    void greet() throws Exception {
        connect(welcome(false));
    }

    private void connect(Reply.Welcome welcome) throws Exception {
        core.greeted(welcome, sink, 0);
        core.pump(0);
    }

    private static Reply.Welcome welcome(boolean resumed) {
        return FakeServer.welcome(resumed, FakeServer.SESSION, FakeServer.INCARNATION, 9_000, SLOTS);
    }

    private static ReadCall read(long page) {
        return ReadCall.version(new Deadline(0, SECOND), NO_CACHE, page);
    }

    private static LockCall lock(long page) {
        return new LockCall(new Deadline(0, SECOND), NO_CACHE, page, 1, SECOND, false);
    }

    private static WatchCall watch() {
        Options options = new Options(
                Address.parse("netmem://localhost"), SECOND, SECOND, "", "", 0, NO_CACHE, 1, 1, 1, null, false);
        RemoteWatch.Run run = new RemoteWatch.Run(0, 1);
        RemoteWatch watch =
                new RemoteWatch(new Watches(new Exchange(options)), run, (page, version) -> {}, new long[] {1});
        return new WatchCall(new Deadline(0, 0), watch, run, true);
    }

    private FakeServer.Frame last() {
        return sink.frames.getLast();
    }

    @Test
    void submit_lastSlots_areKeptForTheClientsOwn() {
        assertTrue(core.submit(read(1), 0));
        assertTrue(core.submit(read(2), 0));
        assertFalse(core.submit(read(3), 0));
        core.owe(new PlainCall(new Deadline(0, 0), new Request.Ping()), 0);
        assertEquals(new Request.Ping(), last().request());
        core.owe(new PlainCall(new Deadline(0, 0), new Request.Info()), 0);
        assertEquals(new Request.Ping(), last().request(), "one more is kept for watches");
    }

    @Test
    void precede_onANewConnection_goesOutBeforeWhatIsSentAgain() throws Exception {
        ReadCall one = read(1);
        core.submit(one, 0);
        core.lost(sink.bytes);
        sink = new Sink();
        core.greeted(welcome(true), sink, 0);
        core.precede(List.of(watch()));
        core.pump(0);
        assertEquals(2, sink.frames.size());
        assertEquals(one.requestId(), last().id());
    }

    @Test
    void precede_callersAndOwnRequestsHaveAllOtherSlots_goesOutBeforeThem() throws Exception {
        core.submit(read(1), 0);
        core.submit(read(2), 0);
        core.owe(new PlainCall(new Deadline(0, 0), new Request.Ping()), 0);
        core.lost(sink.bytes);
        sink = new Sink();
        core.greeted(welcome(true), sink, 0);
        core.precede(List.of(watch(), watch()));
        core.pump(0);
        assertEquals(1, sink.frames.size(), "the second watch waits for the slot of the first, and all else behind it");
        assertEquals(Opcode.WATCH, last().request().opcode());
        core.received(last().id(), new Reply.Done(), 0);
        assertEquals(
                List.of(Opcode.WATCH, Opcode.WATCH, Opcode.READ, Opcode.READ, Opcode.PING),
                sink.frames.stream().map(frame -> frame.request().opcode()).toList());
    }

    @Test
    void submit_noRoomInTheSink_waits() {
        sink.room = 0;
        ReadCall call = read(1);
        assertFalse(core.submit(call, 0));
        assertFalse(call.isAssigned());
        sink.room = 1;
        assertTrue(core.submit(call, 0));
    }

    @Test
    void received_slotIsUsedAgain_sequenceGrows() {
        ReadCall first = read(1);
        core.submit(first, 0);
        Reply reply = new Reply.Data(1, Call.noData());
        assertSame(first, core.received(first.requestId(), reply, 0));
        assertNull(core.received(first.requestId(), reply, 0), "a second reply");
        ReadCall second = read(2);
        core.submit(second, 0);
        assertEquals(FrameHeader.slot(first.requestId()), FrameHeader.slot(second.requestId()));
        assertEquals(2, FrameHeader.sequence(second.requestId()));
        assertNull(core.received(first.requestId(), reply, 0), "a late reply");
    }

    @Test
    void abandon_answerInHand_refuses() {
        ReadCall call = read(1);
        core.submit(call, 0);
        core.received(call.requestId(), new Reply.Data(1, Call.noData()), 0);
        assertNull(core.abandon(call, 0));
    }

    @Test
    void abandon_cutBeforeItWasWritten_neverHappens() throws Exception {
        UnlockCall call = UnlockCall.unchanged(new Deadline(0, SECOND), session(), 1, 7);
        core.owe(call, 0);
        core.lost(sink.bytes - 1);
        assertEquals(Outcome.NO_EFFECT, core.abandon(call, 0));
        sink = new Sink();
        connect(welcome(true));
        assertTrue(sink.frames.isEmpty());
        assertTrue(core.submit(read(2), 0));
        assertTrue(core.submit(read(3), 0), "its slot is free");
    }

    /** It was in the stream when its caller gave up, and the connection was cut before it left. */
    @Test
    void abandon_thenCutBeforeItWasWritten_isNotSentTooLate_andSettlesAsNoEffect() throws Exception {
        AtomicCall call = new AtomicCall(new Deadline(0, SECOND), 1, 0, WordFunction.ADD, 1, 0);
        call.bound();
        core.submit(call, 0);
        assertEquals(Outcome.UNKNOWN, core.abandon(call, SECOND));
        CompletableFuture<Outcome> settled = call.settled().toCompletableFuture();
        core.lost(0);
        sink = new Sink();
        core.greeted(welcome(true), sink, 2 * SECOND);
        core.pump(2 * SECOND);
        assertEquals(List.of(), sink.frames);
        assertEquals(Outcome.NO_EFFECT, settled.get(20, TimeUnit.SECONDS));
    }

    @Test
    void abandon_lockCutAfterItWasWritten_isSentAgainAndGivenBack() throws Exception {
        LockCall call = lock(1);
        core.submit(call, 0);
        core.lost(sink.bytes);
        assertEquals(Outcome.NO_EFFECT, core.abandon(call, 0));
        sink = new Sink();
        connect(welcome(true));
        FakeServer.Frame again = sink.frames.getFirst();
        assertEquals(call.requestId(), again.id());
        assertEquals(0, ((Request.Lock) again.request()).waitMillis());
        assertEquals(new Request.Cancel(call.requestId()), last().request(), "the server may not know");
        core.received(call.requestId(), new Reply.Granted(9, 1, Reply.Granted.Content.ELIDED, Call.noData()), 0);
        assertEquals(9, ((Request.Unlock) last().request()).token());
    }

    @Test
    void greeted_resumedWithLittleRoom_sendsOldBeforeNew() throws Exception {
        ReadCall one = read(1);
        ReadCall two = read(2);
        core.submit(one, 0);
        core.submit(two, 0);
        core.lost(sink.bytes);
        sink = new Sink();
        sink.room = 1;
        connect(welcome(true));
        assertEquals(1, sink.frames.size());
        sink.room = 2;
        assertFalse(core.submit(read(3), 0), "something is due");
        core.pump(0);
        assertEquals(
                List.of(one.requestId(), two.requestId()),
                sink.frames.stream().map(FakeServer.Frame::id).toList());
    }

    @Test
    void greeted_newSession_readsGoOnAbandonedOnesDoNot() throws Exception {
        ReadCall waiting = read(1);
        ReadCall abandoned = read(2);
        core.submit(waiting, 0);
        core.submit(abandoned, 0);
        core.abandon(abandoned, 0);
        core.lost(sink.bytes);
        sink = new Sink();
        connect(FakeServer.welcome(false));
        assertEquals(1, sink.frames.size());
        assertEquals(waiting.requestId(), last().id());
        assertEquals(1, FrameHeader.sequence(last().id()));
    }

    @Test
    void tick_quiet_pingsAtAThirdOfTheLease() {
        assertTrue(core.tick(3 * SECOND - 1));
        assertTrue(sink.frames.isEmpty());
        assertTrue(core.tick(3 * SECOND));
        assertEquals(Opcode.PING, last().request().opcode());
        assertTrue(core.tick(4 * SECOND));
        assertEquals(1, sink.frames.size(), "one PING at a time");
    }

    @Test
    void tick_unanswered_pingsThenDrops() {
        core.submit(read(1), 10 * SECOND);
        assertTrue(core.tick(11 * SECOND - 1));
        assertEquals(1, sink.frames.size());
        assertTrue(core.tick(11 * SECOND));
        assertEquals(Opcode.PING, last().request().opcode());
        assertTrue(core.tick(13 * SECOND - 1));
        assertFalse(core.tick(13 * SECOND));
    }

    @Test
    void tick_longWaitAtALivelyServer_staysConnected() {
        core.submit(lock(1), 0);
        for (long now = 0; now < 60 * SECOND; now += SECOND / 4) {
            assertTrue(core.tick(now), "dropped");
            if (last().request() instanceof Request.Ping) {
                core.received(last().id(), new Reply.Done(), now);
            }
        }
    }

    @Test
    void failAll_grantComesAfterwards_isGivenBack() {
        LockCall call = lock(1);
        core.submit(call, 0);
        core.failAll(Failure::closed);
        assertInstanceOf(Failure.class, call.result());
        Reply granted = new Reply.Granted(9, 1, Reply.Granted.Content.ELIDED, Call.noData());
        assertNull(core.received(call.requestId(), granted, 0));
        assertEquals(9, ((Request.Unlock) last().request()).token());
    }

    private Session session() {
        Session session = core.session();
        if (session == null) {
            throw new AssertionError("no session");
        }
        return session;
    }
}
