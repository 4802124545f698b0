package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.Versioned;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The duty to read passes between callers and the client's own thread, and nobody is left without a reader. */
@Timeout(60)
class ReadingTest extends FakeServerFixture {
    private ReadingCaller caller;

    @BeforeEach
    void begin() {
        caller = new ReadingCaller();
    }

    @AfterEach
    void end() {
        caller.close();
    }

    private void answerAndExpect(long page) throws Exception {
        FutureTask<Versioned> read = FakeServer.start(() -> mem.read(page));
        peer.reply(new Reply.Data(page, FakeServer.page(1)), peer.nextCall());
        assertEquals(page, FakeServer.join(read).version());
    }

    @Test
    void caller_reads_getsItsOwnAnswer() throws Exception {
        ReadingCaller.Waiting waiting = caller.reading(mem, peer);
        peer.reply(ReadingCaller.version(17), waiting.frame());
        assertEquals(17, FakeServer.join(waiting.version()));
        answerAndExpect(2);
    }

    @Test
    void caller_readsForOthers_theyNeedNotWaitForIt() throws Exception {
        ReadingCaller.Waiting waiting = caller.reading(mem, peer);
        try (ReadingCaller second = new ReadingCaller()) {
            FutureTask<Long> platform = second.start(() -> mem.version(2));
            FakeServer.Frame two = peer.nextCall();
            FutureTask<Long> virtual = FakeServer.start(() -> mem.version(3));
            FakeServer.Frame three = peer.nextCall();
            assertFalse(second.reads(), "two callers read");
            peer.reply(ReadingCaller.version(33), three);
            assertEquals(33, FakeServer.join(virtual));
            peer.reply(ReadingCaller.version(22), two);
            assertEquals(22, FakeServer.join(platform));
            assertTrue(caller.reads(), "the caller reads on");
            assertFalse(waiting.version().isDone());
            peer.reply(ReadingCaller.version(11), waiting.frame());
            assertEquals(11, FakeServer.join(waiting.version()));
        }
    }

    @Test
    void caller_leavesWhileOthersWait_theyAreAnswered() throws Exception {
        ReadingCaller.Waiting waiting = caller.reading(mem, peer);
        try (ReadingCaller second = new ReadingCaller()) {
            FutureTask<Long> platform = second.start(() -> mem.version(2));
            FakeServer.Frame two = peer.nextCall();
            FutureTask<Long> virtual = FakeServer.start(() -> mem.version(3));
            FakeServer.Frame three = peer.nextCall();
            peer.reply(ReadingCaller.version(11), waiting.frame());
            assertEquals(11, FakeServer.join(waiting.version()));
            peer.reply(ReadingCaller.version(22), two);
            assertEquals(22, FakeServer.join(platform));
            peer.reply(ReadingCaller.version(33), three);
            assertEquals(33, FakeServer.join(virtual));
        }
    }

    @Test
    void caller_interruptedWhileItReads_othersAndConnectionStay() throws Exception {
        ReadingCaller.Waiting waiting = caller.reading(mem, peer);
        FutureTask<Long> other = FakeServer.start(() -> mem.version(3));
        FakeServer.Frame three = peer.nextCall();
        caller.interrupt();
        NetMemException e = assertThrows(NetMemException.Interrupted.class, () -> FakeServer.join(waiting.version()));
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        peer.reply(ReadingCaller.version(33), three);
        assertEquals(33, FakeServer.join(other), "the connection outlived the interrupt");
        peer.reply(ReadingCaller.version(11), waiting.frame());
        answerAndExpect(2);
    }

    @Test
    void caller_deadlinePassesWhileItReads_lateAnswerIsStillTaken() throws Exception {
        NetMem patient = mem;
        mem = patient.within(Duration.ofMillis(400));
        ReadingCaller.Waiting waiting = caller.reading(mem, peer);
        mem = patient;
        NetMemException e =
                assertThrows(NetMemException.DeadlinePassed.class, () -> FakeServer.join(waiting.version()));
        assertTrue(String.valueOf(e.getMessage()).contains("no answer within 400 ms"), e::toString);
        answerAndExpect(2);
        // Without a reader the slot would never come free.
        peer.reply(ReadingCaller.version(11), waiting.frame());
        for (int i = 0; i < FakeServer.SLOTS; i++) {
            answerAndExpect(3 + i);
        }
    }

    @Test
    void connection_lostWhileACallerReads_callIsSentAgain() throws Exception {
        ReadingCaller.Waiting waiting = caller.reading(mem, peer);
        peer.reset();
        peer = server.accept();
        peer.greet(FakeServer.welcome(true));
        FakeServer.Frame again = peer.nextCall();
        assertEquals(waiting.frame(), again);
        peer.reply(ReadingCaller.version(11), again);
        assertEquals(11, FakeServer.join(waiting.version()));
    }

    @Test
    void connection_lostWhileCallersHadRead_isMadeAnew() throws Exception {
        ReadingCaller.Waiting waiting = caller.reading(mem, peer);
        peer.reply(ReadingCaller.version(11), waiting.frame());
        FakeServer.join(waiting.version());
        peer.reset();
        peer = server.accept();
        peer.greet(FakeServer.welcome(true));
        answerAndExpect(2);
    }

