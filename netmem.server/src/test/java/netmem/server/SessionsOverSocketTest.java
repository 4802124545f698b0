package netmem.server;

import static netmem.server.ProtocolOverSocketTest.bytes;
import static netmem.server.ProtocolOverSocketTest.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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

/** Sections 9 and 10 of docs/protocol: sessions, leases, resuming, and request ids that are run at most once; over raw sockets. */
@Timeout(60)
class SessionsOverSocketTest {
    private static final int PAGE = 64;
    private static final int LONG_WAIT = 60_000;
    private static final int SHORT_LEASE = 300;

    private final NetMemServer server = NetMemServer.builder()
            .listen("127.0.0.1", 0)
            .pages(8)
            .pageLengthBytes(PAGE)
            .limits(ServerLimits.DEFAULTS.with(Map.of("lease-min-millis", 10L)))
            .start();

    @AfterEach
    void stop() {
        server.close();
    }

    private static long id(int slot, long sequence) {
        return FrameHeader.requestId(slot, sequence);
    }

    private static Request.Lock lock(long page, int waitMillis) {
        return new Request.Lock(page, 1, waitMillis, false, 0);
    }

    private static Reply.Granted granted(Reply reply) {
        return assertInstanceOf(Reply.Granted.class, reply);
    }

    /** Waits until the page is free, and takes it. */
    private static void awaitLock(RawClient client, long page) throws IOException {
        granted(client.ask(lock(page, LONG_WAIT)));
    }

    @Test
    void write_resentOnTheSameConnection_isRunOnce() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            Reply first = client.ask(write(1, 0, 5), id(3, 1));
            client.ask(write(1, 0, 6), id(4, 1));

            assertEquals(first, client.ask(write(1, 0, 5), id(3, 1)));

