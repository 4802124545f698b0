package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.FutureTask;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.Versioned;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lost connections: what is sent again, what fails and how. */
@Timeout(60)
class ReconnectTest extends FakeServerFixture {
    private static final SessionId OTHER_SESSION = new SessionId(30, 40);
    private static final Incarnation OTHER_MEMORY = new Incarnation(10, 20);

    private static Reply.Welcome expired() {
        return FakeServer.welcome(false, OTHER_SESSION, FakeServer.INCARNATION, 10_000, FakeServer.SLOTS);
    }

    private static Reply.Welcome otherMemory() {
        return FakeServer.welcome(false, OTHER_SESSION, OTHER_MEMORY, 10_000, FakeServer.SLOTS);
    }

    /** In place of the client of each test: one that follows restarts. */
    private void follow() throws Exception {
        close();
        server = new FakeServer();
        FakeServer.Pair pair = server.connect(NetMemBuilder::followRestarts);
        peer = pair.peer();
        mem = pair.mem();
    }

    private void again(Reply.Welcome welcome) throws Exception {
        peer = server.accept();
        Request.Hello hello = peer.greet(welcome);
        assertEquals(FakeServer.SESSION, hello.session());
        assertEquals(FakeServer.INCARNATION, hello.incarnation());
    }

    @Test
    void write_cutAfterSend_isSentAgainUnderItsId() throws Exception {
        FutureTask<Long> write = FakeServer.start(() -> mem.write(3, 8, new byte[] {1, 2}));
        FakeServer.Frame first = peer.nextCall();
        peer.reset();
        again(FakeServer.welcome(true));
        FakeServer.Frame second = peer.nextCall();
        assertEquals(first.id(), second.id());
        assertEquals(((Request.Write) first.request()).data(), ((Request.Write) second.request()).data());
        peer.reply(new Reply.Written(8), second);
        assertEquals(8, FakeServer.join(write));
    }

    @Test
    void calls_cutWithSeveralUnanswered_allAreSentAgainAndAnswered() throws Exception {
        FutureTask<Long> write = FakeServer.start(() -> mem.write(1, 0, new byte[] {1}));
        FakeServer.Frame firstWrite = peer.nextCall();
        FutureTask<Versioned> read = FakeServer.start(() -> mem.read(2));
        FakeServer.Frame firstRead = peer.nextCall();
        peer.close();
        again(FakeServer.welcome(true));
        for (int i = 0; i < 2; i++) {
            FakeServer.Frame frame = peer.nextCall();
            if (frame.request() instanceof Request.Read) {
                assertEquals(firstRead.id(), frame.id());
                peer.reply(new Reply.Data(22, FakeServer.page(2)), frame);
            } else {
                assertEquals(firstWrite.id(), frame.id());
                peer.reply(new Reply.Written(11), frame);
            }
        }
        assertEquals(11, FakeServer.join(write));
        assertEquals(22, FakeServer.join(read).version());
    }

    @Test
    void write_calledWhileDown_waitsForTheConnection() throws Exception {
        peer.reset();
        FutureTask<Long> write = FakeServer.start(() -> mem.write(3, 8, new byte[] {1, 2}));
        again(FakeServer.welcome(true));
        peer.reply(new Reply.Written(8), peer.nextCall());
        assertEquals(8, FakeServer.join(write));
    }

    @Test
    void write_sentAndLeaseOver_outcomeIsUnknown() throws Exception {
        FutureTask<Long> write = FakeServer.start(() -> mem.write(3, 8, new byte[] {1, 2}));
        peer.nextCall();
        peer.reset();
        again(expired());
        NetMemException e = assertThrows(NetMemException.SessionLost.class, () -> FakeServer.join(write));
        assertEquals(Status.SESSION_EXPIRED, e.status());
        assertEquals(Outcome.UNKNOWN, e.outcome());
    }

    @Test
    void write_sentAndMemoryGone_saysSo() throws Exception {
        FutureTask<Long> write = FakeServer.start(() -> mem.write(3, 8, new byte[] {1, 2}));
        peer.nextCall();
        peer.reset();
        again(otherMemory());
        NetMemException e = assertThrows(NetMemException.SessionLost.class, () -> FakeServer.join(write));
        assertEquals(Status.INCARNATION_CHANGED, e.status());
        assertEquals(Outcome.UNKNOWN, e.outcome());
    }

