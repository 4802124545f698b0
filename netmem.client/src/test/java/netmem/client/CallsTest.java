package netmem.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import netmem.api.Incarnation;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.UpdateResult;
import netmem.api.Versioned;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each operation against a server that says exactly what the test wants. */
@Timeout(60)
class CallsTest extends FakeServerFixture {
    @Test
    void read_bytesSent_returnsAndKeepsThem() throws Exception {
        FutureTask<Versioned> read = FakeServer.start(() -> mem.read(3));
        FakeServer.Frame frame = peer.nextCall();
        assertEquals(new Request.Read(3, 0, Ranges.of(0, FakeServer.PAGE_LENGTH)), frame.request());
        peer.reply(new Reply.Data(7, FakeServer.page(9)), frame);
        Versioned page = FakeServer.join(read);
        assertEquals(7, page.version());
        assertArrayEquals(FakeServer.page(9).array(), page.bytes());

        FutureTask<Versioned> again = FakeServer.start(() -> mem.read(3));
        FakeServer.Frame second = peer.nextCall();
        assertEquals(new Request.Read(3, 7, Ranges.of(0, FakeServer.PAGE_LENGTH)), second.request());
        peer.reply(new Reply.NotModified(7), second);
        assertSame(page, FakeServer.join(again));
    }

    @Test
    void read_repliesSwapped_eachCallerGetsItsOwn() throws Exception {
        FutureTask<Versioned> one = FakeServer.start(() -> mem.read(1));
        FakeServer.Frame first = peer.nextCall();
        FutureTask<Versioned> two = FakeServer.start(() -> mem.read(2));
        FakeServer.Frame second = peer.nextCall();
        peer.reply(new Reply.Data(22, FakeServer.page(2)), second);
        peer.reply(new Reply.Data(11, FakeServer.page(1)), first);
        assertEquals(11, FakeServer.join(one).version());
        assertEquals(22, FakeServer.join(two).version());
    }

    @Test
    void readRange_copyIsCurrent_servedFromIt() throws Exception {
        FutureTask<Versioned> whole = FakeServer.start(() -> mem.read(3));
        peer.reply(new Reply.Data(7, FakeServer.page(9)), peer.nextCall());
        FakeServer.join(whole);
        FutureTask<Versioned> range = FakeServer.start(() -> mem.read(3, 60, 4));
        FakeServer.Frame frame = peer.nextCall();
        assertEquals(new Request.Read(3, 7, Ranges.of(60, 4)), frame.request());
        peer.reply(new Reply.NotModified(7), frame);
        assertArrayEquals(new byte[] {9, 9, 9, 9}, FakeServer.join(range).bytes());
    }

    @Test
    void write_done_returnsVersion() throws Exception {
        FutureTask<Long> write = FakeServer.start(() -> mem.write(3, 8, new byte[] {1, 2}));
        FakeServer.Frame frame = peer.nextCall();
        Request.Write request = (Request.Write) frame.request();
        assertEquals(Ranges.of(8, 2), request.ranges());
        assertEquals(0, request.ifVersion());
        assertTrue(request.waitMillis() > 4000 && request.waitMillis() <= 5000, () -> request.toString());
        peer.reply(new Reply.Written(8), frame);
        assertEquals(8, FakeServer.join(write));
    }

    @Test
    void write_refused_saysWhy() throws Exception {
        FutureTask<Long> write = FakeServer.start(() -> mem.write(99, 8, new byte[] {1, 2}));
        peer.fail(Status.NO_SUCH_PAGE, peer.nextCall());
        NetMemException e = assertThrows(NetMemException.Refused.class, () -> FakeServer.join(write));
        assertEquals(Status.NO_SUCH_PAGE, e.status());
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        assertTrue(String.valueOf(e.getMessage()).startsWith("write page 99 of netmem://127.0.0.1:"), e::toString);
    }

    @Test
    void compareAndUpdate_stale_returnsCurrent() throws Exception {
        FutureTask<UpdateResult> update = FakeServer.start(() -> mem.compareAndUpdate(
                seen(FakeServer.INCARNATION), FakeServer.page(1).array()));
        FakeServer.Frame frame = peer.nextCall();
        assertEquals(5, ((Request.Write) frame.request()).ifVersion());
        peer.reply(new Reply.ConditionFailed(9, FakeServer.page(4)), frame);
        UpdateResult.Stale stale = (UpdateResult.Stale) FakeServer.join(update);
        assertEquals(9, stale.current().version());
        assertEquals(4, stale.current().buffer().get(0));
    }

