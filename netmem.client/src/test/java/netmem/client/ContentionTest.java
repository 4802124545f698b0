package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.Versioned;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes that others are first with: the server says so as often as the test wants. */
@Timeout(60)
class ContentionTest extends FakeServerFixture {
    private static ByteBuffer page(long word) {
        return ByteBuffer.wrap(new byte[FakeServer.PAGE_LENGTH])
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, word);
    }

    private static void raise(ByteBuffer page) {
        page.putLong(0, page.getLong(0) + 1);
    }

    /** Answers a read, and refuses three writes, each time with a newer page. */
    private void lose() throws Exception {
        peer.reply(new Reply.Data(1, page(10)), peer.nextCall());
        for (int version = 1; version <= 3; version++) {
            FakeServer.Frame write = peer.nextCall();
            assertEquals(version, ((Request.Write) write.request()).ifVersion());
            peer.reply(new Reply.ConditionFailed(version + 1, page(10 * version + 10)), write);
        }
    }

    @Test
    void update_lostThreeTimes_changesThePageUnderItsLock() throws Exception {
        FutureTask<Versioned> update = FakeServer.start(() -> mem.update(3, ContentionTest::raise));
        lose();
        FakeServer.Frame lock = peer.nextCall();
        assertEquals(3, ((Request.Lock) lock.request()).page());
        peer.reply(new Reply.Granted(77, 9, Reply.Granted.Content.FULL, page(90)), lock);
        FakeServer.Frame unlock = peer.nextCall();
        assertEquals(new Request.Unlock(3, 77, Ranges.of(0, 1), ByteBuffer.wrap(new byte[] {91})), unlock.request());
        peer.reply(new Reply.Written(10), unlock);
        Versioned left = FakeServer.join(update);
        assertEquals(10, left.version());
        assertEquals(91, left.buffer().getLong(0));
    }

    @Test
    void update_whoseLockIsLost_takesItAgain() throws Exception {
        FutureTask<Versioned> update = FakeServer.start(() -> mem.update(3, ContentionTest::raise));
        lose();
        peer.reply(new Reply.Granted(77, 9, Reply.Granted.Content.FULL, page(90)), peer.nextCall());
        peer.fail(Status.FENCED, peer.nextCall());
        FakeServer.Frame again = peer.nextCall();
        assertInstanceOf(Request.Lock.class, again.request());
        peer.reply(new Reply.Granted(78, 12, Reply.Granted.Content.FULL, page(120)), again);
        peer.reply(new Reply.Written(13), peer.nextCall());
        assertEquals(121, FakeServer.join(update).buffer().getLong(0));
    }

    @Test
    void update_bodyThatThrowsUnderTheLock_givesItBack() throws Exception {
        FutureTask<Versioned> update = FakeServer.start(() -> mem.update(3, page -> {
            if (page.getLong(0) == 90) {
                throw new IllegalStateException("as the test says");
            }
            raise(page);
        }));
        lose();
        peer.reply(new Reply.Granted(77, 9, Reply.Granted.Content.FULL, page(90)), peer.nextCall());
        FakeServer.Frame unlock = peer.nextCall();
        assertEquals(new Request.Unlock(3, 77, Ranges.NONE, Call.noData()), unlock.request());
        peer.reply(new Reply.Written(9), unlock);
        assertThrows(IllegalStateException.class, () -> FakeServer.join(update));
    }

    @Test
    void update_lockNotGrantedInTime_hadNoEffect() throws Exception {
        FutureTask<Versioned> update =
                FakeServer.start(() -> mem.within(Duration.ofMillis(200)).update(3, ContentionTest::raise));
        lose();
        peer.fail(Status.TIMEOUT, peer.nextCall());
        NetMemException e = assertThrows(NetMemException.DeadlinePassed.class, () -> FakeServer.join(update));
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        assertTrue(String.valueOf(e.getMessage()).contains("others were first 3 times"), e::toString);
    }

    private void loseTransaction() throws Exception {
        peer.reply(new Reply.DataMany(List.of(new Reply.DataMany.Entry(1, page(10)))), peer.nextCall());
        for (int version = 1; version <= 3; version++) {
            FakeServer.Frame commit = peer.nextCall();
            assertEquals(
                    new Step.CompareVersion(3, version),
                    ((Request.Transact) commit.request()).steps().getFirst());
            peer.reply(
                    new Reply.NotCommitted(
                            List.of(new Reply.NotCommitted.Compare(0, 3, version + 1, 0, page(10 * version + 10)))),
                    commit);
        }
    }

    @Test
    void transact_lostThreeTimes_commitsUnderTheLockOfThePage() throws Exception {
        FutureTask<Long> transact = FakeServer.start(() -> mem.transact(transaction -> {
            raise(transaction.buffer(3));
            return transaction.buffer(3).getLong(0);
        }));
        loseTransaction();
        FakeServer.Frame lock = peer.nextCall();
        assertEquals(List.of(new Request.LockMany.Want(3, false)), ((Request.LockMany) lock.request()).wants());
        peer.reply(new Reply.GrantedMany(List.of(new Reply.GrantedMany.Grant(77, 9))), lock);
        FakeServer.Frame read = peer.nextCall();
        assertInstanceOf(Request.ReadMany.class, read.request());
        peer.reply(new Reply.DataMany(List.of(new Reply.DataMany.Entry(9, page(90)))), read);
        FakeServer.Frame commit = peer.nextCall();
        Request.Transact asked = (Request.Transact) commit.request();
        assertEquals(0, asked.waitMillis(), "who holds locks waits for none");
        assertEquals(
                List.of(new Step.Release(3, 77), new Step.Write(3, 0, ByteBuffer.wrap(new byte[] {91}))),
                asked.steps());
        peer.reply(new Reply.Committed(List.of(new Reply.Committed.Version(3, 10)), List.of()), commit);
        assertEquals(91, FakeServer.join(transact));
    }

    @Test
    void transact_meetsALockAtTheCommit_takesThatLockToo() throws Exception {
        FutureTask<Long> transact = FakeServer.start(() -> mem.transact(transaction -> {
            raise(transaction.buffer(3));
            if (transaction.buffer(3).getLong(0) > 90) {
                raise(transaction.buffer(5));
            }
            return transaction.buffer(3).getLong(0);
        }));
        loseTransaction();
        peer.reply(new Reply.GrantedMany(List.of(new Reply.GrantedMany.Grant(77, 9))), peer.nextCall());
        peer.reply(new Reply.DataMany(List.of(new Reply.DataMany.Entry(9, page(90)))), peer.nextCall());
        peer.reply(
                new Reply.DataMany(List.of(new Reply.DataMany.Entry(1, page(1)), new Reply.DataMany.Entry(9, null))),
                peer.nextCall());
        peer.fail(Status.LOCKED, peer.nextCall());
        FakeServer.Frame givenBack = peer.nextCall();
        assertEquals(List.of(new Step.Release(3, 77)), ((Request.Transact) givenBack.request()).steps());
        peer.reply(new Reply.Committed(List.of(), List.of()), givenBack);
        FakeServer.Frame lock = peer.nextCall();
        assertEquals(
                List.of(new Request.LockMany.Want(3, false), new Request.LockMany.Want(5, false)),
                ((Request.LockMany) lock.request()).wants());
        peer.reply(
                new Reply.GrantedMany(List.of(new Reply.GrantedMany.Grant(78, 9), new Reply.GrantedMany.Grant(79, 1))),
                lock);
        FakeServer.Frame commit = peer.nextCall();
        assertEquals(4, ((Request.Transact) commit.request()).steps().size(), commit::toString);
        peer.reply(
                new Reply.Committed(
                        List.of(new Reply.Committed.Version(3, 10), new Reply.Committed.Version(5, 2)), List.of()),
                commit);
        assertEquals(91, FakeServer.join(transact));
    }

    @Test
    void transact_lockNotGrantedInTime_hadNoEffect() throws Exception {
        FutureTask<Long> transact =
                FakeServer.start(() -> mem.within(Duration.ofMillis(200)).transact(transaction -> {
                    raise(transaction.buffer(3));
                    return 1L;
                }));
        loseTransaction();
        peer.fail(Status.TIMEOUT, peer.nextCall());
        NetMemException e = assertThrows(NetMemException.DeadlinePassed.class, () -> FakeServer.join(transact));
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        assertTrue(String.valueOf(e.getMessage()).contains("others were first 3 times"), e::toString);
    }
}
