package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.Versioned;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers who do not wait for their answers: deadlines, interrupts, cancelled stages, closing. */
@Timeout(60)
class GivingUpTest extends FakeServerFixture {
    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    void read_noAnswer_noEffect() throws Exception {
        NetMemException e = assertThrows(
                NetMemException.DeadlinePassed.class, () -> mem.within(SHORT).read(17));
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        assertEquals(Status.TIMEOUT, e.status());
        String start = "read page 17 of " + server.uri() + ": no answer within 50 ms (elapsed ";
        assertTrue(String.valueOf(e.getMessage()).startsWith(start), e::toString);
    }

    @Test
    void write_noAnswer_unknown() {
        NetMemException e = assertThrows(
                NetMemException.DeadlinePassed.class, () -> mem.within(SHORT).write(1, 0, new byte[1]));
        assertEquals(Outcome.UNKNOWN, e.outcome());
    }

    @Test
    void write_serverSaysTimeout_noEffect() throws Exception {
        FutureTask<Long> write = FakeServer.start(() -> mem.write(1, 0, new byte[1]));
        peer.fail(Status.TIMEOUT, peer.nextCall());
        NetMemException e = assertThrows(NetMemException.DeadlinePassed.class, () -> FakeServer.join(write));
        assertEquals(Outcome.NO_EFFECT, e.outcome());
    }

    @Test
    void write_whileDown_noEffect() throws Exception {
        peer.reset();
        server.close();
        NetMem quick = mem.within(SHORT);
        // The first call may have been sent before the client saw the reset.
        assertThrows(NetMemException.DeadlinePassed.class, () -> quick.write(1, 0, new byte[1]));
        NetMemException e = assertThrows(NetMemException.DeadlinePassed.class, () -> quick.write(1, 0, new byte[1]));
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        assertTrue(String.valueOf(e.getMessage()).contains("not connected"), e::toString);
    }

    @Test
    void read_lateReply_reachesNobodyElse() throws Exception {
        FutureTask<Versioned> given = FakeServer.start(() -> mem.within(SHORT).read(1));
        FakeServer.Frame late = peer.nextCall();
        assertThrows(NetMemException.DeadlinePassed.class, () -> FakeServer.join(given));

        FutureTask<Versioned> read = FakeServer.start(() -> mem.read(2));
        FakeServer.Frame frame = peer.nextCall();
        assertNotEquals(FrameHeader.slot(late.id()), FrameHeader.slot(frame.id()), "the slot was given on");
        peer.reply(new Reply.Data(11, FakeServer.page(1)), late);
        peer.reply(new Reply.Data(11, FakeServer.page(1)), late);
        peer.reply(new Reply.Data(99, FakeServer.page(9)), new FakeServer.Frame(0, frame.request()));
        peer.reply(new Reply.Data(99, FakeServer.page(9)), new FakeServer.Frame(-1, frame.request()));
        peer.reply(new Reply.Data(22, FakeServer.page(2)), frame);
        assertEquals(22, FakeServer.join(read).version());
    }

    @Test
    void lock_givenUp_isCancelledAndALateGrantGivenBack() throws Exception {
        FutureTask<PageLock> locking = FakeServer.start(() -> mem.within(SHORT).lock(3));
        FakeServer.Frame lock = peer.nextCall();
        assertThrows(NetMemException.DeadlinePassed.class, () -> FakeServer.join(locking));
        FakeServer.Frame cancel = peer.nextCall();
        assertEquals(new Request.Cancel(lock.id()), cancel.request());
        assertNotEquals(FrameHeader.slot(lock.id()), FrameHeader.slot(cancel.id()));
        peer.reply(new Reply.Granted(77, 5, Reply.Granted.Content.FULL, FakeServer.page(2)), lock);
        FakeServer.Frame unlock = peer.nextCall();
        assertEquals(new Request.Unlock(3, 77, Ranges.NONE, Call.noData()), unlock.request());
        peer.reply(new Reply.Done(), cancel);
        peer.reply(new Reply.Written(5), unlock);
    }