    @Test
    void read_memoryGone_failsWithoutEffectUnlessTheClientFollows() throws Exception {
        FutureTask<Versioned> read = FakeServer.start(() -> mem.read(3));
        peer.nextCall();
        peer.reset();
        again(otherMemory());
        NetMemException e = assertThrows(NetMemException.SessionLost.class, () -> FakeServer.join(read));
        assertEquals(Status.INCARNATION_CHANGED, e.status());
        assertEquals(Outcome.NO_EFFECT, e.outcome());
    }

    @Test
    void write_serverSaysSessionIsOver_isSentInTheNewOne() throws Exception {
        FutureTask<Long> write = FakeServer.start(() -> mem.write(3, 8, new byte[] {1, 2}));
        peer.fail(Status.SESSION_EXPIRED, peer.nextCall());
        again(expired());
        peer.reply(new Reply.Written(8), peer.nextCall());
        assertEquals(8, FakeServer.join(write));
    }

    @Test
    void read_memoryGone_isAskedAnewWithoutTheOldCopy() throws Exception {
        follow();
        FutureTask<Versioned> fill = FakeServer.start(() -> mem.read(3));
        peer.reply(new Reply.Data(7, FakeServer.page(1)), peer.nextCall());
        FakeServer.join(fill);
        FutureTask<Versioned> read = FakeServer.start(() -> mem.read(3));
        assertEquals(7, ((Request.Read) peer.nextCall().request()).versionHeld());
        peer.reset();
        again(otherMemory());
        FakeServer.Frame frame = peer.nextCall();
        assertEquals(0, ((Request.Read) frame.request()).versionHeld());
        peer.reply(new Reply.Data(1, FakeServer.page(0)), frame);
        assertEquals(1, FakeServer.join(read).version());
    }

    @Test
    void update_memoryGone_startsOver() throws Exception {
        follow();
        FutureTask<Versioned> fill = FakeServer.start(() -> mem.read(3));
        peer.reply(new Reply.Data(7, FakeServer.page(1)), peer.nextCall());
        FakeServer.join(fill);
        FutureTask<Versioned> update =
                FakeServer.start(() -> mem.update(3, page -> page.put(0, (byte) (page.get(0) + 1))));
        peer.fail(Status.SESSION_EXPIRED, peer.nextCall());
        again(otherMemory());
        FakeServer.Frame read = peer.nextCall();
        assertEquals(new Request.Read(3, 0, Ranges.of(0, FakeServer.PAGE_LENGTH)), read.request());
        peer.reply(new Reply.Data(1, FakeServer.page(5)), read);
        FakeServer.Frame write = peer.nextCall();
        assertEquals(1, ((Request.Write) write.request()).ifVersion());
        peer.reply(new Reply.Written(2), write);
        assertEquals(6, FakeServer.join(update).buffer().get(0));
    }

    @Test
    void lock_leaseOver_isLostWithoutEffect() throws Exception {
        FutureTask<PageLock> locking = FakeServer.start(() -> mem.lock(3));
        peer.reply(new Reply.Granted(77, 5, Reply.Granted.Content.FULL, FakeServer.page(2)), peer.nextCall());
        PageLock lock = FakeServer.join(locking);
        peer.reset();
        again(expired());
        NetMemException e = assertThrows(NetMemException.LockLost.class, lock::commit);
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        lock.close();
        FutureTask<Versioned> read = FakeServer.start(() -> mem.read(4));
        FakeServer.Frame frame = peer.nextCall();
        assertTrue(frame.request() instanceof Request.Read, () -> "an unlock was sent: " + frame);
        peer.reply(new Reply.Data(1, FakeServer.page(0)), frame);
        FakeServer.join(read);
    }

