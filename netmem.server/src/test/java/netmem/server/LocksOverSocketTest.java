package netmem.server;

import static netmem.server.ProtocolOverSocketTest.bytes;
import static netmem.server.ProtocolOverSocketTest.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Reply.Granted.Content;
import netmem.api.wire.Request;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** LOCK, UNLOCK, CANCEL and writes on locked pages, as docs/protocol has them, over raw sockets. */
@Timeout(60)
class LocksOverSocketTest {
    private static final int PAGE = 64;
    private static final int LONG_WAIT = 60_000;

    private final NetMemServer server;
    private final RawClient holder;
    private final RawClient other;

    LocksOverSocketTest() throws IOException {
        server = start(Map.of());
        holder = RawClient.greeted(server);
        other = RawClient.greeted(server);
    }

    private static NetMemServer start(Map<String, Long> limits) {
        return NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(8)
                .pageLengthBytes(PAGE)
                .limits(ServerLimits.DEFAULTS.with(limits))
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        holder.close();
        other.close();
        server.close();
    }

    private static Request.Lock lock(long page, int waitMillis) {
        return new Request.Lock(page, 1, waitMillis, false, 0);
    }

    private static Reply.Granted granted(Reply reply) {
        return assertInstanceOf(Reply.Granted.class, reply);
    }

    private static Request.Unlock unlock(long page, Reply.Granted grant) {
        return new Request.Unlock(page, grant.token(), Ranges.NONE, bytes());
    }

    @Test
    void lock_ofFreePage_bringsRisingTokenAndWhatWasAskedFor() throws IOException {
        holder.ask(write(1, 0, 5));

        Reply.Granted bare = granted(holder.ask(lock(0, 0)));
        Reply.Granted full = granted(holder.ask(new Request.Lock(1, 1, 0, true, 1)));
        Reply.Granted same = granted(holder.ask(new Request.Lock(2, 1, 0, true, 1)));

        assertEquals(Content.NONE, bare.content());
        assertEquals(Content.FULL, full.content());
        assertEquals(2, full.version());
        assertEquals(ByteBuffer.allocate(PAGE).put(0, (byte) 5), full.data());
        assertEquals(Content.NOT_MODIFIED, same.content());
        assertTrue(bare.token() > 0 && bare.token() < full.token() && full.token() < same.token());
    }

    @Test
    void page_locked_isReadAtOnceAndRefusedToOthers() throws IOException {
        Reply.Granted grant = granted(holder.ask(lock(3, 0)));

        assertEquals(new Reply.Data(1, bytes(0)), other.ask(new Request.Read(3, 0, Ranges.of(0, 1))));
        Reply.Failed write = RawClient.failed(Status.LOCKED, other.ask(write(3, 0, 9)));
        RawClient.failed(Status.LOCKED, other.ask(lock(3, 0)));

        assertEquals(grant.token(), write.actual());
        RawClient.failed(Status.LOCKED, holder.ask(write(3, 0, 9)));
        RawClient.failed(Status.LOCKED, holder.ask(new Request.Lock(3, 2, 0, false, 0)));
        RawClient.failed(Status.ALREADY_LOCKED, holder.ask(lock(3, 0)));
    }

    @Test
    void unlock_withData_changesAndReleasesAtOnce() throws IOException {
        Reply.Granted grant = granted(holder.ask(lock(3, 0)));
        Request.Write inside = new Request.Write(3, 1, grant.token(), 0, false, Ranges.of(0, 1), bytes(7));

        assertEquals(new Reply.Written(2), holder.ask(inside));
        assertEquals(
                new Reply.Written(3), holder.ask(new Request.Unlock(3, grant.token(), Ranges.of(1, 2), bytes(8, 9))));

        assertEquals(new Reply.Data(3, bytes(7, 8, 9)), other.ask(new Request.Read(3, 0, Ranges.of(0, 3))));
        assertEquals(new Reply.Written(4), other.ask(write(3, 0, 1)));
    }