    @Test
    void stream_brokenWhileACallerReads_callFailsAndTheClientGoesOn() throws Exception {
        ReadingCaller.Waiting waiting = caller.reading(mem, peer);
        peer.write(new byte[16]);
        assertThrows(NetMemException.ProtocolBroken.class, () -> FakeServer.join(waiting.version()));
        peer = server.accept();
        peer.greet(FakeServer.welcome(true));
        FutureTask<Long> next = caller.start(() -> mem.version(4));
        FakeServer.Frame frame = peer.nextCall();
        for (; ((Request.Read) frame.request()).page() != 4; frame = peer.nextCall()) {
            peer.reply(ReadingCaller.version(11), frame);
        }
        peer.reply(ReadingCaller.version(44), frame);
        assertEquals(44, FakeServer.join(next));
    }

    @Test
    void close_whileACallerReads_endsItsCall() throws Exception {
        ReadingCaller.Waiting waiting = caller.reading(mem, peer);
        FutureTask<Boolean> closing = FakeServer.start(() -> {
            mem.close();
            return true;
        });
        FakeServer.Frame bye = peer.nextCall();
        assertEquals(new Request.Bye(), bye.request());
        peer.reply(new Reply.Done(), bye);
        FakeServer.join(closing);
        assertThrows(NetMemException.Disconnected.class, () -> FakeServer.join(waiting.version()));
    }

    @Test
    void watch_callersHadRead_tellsWithoutACall() throws Exception {
        BlockingQueue<Thread> told = new LinkedBlockingQueue<>();
        ReadingCaller.Waiting waiting = caller.reading(mem, peer);
        peer.reply(ReadingCaller.version(11), waiting.frame());
        FakeServer.join(waiting.version());
        FutureTask<Watch> opening = caller.start(() -> mem.watch(5, 1, (_, _) -> told.add(Thread.currentThread())));
        peer.reply(new Reply.DataMany(List.of(new Reply.DataMany.Entry(1, null))), peer.nextCall());
        peer.reply(new Reply.Done(), peer.nextCall());
        FakeServer.join(opening);
        WatchTest.push(peer, 5, 2);
        Thread teller = told.poll(20, TimeUnit.SECONDS);
        assertTrue(teller != null && teller.isVirtual(), "told by " + teller);
    }

    @Test
    void notification_whileACallerReads_isToldByAnotherThread() throws Exception {
        BlockingQueue<Thread> told = new LinkedBlockingQueue<>();
        ReadingCaller.Waiting waiting = caller.reading(mem, peer);
        FutureTask<Watch> opening = FakeServer.start(() -> mem.watch(5, 1, (_, _) -> told.add(Thread.currentThread())));
        peer.reply(new Reply.DataMany(List.of(new Reply.DataMany.Entry(1, null))), peer.nextCall());
        peer.reply(new Reply.Done(), peer.nextCall());
        FakeServer.join(opening);
        WatchTest.push(peer, 5, 2);
        Thread teller = told.poll(20, TimeUnit.SECONDS);
        assertTrue(teller != null && teller.isVirtual(), "told by " + teller);
        assertTrue(caller.reads(), "the caller reads on");
        peer.reply(ReadingCaller.version(11), waiting.frame());
        assertEquals(11, FakeServer.join(waiting.version()));
    }

    @Test
    void call_failsToTakeItsAnswer_endsNevertheless() throws Exception {
        Options options = new Options(
                Address.parse(server.uri()),
                TimeUnit.SECONDS.toNanos(20),
                TimeUnit.SECONDS.toNanos(20),
                "test",
                "",
                0,
                PageCache.ofBytes(0),
                1,
                1,
                1,
                null,
                false);
        Exchange exchange = new Exchange(options);
        Calls calls = new Calls(exchange);
        Link link = new Link(exchange);
        link.start();
        try (FakeServer.Peer second = server.accept()) {
            second.greet(FakeServer.welcome(false));
            FutureTask<String> call = FakeServer.start(() -> calls.run(new Broken(exchange)));
            second.reply(new Reply.Done(), second.nextCall());
            NetMemException e = assertThrows(NetMemException.ProtocolBroken.class, () -> FakeServer.join(call));
            assertEquals(Status.BAD_FRAME, e.status());
            assertTrue(String.valueOf(e.getMessage()).contains("as the test says"), e::toString);
        }
        calls.close(() -> {});
        link.stop();
    }

    /** Breaks on its answer. */
    private static final class Broken extends Call<String> {
        Broken(Exchange exchange) {
            super(new Deadline(System.nanoTime(), exchange.options().deadlineNanos()));
        }

        @Override
        String what() {
            return "broken";
        }

        @Override
        Opcode opcode() {
            return Opcode.CANCEL;
        }

        @Override
        Request request(Session into, long nowNanos) {
            return new Request.Cancel(0);
        }

        @Override
        void answered(Session from, Reply reply) {
            assertInstanceOf(Reply.Done.class, reply);
            throw new IllegalStateException("as the test says");
        }
    }
}