    @Test
    void lock_grantRepeatedWithoutPage_readsIt() throws Exception {
        FutureTask<PageLock> locking = FakeServer.start(() -> mem.lock(3));
        FakeServer.Frame first = peer.nextCall();
        peer.reset();
        again(FakeServer.welcome(true));
        FakeServer.Frame second = peer.nextCall();
        assertEquals(first.id(), second.id());
        peer.reply(new Reply.Granted(77, 5, Reply.Granted.Content.ELIDED, Call.noData()), second);
        FakeServer.Frame read = peer.nextCall();
        assertEquals(new Request.Read(3, 0, Ranges.of(0, FakeServer.PAGE_LENGTH)), read.request());
        peer.reply(new Reply.Data(5, FakeServer.page(2)), read);
        PageLock lock = FakeServer.join(locking);
        assertEquals(2, lock.buffer().get(0));
    }

    @Test
    void lock_closedWhileDown_isGivenBackAfterwards() throws Exception {
        FutureTask<PageLock> locking = FakeServer.start(() -> mem.lock(3));
        peer.reply(new Reply.Granted(77, 5, Reply.Granted.Content.FULL, FakeServer.page(2)), peer.nextCall());
        PageLock lock = FakeServer.join(locking);
        peer.reset();
        lock.close();
        again(FakeServer.welcome(true));
        FakeServer.Frame unlock = peer.nextCall();
        assertEquals(new Request.Unlock(3, 77, Ranges.NONE, Call.noData()), unlock.request());
        peer.reply(new Reply.Written(5), unlock);
    }

    @Test
    void silentServer_connectionIsDroppedAndResumed() throws Exception {
        Reply.Welcome quick = FakeServer.welcome(false, FakeServer.SESSION, FakeServer.INCARNATION, 300, 4);
        try (FakeServer other = new FakeServer()) {
            FakeServer.Pair pair = other.connect(builder -> builder, quick);
            FutureTask<Long> write = FakeServer.start(() -> pair.mem().write(3, 8, new byte[] {1, 2}));
            FakeServer.Frame first = pair.peer().nextCall();
            assertTrue(pair.peer().next().request() instanceof Request.Ping);
            FakeServer.Peer next = other.accept();
            next.greet(FakeServer.welcome(true, FakeServer.SESSION, FakeServer.INCARNATION, 300, 4));
            FakeServer.Frame second = next.nextCall();
            assertEquals(first.id(), second.id());
            next.reply(new Reply.Written(8), second);
            assertEquals(8, FakeServer.join(write));
            next.close();
            pair.mem().close();
        }
    }

    @Test
    void quietClient_sendsHeartbeats() throws Exception {
        Reply.Welcome quick = FakeServer.welcome(false, FakeServer.SESSION, FakeServer.INCARNATION, 300, 4);
        try (FakeServer other = new FakeServer()) {
            FakeServer.Pair pair = other.connect(builder -> builder, quick);
            for (int i = 0; i < 3; i++) {
                FakeServer.Frame frame = pair.peer().next();
                assertEquals(new Request.Ping(), frame.request());
                pair.peer().reply(new Reply.Done(), frame);
            }
            pair.peer().close();
            pair.mem().close();
        }
    }

    @Test
    void malformedReply_failsItsCallOnly() throws Exception {
        FutureTask<Versioned> read = FakeServer.start(() -> mem.read(1));
        FakeServer.Frame bad = peer.nextCall();
        FutureTask<Long> write = FakeServer.start(() -> mem.write(2, 0, new byte[] {1}));
        FakeServer.Frame good = peer.nextCall();
        byte[] frame = new byte[16];
        frame[0] = 16;
        frame[4] = (byte) 0x90;
        frame[6] = 63; // no such status
        java.nio.ByteBuffer.wrap(frame).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(8, bad.id());
        peer.write(frame);
        assertThrows(NetMemException.ProtocolBroken.class, () -> FakeServer.join(read));
        again(FakeServer.welcome(true));
        FakeServer.Frame second = peer.nextCall();
        assertEquals(good.id(), second.id());
        peer.reply(new Reply.Written(2), second);
        assertEquals(2, FakeServer.join(write));
    }

    @Test
    void badFrameLength_failsCallsUnderWay() throws Exception {
        FutureTask<Long> write = FakeServer.start(() -> mem.write(2, 0, new byte[] {1}));
        peer.nextCall();
        peer.write(new byte[16]);
        NetMemException e = assertThrows(NetMemException.ProtocolBroken.class, () -> FakeServer.join(write));
        assertEquals(Outcome.UNKNOWN, e.outcome());
        again(FakeServer.welcome(true));
    }
}