    @Test
    void unlock_withoutRanges_keepsTheVersion() throws IOException {
        Reply.Granted grant = granted(holder.ask(lock(3, 0)));

        assertEquals(new Reply.Written(1), holder.ask(unlock(3, grant)));

        granted(other.ask(lock(3, 0)));
    }

    @Test
    void token_thatIsNotCurrent_isFencedEverywhere() throws IOException {
        Reply.Granted old = granted(holder.ask(lock(3, 0)));
        holder.ask(unlock(3, old));
        Reply.Granted current = granted(other.ask(lock(3, 0)));

        for (long token : new long[] {old.token(), current.token(), current.token() + 1, -1}) {
            Request write = new Request.Write(3, 0, token, LONG_WAIT, false, Ranges.of(0, 1), bytes(9));
            Reply.Failed failed = RawClient.failed(Status.FENCED, holder.ask(write));
            assertEquals(token, failed.actual());
            assertEquals(current.token(), failed.expected());
            RawClient.failed(Status.FENCED, holder.ask(new Request.Unlock(3, token, Ranges.of(0, 1), bytes(9))));
        }
        assertEquals(new Reply.Data(1, bytes(0)), other.ask(new Request.Read(3, 0, Ranges.of(0, 1))));
        other.ask(unlock(3, current));
        RawClient.failed(Status.FENCED, other.ask(unlock(3, current)));
    }

    @Test
    void waiters_ofOnePage_areServedInOrderOfArrival() throws IOException {
        Reply.Granted first = granted(holder.ask(lock(4, 0)));
        List<RawClient> waiters = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            RawClient waiter = RawClient.greeted(server);
            waiters.add(waiter);
            Request request = i % 2 == 0
                    ? lock(4, LONG_WAIT)
                    : new Request.Write(4, 0, 0, LONG_WAIT, false, Ranges.of(0, 1), bytes(i));
            waiter.send(request, FrameHeader.requestId(1, 1));
            waiter.assertAlive();
        }

        holder.ask(unlock(4, first));