            assertEquals(new Reply.Data(3, bytes(6)), client.ask(new Request.Read(1, 0, Ranges.of(0, 1))));
        }
    }

    @Test
    void replies_lostToACut_comeAgainAfterResuming() throws IOException {
        byte[][] frames = {
            RawClient.frame(write(1, 0, 5), id(1, 1)),
            RawClient.frame(new Request.Lock(2, 9, 0, true, 0), id(2, 1)),
            RawClient.frame(new Request.Write(1, 77, 0, 0, true, Ranges.of(0, 1), bytes(1)), id(3, 1)),
            RawClient.frame(new Request.Unlock(3, 44, Ranges.NONE, bytes()), id(4, 1)),
        };
        Reply.Welcome session;
        try (RawClient client = new RawClient(server)) {
            session = client.greet(RawClient.hello(0));
            for (byte[] frame : frames) {
                client.send(frame);
            }
            client.receive();
            client.reset();
        }
        try (RawClient client = new RawClient(server)) {
            Reply.Welcome resumed = client.greet(RawClient.resuming(session));
            assertTrue(resumed.resumed());
            assertEquals(session.session(), resumed.session());
            for (byte[] frame : frames) {
                client.send(frame);
            }

            assertEquals(new Reply.Written(2), client.replyTo(Opcode.WRITE, id(1, 1)));
            Reply.Granted grant = granted(client.replyTo(Opcode.LOCK, id(2, 1)));
            assertEquals(new Reply.ConditionFailed(2, null), client.replyTo(Opcode.WRITE, id(3, 1)));
            RawClient.failed(Status.FENCED, client.replyTo(Opcode.UNLOCK, id(4, 1)));

            assertEquals(Content.ELIDED, grant.content());
            assertFalse(grant.data().hasRemaining());
            assertEquals(new Reply.NotModified(2), client.ask(new Request.Read(1, 2, Ranges.of(0, 1))));
            Reply.Written unlocked = assertInstanceOf(
                    Reply.Written.class, client.ask(new Request.Unlock(2, grant.token(), Ranges.NONE, bytes())));
            assertEquals(grant.version(), unlocked.version());
        }
    }

    @Test
    void requestId_olderThanItsSlotsNewest_isStale() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            client.ask(write(1, 0, 5), id(3, 10));

            Reply.Failed stale = RawClient.failed(Status.STALE_REQUEST, client.ask(write(1, 0, 6), id(3, 9)));

            assertEquals(9, stale.actual());
            assertEquals(10, stale.expected());
            assertEquals(new Reply.Written(3), client.ask(write(1, 0, 7), id(3, 11)));
        }
    }

    @Test
    void requestId_ofAnotherOperation_isRefusedNotRepeated() throws IOException {
        try (RawClient holder = RawClient.greeted(server);
                RawClient client = RawClient.greeted(server)) {
            granted(holder.ask(lock(2, 0)));
            client.ask(write(1, 0, 5), id(3, 1));
            client.send(lock(2, LONG_WAIT), id(4, 1));

            Reply.Failed done = RawClient.failed(Status.BAD_FRAME, client.ask(lock(1, 0), id(3, 1)));
            Reply.Failed waiting = RawClient.failed(Status.BAD_FRAME, client.ask(write(1, 0, 6), id(4, 1)));

            assertEquals(Opcode.LOCK.code(), done.actual());
            assertEquals(Opcode.WRITE.code(), done.expected());
            assertEquals(Opcode.LOCK.code(), waiting.expected());
            assertEquals(new Reply.Written(2), client.ask(write(1, 0, 5), id(3, 1)));
        }
    }

    @Test
    void requestId_outOfBounds_isRefusedAndLeavesNoRecord() throws IOException {
        int slots = ServerLimits.DEFAULTS.slots();
        try (RawClient client = RawClient.greeted(server)) {
            Reply.Failed slot = RawClient.failed(Status.TOO_LARGE, client.ask(write(1, 0, 5), id(slots, 1)));
            RawClient.failed(Status.BAD_FRAME, client.ask(write(1, 0, 5), id(3, 0)));

            assertEquals(slots, slot.actual());
            assertEquals(slots - 1, slot.expected());
            assertEquals(new Reply.Written(2), client.ask(write(1, 0, 5), id(slots - 1, 1)));
        }
    }

    @Test
    void request_thatStillWaits_isAnsweredOnceWhereTheSessionIsNow() throws IOException {
        try (RawClient holder = RawClient.greeted(server);
                RawClient first = new RawClient(server);
                RawClient second = new RawClient(server)) {
            Reply.Granted grant = granted(holder.ask(lock(2, 0)));
            Reply.Welcome session = first.greet(RawClient.hello(0));
            first.send(lock(2, LONG_WAIT), id(5, 1));
            first.assertAlive();

            second.greet(RawClient.resuming(session));
            second.send(lock(2, LONG_WAIT), id(5, 1));
            second.assertAlive();
            holder.ask(new Request.Unlock(2, grant.token(), Ranges.NONE, bytes()));

            assertTrue(granted(second.replyTo(Opcode.LOCK, id(5, 1))).token() > grant.token());
            second.assertAlive();
            RawClient.failed(Status.LOCKED, holder.ask(lock(2, 0)));
        }
    }

    @Test
    void request_newerInASlotWhoseRequestWaits_dropsThatOne() throws IOException {
        try (RawClient holder = RawClient.greeted(server);
                RawClient client = RawClient.greeted(server)) {
            Reply.Granted grant = granted(holder.ask(lock(2, 0)));
            client.send(lock(2, LONG_WAIT), id(5, 1));

            assertEquals(new Reply.Written(2), client.ask(write(3, 0, 1), id(5, 2)));

            holder.ask(new Request.Unlock(2, grant.token(), Ranges.NONE, bytes()));
            granted(holder.ask(lock(2, 0)));
            client.assertSilent(20);
        }
    }

    @Test
    void session_resumedElsewhere_endsTheOlderConnection() throws IOException {
        try (RawClient first = new RawClient(server);
                RawClient second = new RawClient(server)) {
            Reply.Welcome session = first.greet(RawClient.hello(0));
            Reply.Granted grant = granted(first.ask(lock(2, 0)));

            assertTrue(second.greet(RawClient.resuming(session)).resumed());

            first.assertRefused(Status.STALE_REQUEST);
            assertEquals(
                    new Reply.Written(2),
                    second.ask(new Request.Unlock(2, grant.token(), Ranges.of(0, 1), bytes(1)), id(1, 1)));
        }
    }

    @Test
    void bye_always_releasesAtOnceAndEndsTheStream() throws IOException {
        try (RawClient leaver = new RawClient(server);
                RawClient other = RawClient.greeted(server)) {
            Reply.Welcome session = leaver.greet(RawClient.hello(0));
            granted(leaver.ask(lock(2, 0)));
            other.send(lock(2, LONG_WAIT), id(1, 1));
            other.assertAlive();
            leaver.send(new Request.Lock(2, 2, LONG_WAIT, false, 0), id(2, 1));

            assertEquals(new Reply.Done(), leaver.ask(new Request.Bye()));

            leaver.assertEnded();
            granted(other.replyTo(Opcode.LOCK, id(1, 1)));
            try (RawClient again = new RawClient(server)) {
                assertFalse(again.greet(RawClient.resuming(session)).resumed());
            }
        }
    }

    @Test
    void session_whoseConnectionIsCut_keepsItsLocksAndWaitsOn() throws IOException {
        try (RawClient holder = RawClient.greeted(server);
                RawClient cut = new RawClient(server)) {
            Reply.Welcome session = cut.greet(RawClient.hello(0));
            granted(cut.ask(lock(1, 0)));
            Reply.Granted grant = granted(holder.ask(lock(2, 0)));
            cut.send(lock(2, LONG_WAIT), id(5, 1));
            cut.assertAlive();
            cut.reset();

            RawClient.failed(Status.LOCKED, holder.ask(lock(1, 0)));
            holder.ask(new Request.Unlock(2, grant.token(), Ranges.NONE, bytes()));
            RawClient.failed(Status.LOCKED, holder.ask(lock(2, 0)));

            try (RawClient back = new RawClient(server)) {
                back.greet(RawClient.resuming(session));
                assertTrue(granted(back.ask(lock(2, LONG_WAIT), id(5, 1))).token() > grant.token());
            }
        }
    }

    @Test
    void client_thatEndsItsSendingOnly_isAnsweredFirst() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            client.send(write(1, 0, 5), id(1, 1));
            client.send(new Request.Read(1, 0, Ranges.of(0, 1)), id(2, 1));

            client.endSending();

            assertEquals(new Reply.Written(2), client.replyTo(Opcode.WRITE, id(1, 1)));
            assertEquals(new Reply.Data(2, bytes(5)), client.replyTo(Opcode.READ, id(2, 1)));
            client.assertEnded();
        }
    }

    @Test
    void session_silentForItsLease_isOverAndItsLocksAreFree() throws IOException {
        try (RawClient silent = new RawClient(server);
                RawClient other = RawClient.greeted(server)) {
            Reply.Welcome session = silent.greet(RawClient.hello(SHORT_LEASE));
            long before = System.nanoTime();
            granted(silent.ask(lock(2, 0)));

            awaitLock(other, 2);

            long waitedMillis = (System.nanoTime() - before) / 1_000_000;
            assertTrue(waitedMillis >= SHORT_LEASE, () -> "granted after " + waitedMillis + " ms");
            silent.assertRefused(Status.SESSION_EXPIRED);
            try (RawClient back = new RawClient(server)) {
                assertFalse(back.greet(RawClient.resuming(session)).resumed());
            }
        }
    }

    @Test
    void session_cutAndSilentForItsLease_isOver() throws IOException {
        try (RawClient cut = new RawClient(server);
                RawClient other = RawClient.greeted(server)) {
            cut.greet(RawClient.hello(SHORT_LEASE));
            granted(cut.ask(lock(2, 0)));
            cut.reset();

            awaitLock(other, 2);
        }
    }

    @Test
    void request_thatWaitsWhenTheServerStops_isNotReady() throws Exception {
        Thread closing = Thread.ofPlatform().unstarted(server::close);
        try (RawClient holder = RawClient.greeted(server);
                RawClient waiter = RawClient.greeted(server)) {
            granted(holder.ask(lock(2, 0)));
            waiter.send(lock(2, LONG_WAIT), id(1, 1));
            waiter.assertAlive();

            closing.start();

            waiter.failureOf(Opcode.LOCK.code(), id(1, 1), Status.NOT_READY);
            waiter.assertEnded();
            holder.assertEnded();
        }
        closing.join();
    }

    @Test
    void lease_isRenewedByAnyFrame() throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.greet(RawClient.hello(1_000));
            Reply.Granted grant = granted(client.ask(lock(2, 0)));
            byte[][] frames = {
                RawClient.frame(new Request.Ping(), 1),
                RawClient.frame(new Request.Read(0, 1, Ranges.NONE), 2),
                RawClient.frame(new Request.ReadMany(false, List.of()), 3),
                RawClient.vector("invalid-opcode-unknown"),
                RawClient.vector("invalid-flag-unknown"),
            };
            for (int round = 0; round < 2; round++) {
                for (byte[] frame : frames) {
                    client.assertSilent(250);
                    client.send(frame);
                    client.receive();
                }
            }

            assertEquals(new Reply.Written(1), client.ask(new Request.Unlock(2, grant.token(), Ranges.NONE, bytes())));
        }
    }
}