    private static Versioned seen(Incarnation incarnation) {
        return Versioned.owning(incarnation, 3, 5, new byte[0]);
    }

    @Test
    void compare_withWhatWasSeenInAnotherMemory_hasNoEffectWhateverTheVersion() {
        Versioned other = seen(new Incarnation(9, 9));
        byte[] whole = FakeServer.page(1).array();
        NetMemException update =
                assertThrows(NetMemException.SessionLost.class, () -> mem.compareAndUpdate(other, whole));
        TransactionBuilder builder = mem.transaction().ifUnchanged(other).add(3, 0, 1);
        NetMemException run = assertThrows(NetMemException.SessionLost.class, builder::run);
        NetMemException mixed = assertThrows(
                NetMemException.SessionLost.class, () -> builder.ifUnchanged(seen(FakeServer.INCARNATION)));
        for (NetMemException each : List.of(update, run, mixed)) {
            assertEquals(Status.INCARNATION_CHANGED, each.status());
            assertEquals(Outcome.NO_EFFECT, each.outcome());
        }
    }

    @Test
    void update_conflict_triesAgainWithoutReading() throws Exception {
        FutureTask<Versioned> update = FakeServer.start(() -> mem.update(3, page -> page.put(5, (byte) 1)));
        peer.reply(new Reply.Data(7, FakeServer.page(9)), peer.nextCall());
        FakeServer.Frame lost = peer.nextCall();
        Request.Write first = (Request.Write) lost.request();
        assertEquals(7, first.ifVersion());
        assertEquals(Ranges.of(5, 1), first.ranges());
        peer.reply(new Reply.ConditionFailed(8, FakeServer.page(4)), lost);
        FakeServer.Frame won = peer.nextCall();
        assertEquals(8, ((Request.Write) won.request()).ifVersion());
        peer.reply(new Reply.Written(9), won);
        Versioned page = FakeServer.join(update);
        assertEquals(9, page.version());
        assertEquals(1, page.buffer().get(5));
        assertEquals(4, page.buffer().get(6));
    }

    @Test
    void lock_commit_sendsWhatDiffers() throws Exception {
        FutureTask<PageLock> locking = FakeServer.start(() -> mem.lock(3));
        FakeServer.Frame frame = peer.nextCall();
        Request.Lock request = (Request.Lock) frame.request();
        assertTrue(request.withData());
        peer.reply(new Reply.Granted(77, 5, Reply.Granted.Content.FULL, FakeServer.page(2)), frame);
        PageLock lock = FakeServer.join(locking);
        assertEquals(77, lock.token());
        assertEquals(5, lock.version());
        lock.buffer().put(10, (byte) 3).put(12, (byte) 3);
        FutureTask<Long> commit = FakeServer.start(lock::commit);
        FakeServer.Frame unlock = peer.nextCall();
        assertEquals(
                new Request.Unlock(3, 77, Ranges.of(10, 3), ByteBuffer.wrap(new byte[] {3, 2, 3})), unlock.request());
        peer.reply(new Reply.Written(6), unlock);
        assertEquals(6, FakeServer.join(commit));
        lock.close();
        assertThrows(IllegalStateException.class, lock::commit);
    }

    @Test
    void tryLock_held_isEmpty() throws Exception {
        FutureTask<Optional<PageLock>> locking = FakeServer.start(() -> mem.tryLock(3, Duration.ZERO));
        FakeServer.Frame frame = peer.nextCall();
        assertEquals(0, ((Request.Lock) frame.request()).waitMillis());
        peer.fail(Status.LOCKED, frame);
        assertTrue(FakeServer.join(locking).isEmpty());
    }

    @Test
    void commit_fenced_lockIsLost() throws Exception {
        FutureTask<PageLock> locking = FakeServer.start(() -> mem.lock(3));
        peer.reply(new Reply.Granted(77, 5, Reply.Granted.Content.FULL, FakeServer.page(2)), peer.nextCall());
        PageLock lock = FakeServer.join(locking);
        FutureTask<Long> commit = FakeServer.start(lock::commit);
        peer.fail(Status.FENCED, peer.nextCall());
        assertThrows(NetMemException.LockLost.class, () -> FakeServer.join(commit));
        assertThrows(NetMemException.LockLost.class, lock::commit);
        lock.close();
    }
}