        long version = 1;
        for (int i = 0; i < 6; i++) {
            try (RawClient waiter = waiters.get(i)) {
                if (i % 2 == 0) {
                    Reply.Granted grant = granted(waiter.replyTo(Opcode.LOCK, FrameHeader.requestId(1, 1)));
                    assertEquals(version, grant.version());
                    waiter.ask(unlock(4, grant));
                } else {
                    Reply written = waiter.replyTo(Opcode.WRITE, FrameHeader.requestId(1, 1));
                    assertEquals(new Reply.Written(++version), written);
                }
            }
        }
    }

    @Test
    void waiting_pastItsLimit_isTimeoutAndNeverGranted() throws IOException {
        Reply.Granted grant = granted(holder.ask(lock(4, 0)));

        Reply.Failed lock = RawClient.failed(Status.TIMEOUT, other.ask(lock(4, 30)));
        Reply.Failed write = RawClient.failed(
                Status.TIMEOUT, other.ask(new Request.Write(4, 0, 0, 20, false, Ranges.of(0, 1), bytes(1))));

        assertEquals(30, lock.expected());
        assertEquals(20, write.expected());
        holder.ask(unlock(4, grant));
        Reply.Granted again = granted(holder.ask(lock(4, 0)));
        assertEquals(1, again.version());
        other.assertSilent(20);
    }

    @Test
    void requests_behindOneThatWaits_areAnsweredMeanwhile() throws IOException {
        Reply.Granted grant = granted(holder.ask(lock(4, 0)));
        other.send(lock(4, LONG_WAIT), FrameHeader.requestId(1, 1));

        assertEquals(new Reply.Written(2), other.ask(write(5, 0, 1)));

        holder.ask(unlock(4, grant));
        granted(other.replyTo(Opcode.LOCK, FrameHeader.requestId(1, 1)));
    }

    @Test
    void condition_ofWaitingWrite_isJudgedWhenItsTurnComes() throws IOException {
        Reply.Granted grant = granted(holder.ask(lock(4, 0)));
        long id = FrameHeader.requestId(1, 1);
        other.send(new Request.Write(4, 1, 0, LONG_WAIT, true, Ranges.of(0, 1), bytes(9)), id);
        other.assertAlive();

        holder.ask(new Request.Unlock(4, grant.token(), Ranges.of(0, 1), bytes(3)));

        assertEquals(
                new Reply.ConditionFailed(2, ByteBuffer.allocate(PAGE).put(0, (byte) 3)),
                other.replyTo(Opcode.WRITE, id));
    }

    @Test
    void cancel_ofWaitingRequest_isAnsweredTwiceAndNeverGranted() throws IOException {
        Reply.Granted grant = granted(holder.ask(lock(4, 0)));
        long waiting = FrameHeader.requestId(1, 1);
        other.send(lock(4, LONG_WAIT), waiting);

        long cancel = other.nextId();
        other.send(new Request.Cancel(waiting), cancel);

        List<RawClient.Answered> both = List.of(other.receive(), other.receive());
        for (RawClient.Answered answered : both) {
            if (answered.requestId() == cancel) {
                assertEquals(new Reply.Done(), answered.reply());
            } else {
                assertEquals(waiting, answered.requestId());
                RawClient.failed(Status.CANCELLED, answered.reply());
            }
        }
        holder.ask(unlock(4, grant));
        other.assertSilent(20);
        granted(holder.ask(lock(4, 0)));
    }

    @Test
    void cancel_ofAnythingElse_isDoneAndChangesNothing() throws IOException {
        long locked = other.nextId();
        Reply.Granted grant = granted(other.ask(lock(4, LONG_WAIT), locked));

        for (long target : new long[] {0, 1, -1, locked, locked + (1L << 16), FrameHeader.requestId(40_000, 5)}) {
            assertEquals(new Reply.Done(), other.ask(new Request.Cancel(target)));
        }

        RawClient.failed(Status.LOCKED, holder.ask(lock(4, 0)));
        assertEquals(new Reply.Written(1), other.ask(unlock(4, grant)));
    }

    @Test
    void line_beyondItsLimits_isBusy() throws IOException {
        try (NetMemServer small = start(Map.of("waiters-max", 2L, "waiters-per-page-max", 1L));
                RawClient first = RawClient.greeted(small);
                RawClient second = RawClient.greeted(small)) {
            for (int page = 0; page < 3; page++) {
                granted(first.ask(lock(page, 0)));
            }
            second.send(lock(0, LONG_WAIT), FrameHeader.requestId(1, 1));

            Request.Lock behind = new Request.Lock(0, 2, LONG_WAIT, false, 0);
            Reply.Failed page = RawClient.failed(Status.BUSY, second.ask(behind));
            second.send(lock(1, LONG_WAIT), FrameHeader.requestId(2, 1));
            Reply.Failed all = RawClient.failed(Status.BUSY, second.ask(lock(2, LONG_WAIT)));

            assertEquals(1, page.expected());
            assertEquals(2, all.expected());
            RawClient.failed(Status.LOCKED, second.ask(lock(2, 0)));
        }
    }

    @Test
    void locks_beyondTheSessionsLimit_areBusyWhetherHeldOrWaitedFor() throws IOException {
        try (NetMemServer small = start(Map.of("locks-per-session-max", 2L));
                RawClient first = RawClient.greeted(small);
                RawClient second = RawClient.greeted(small)) {
            Reply.Granted zero = granted(first.ask(lock(0, 0)));
            Reply.Granted one = granted(first.ask(lock(1, 0)));
            RawClient.failed(Status.BUSY, first.ask(lock(2, 0)));

            second.send(lock(0, LONG_WAIT), FrameHeader.requestId(1, 1));
            second.send(lock(1, LONG_WAIT), FrameHeader.requestId(2, 1));
            Reply.Failed third = RawClient.failed(Status.BUSY, second.ask(lock(2, 0)));

            assertEquals(2, third.expected());
            first.ask(unlock(0, zero));
            first.ask(unlock(1, one));
            granted(second.replyTo(Opcode.LOCK, FrameHeader.requestId(1, 1)));
            granted(second.replyTo(Opcode.LOCK, FrameHeader.requestId(2, 1)));
        }
    }
}