    @Test
    void lock_stageCancelled_isCancelledAtTheServer() throws Exception {
        CompletableFuture<Optional<PageLock>> stage =
                mem.async().tryLock(3, Duration.ofSeconds(60)).toCompletableFuture();
        FakeServer.Frame lock = peer.nextCall();
        assertTrue(stage.cancel(false));
        assertEquals(new Request.Cancel(lock.id()), peer.nextCall().request());
    }

    @Test
    void abandonedWrite_callersBytesChange_resendHasTheOldOnes() throws Exception {
        byte[] bytes = {1, 2, 3};
        FutureTask<Long> write = FakeServer.start(() -> mem.within(SHORT).write(3, 8, bytes));
        FakeServer.Frame first = peer.nextCall();
        assertThrows(NetMemException.DeadlinePassed.class, () -> FakeServer.join(write));
        bytes[0] = 99;
        peer.reset();
        peer = server.accept();
        peer.greet(FakeServer.welcome(true));
        FakeServer.Frame second = peer.nextCall();
        assertEquals(first.id(), second.id());
        assertEquals(((Request.Write) first.request()).data(), ((Request.Write) second.request()).data());
    }

    @Test
    void read_interrupted_throwsAndKeepsTheFlag() throws Exception {
        AtomicBoolean flag = new AtomicBoolean();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            try {
                mem.read(1);
            } catch (NetMemException e) {
                flag.set(Thread.currentThread().isInterrupted());
                failure.complete(e);
            }
        });
        FakeServer.Frame frame = peer.nextCall();
        reader.interrupt();
        NetMemException.Interrupted e = (NetMemException.Interrupted) failure.get();
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        reader.join();
        assertTrue(flag.get(), "the interrupt flag was lost");

        FutureTask<Versioned> next = FakeServer.start(() -> mem.read(2));
        peer.reply(new Reply.Data(1, FakeServer.page(1)), frame);
        peer.reply(new Reply.Data(2, FakeServer.page(2)), peer.nextCall());
        assertEquals(2, FakeServer.join(next).version(), "the connection outlived the interrupt");
    }

    @Test
    void slots_allTaken_callersWaitAndThenFail() throws Exception {
        int free = FakeServer.SLOTS - 2;
        for (int i = 0; i < free; i++) {
            FakeServer.start(() -> mem.read(1));
        }
        FakeServer.Frame first = peer.nextCall();
        for (int i = 1; i < free; i++) {
            peer.nextCall();
        }
        NetMemException e = assertThrows(
                NetMemException.DeadlinePassed.class, () -> mem.within(SHORT).read(1));
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        assertTrue(String.valueOf(e.getMessage()).contains("all slots are taken"), e::toString);
        FutureTask<Long> version = FakeServer.start(() -> mem.version(1));
        peer.reply(new Reply.Data(1, FakeServer.page(1)), first);
        FakeServer.Frame next = peer.nextCall();
        assertEquals(FrameHeader.slot(first.id()), FrameHeader.slot(next.id()));
        assertEquals(FrameHeader.sequence(first.id()) + 1, FrameHeader.sequence(next.id()));
        peer.reply(new Reply.Data(2, Call.noData()), next);
        assertEquals(2, FakeServer.join(version));
    }

    @Test
    void slots_waitsTakeTheirShare_changesAndReadsHaveTheRest() throws Exception {
        int waits = FakeServer.SLOTS - 2 - FakeServer.SLOTS / 4;
        NetMemAsync async = mem.async();
        for (int i = 0; i < 3 * FakeServer.SLOTS; i++) {
            CompletionStage<?> _ = i % 2 == 0
                    ? async.awaitNewer(i, 1, Duration.ofSeconds(60))
                    : async.tryLock(i, Duration.ofSeconds(60));
        }
        FakeServer.Frame first = peer.nextCall();
        for (int i = 1; i < waits; i++) {
            assertTrue(peer.nextCall().request().opcode().isRecorded());
        }
        NetMemException wait = assertThrows(
                NetMemException.DeadlinePassed.class, () -> mem.within(SHORT).lock(1));
        assertEquals(Outcome.NO_EFFECT, wait.outcome());
        assertTrue(String.valueOf(wait.getMessage()).contains("for calls that wait at the server"), wait::toString);

        FutureTask<Long> write = FakeServer.start(() -> mem.write(1, 0, new byte[1]));
        FakeServer.Frame change = peer.nextCall();
        assertInstanceOf(Request.Write.class, change.request());
        NetMemException late = assertThrows(
                NetMemException.DeadlinePassed.class, () -> mem.within(SHORT).write(2, 0, new byte[1]));
        assertEquals(Outcome.NO_EFFECT, late.outcome());
        assertTrue(String.valueOf(late.getMessage()).contains("all slots for changes"), late::toString);
        FutureTask<Long> version = FakeServer.start(() -> mem.version(1));
        FakeServer.Frame read = peer.nextCall();
        peer.reply(new Reply.Data(2, Call.noData()), read);
        assertEquals(2, FakeServer.join(version));

        peer.fail(Status.TIMEOUT, first);
        peer.reply(new Reply.Written(3), change);
        assertEquals(3, FakeServer.join(write));
        assertTrue(peer.nextCall().request().opcode().isRecorded(), "the next wait has the slot");
    }

    @Test
    void waits_givenUpWhileTheConnectionIsLost_areCancelledOnReturn() throws Exception {
        CompletableFuture<?> lock =
                mem.async().tryLock(3, Duration.ofSeconds(60)).toCompletableFuture();
        FakeServer.Frame first = peer.nextCall();
        CompletableFuture<?> await =
                mem.async().awaitNewer(4, 1, Duration.ofSeconds(60)).toCompletableFuture();
        FakeServer.Frame second = peer.nextCall();
        peer.reset();
        assertTrue(lock.cancel(false));
        assertTrue(await.cancel(false));
        NetMemException _ = assertThrows(
                NetMemException.DeadlinePassed.class, () -> mem.within(SHORT).read(1), "the client sees to it");
        peer = server.accept();
        peer.greet(FakeServer.welcome(true));
        List<FakeServer.Frame> came = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            came.add(peer.nextCall());
        }
        List<Request> asked = came.stream().map(FakeServer.Frame::request).toList();
        assertEquals(new Request.Lock(3, ((Request.Lock) first.request()).handle(), 0, false, false, 0), asked.get(0));
        assertEquals(new Request.AwaitNewer(4, 1, 0), asked.get(1));
        assertEquals(
                Set.of(new Request.Cancel(first.id()), new Request.Cancel(second.id())),
                Set.copyOf(asked.subList(2, 4)));
        assertEquals(
                List.of(first.id(), second.id()),
                List.of(came.get(0).id(), came.get(1).id()));
    }

    /** What a body does that takes longer than the call's deadline. */
    private static void outlast(ByteBuffer page) {
        long end = System.nanoTime() + SHORT.toNanos() + 1;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        page.put(0, (byte) 1);
    }

    /** The page is read, and nothing else of the call is sent. */
    private void assertReadAlone(FutureTask<?> call, Reply page) throws Exception {
        peer.reply(page, peer.nextCall());
        NetMemException e = assertThrows(NetMemException.DeadlinePassed.class, () -> FakeServer.join(call));
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        assertTrue(String.valueOf(e.getMessage()).contains("not sent within 50 ms"), e::toString);
        FutureTask<Versioned> next = FakeServer.start(() -> mem.read(9));
        FakeServer.Frame read = peer.nextCall();
        assertEquals(9, ((Request.Read) read.request()).page());
        peer.reply(new Reply.Data(1, FakeServer.page(1)), read);
        FakeServer.join(next);
    }

    private static FutureTask<?> started(Supplier<CompletionStage<?>> stage) {
        return FakeServer.start(() -> {
            try {
                return stage.get().toCompletableFuture().join();
            } catch (CompletionException e) {
                throw (NetMemException) e.getCause();
            }
        });
    }

    @Test
    void update_bodyOutlastsTheDeadline_isNotSent() throws Exception {
        NetMem quick = mem.within(SHORT);
        Reply page = new Reply.Data(5, FakeServer.page(0));
        assertReadAlone(FakeServer.start(() -> quick.update(3, GivingUpTest::outlast)), page);
        assertReadAlone(started(() -> quick.async().update(4, GivingUpTest::outlast)), page);
    }

    @Test
    void transact_bodyOutlastsTheDeadline_isNotSent() throws Exception {
        NetMem quick = mem.within(SHORT);
        Function<Transaction, Integer> body = transaction -> {
            outlast(transaction.buffer(3));
            return 1;
        };
        Reply page = new Reply.DataMany(List.of(new Reply.DataMany.Entry(5, FakeServer.page(0))));
        assertReadAlone(FakeServer.start(() -> quick.transact(body)), page);
        assertReadAlone(started(() -> quick.async().transact(body)), page);
    }

    private PageLock granted(long page) throws Exception {
        FutureTask<PageLock> locking = FakeServer.start(() -> mem.lock(page));
        peer.reply(new Reply.Granted(77, 5, Reply.Granted.Content.FULL, FakeServer.page(2)), peer.nextCall());
        return FakeServer.join(locking);
    }

    @Test
    void commit_allSlotsWaitForThatLock_goesAhead() throws Exception {
        PageLock lock = granted(3);
        for (int i = 0; i < 2 * FakeServer.SLOTS; i++) {
            FakeServer.start(() -> mem.lock(3));
        }
        for (int i = 0; i < FakeServer.SLOTS - 2 - FakeServer.SLOTS / 4; i++) {
            assertInstanceOf(Request.Lock.class, peer.nextCall().request());
        }
        FutureTask<Long> commit = FakeServer.start(lock::commit);
        FakeServer.Frame unlock = peer.nextCall();
        assertInstanceOf(Request.Unlock.class, unlock.request());
        peer.reply(new Reply.Written(5), unlock);
        assertEquals(5, FakeServer.join(commit));
    }

    @Test
    void lock_closedByAnInterruptedThread_isGivenBack() throws Exception {
        PageLock lock = granted(3);
        FutureTask<Boolean> closing = FakeServer.start(() -> {
            Thread.currentThread().interrupt();
            assertThrows(NetMemException.Interrupted.class, () -> mem.read(1));
            lock.close();
            return Thread.currentThread().isInterrupted();
        });
        assertTrue(FakeServer.join(closing), "the interrupt flag was lost");
        assertEquals(
                new Request.Unlock(3, 77, Ranges.NONE, Call.noData()),
                peer.nextCall().request());
    }

    @Test
    void stages_tooMany_areBusyAtOnce() throws Exception {
        FakeServer.Pair pair = server.connect(builder -> builder.asyncCallsMax(1));
        NetMemAsync async = pair.mem().async();
        CompletableFuture<Versioned> first = async.read(1).toCompletableFuture();
        Throwable failure =
                async.read(2).handle((_, e) -> e).toCompletableFuture().get();
        assertEquals(
                Status.BUSY,
                assertInstanceOf(NetMemException.Refused.class, failure).status());
        pair.peer().reply(new Reply.Data(1, FakeServer.page(1)), pair.peer().nextCall());
        // What depends on a stage finds its room free again.
        CompletableFuture<Versioned> second =
                first.thenCompose(_ -> async.read(2)).toCompletableFuture();
        pair.peer().reply(new Reply.Data(2, FakeServer.page(1)), pair.peer().nextCall());
        assertEquals(2, second.get().version());
        pair.peer().reset();
        pair.mem().close();
    }

    @Test
    void close_callsUnderWay_failWithWhatIsKnown() throws Exception {
        FutureTask<Long> write = FakeServer.start(() -> mem.write(1, 0, new byte[1]));
        peer.nextCall();
        FutureTask<Versioned> read = FakeServer.start(() -> mem.read(1));
        peer.nextCall();
        FutureTask<Boolean> closing = FakeServer.start(() -> {
            mem.close();
            return true;
        });
        FakeServer.Frame bye = peer.nextCall();
        assertEquals(new Request.Bye(), bye.request());
        peer.reply(new Reply.Done(), bye);
        FakeServer.join(closing);
        NetMemException unknown = assertThrows(NetMemException.Disconnected.class, () -> FakeServer.join(write));
        assertEquals(Outcome.UNKNOWN, unknown.outcome());
        NetMemException none = assertThrows(NetMemException.Disconnected.class, () -> FakeServer.join(read));
        assertEquals(Outcome.NO_EFFECT, none.outcome());
        NetMemException after = assertThrows(NetMemException.Disconnected.class, () -> mem.read(1));
        assertEquals(Outcome.NO_EFFECT, after.outcome());
        mem.close();
    }
}
