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
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Reply.Committed.Result;
import netmem.api.wire.Reply.Committed.Version;
import netmem.api.wire.Reply.LockState.Mode;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** ATOMIC, TRANSACT, shared and joint locks, LOCK_INFO and OUTCOME over raw sockets, and once only across a cut. What each does in full: the engine's tests. */
@Timeout(60)
class JointOperationsOverSocketTest {
    private static final int LONG_WAIT = 60_000;

    private final NetMemServer server;
    private final RawClient one;
    private final RawClient two;

    JointOperationsOverSocketTest() throws IOException {
        server = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(8)
                .pageLengthBytes(64)
                .start();
        one = RawClient.greeted(server);
        two = RawClient.greeted(server);
    }

    @AfterEach
    void stop() throws IOException {
        one.close();
        two.close();
        server.close();
    }

    private static long id(int slot) {
        return FrameHeader.requestId(slot, 1);
    }

    private static Request.Lock shared(long page, int waitMillis) {
        return new Request.Lock(page, 1, waitMillis, true, false, 0);
    }

    private static Request.Lock exclusive(long page, int waitMillis) {
        return new Request.Lock(page, 1, waitMillis, false, 0);
    }

    private static Request.LockMany many(int waitMillis, long... pages) {
        List<Request.LockMany.Want> wants = new ArrayList<>();
        for (long page : pages) {
            wants.add(new Request.LockMany.Want(page, false));
        }
        return new Request.LockMany(1, waitMillis, wants);
    }

    private static Request.Unlock unlock(long page, long token) {
        return new Request.Unlock(page, token, Ranges.NONE, bytes());
    }

    /** What was sent has been run when so many replies, and one to a question asked last, have come. */
    private static void awaitRun(RawClient client, int replies) throws IOException {
        client.send(new Request.Ping(), id(9));
        for (int i = 0; i <= replies; i++) {
            client.receive();
        }
    }

    private static long token(Reply reply) {
        return assertInstanceOf(Reply.Granted.class, reply).token();
    }

    private static ByteBuffer word(int value) {
        return bytes(value, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void atomic_andTransaction_takeOneRoundTripEach() throws IOException {
        assertEquals(new Reply.Fetched(2, 0), one.ask(new Request.Atomic(3, 0, 0, 0, 8, WordFunction.ADD, 5, 0)));

        Reply reply = two.ask(new Request.Transact(
                0,
                true,
                List.of(
                        new Step.CompareVersion(3, 2),
                        new Step.Read(3, 8, 8),
                        new Step.Write(4, 0, bytes(7)),
                        new Step.Atomic(3, 8, WordFunction.ADD, 1))));

        assertEquals(
                new Reply.Committed(
                        List.of(new Version(4, 2), new Version(3, 3)),
                        List.of(new Result(2, word(5)), new Result(2, word(5)))),
                reply);
        Reply.NotCommitted not = assertInstanceOf(
                Reply.NotCommitted.class,
                one.ask(new Request.Transact(0, true, List.of(new Step.CompareVersion(3, 2)))));
        Reply.NotCommitted.Compare compare = not.compares().getFirst();
        assertEquals(3, compare.version());
        assertEquals(
                word(6), compare.current() == null ? null : compare.current().slice(8, 8));
    }

    @Test
    void locks_sharedAndJoint_queueWithOneAnother() throws IOException {
        long first = token(one.ask(shared(0, 0)));
        long second = token(two.ask(shared(0, 0)));
        two.send(many(LONG_WAIT, 1, 2), id(1));
        assertInstanceOf(Reply.GrantedMany.class, two.replyTo(Opcode.LOCK_MANY, id(1)));
        one.send(
                new Request.LockMany(
                        2,
                        LONG_WAIT,
                        List.of(new Request.LockMany.Want(0, false), new Request.LockMany.Want(5, false))),
                id(1));
        one.assertAlive();

        assertEquals(
                new Reply.LockState(Mode.FREE, 0, 0, 0, 0, ""),
                one.ask(new Request.LockInfo(5)),
                "it comes to page 5 once page 0 is free for it");
        Reply.LockState state = assertInstanceOf(Reply.LockState.class, one.ask(new Request.LockInfo(0)));
        assertEquals(Mode.SHARED, state.mode());
        assertEquals(2, state.holders());
        assertEquals(1, state.waiters());
        assertEquals(first, state.token());
        assertEquals("raw", state.name());
        one.ask(unlock(0, first));
        two.ask(unlock(0, second));
        assertInstanceOf(Reply.GrantedMany.class, one.replyTo(Opcode.LOCK_MANY, id(1)));
    }

    @Test
    void deadlock_isToldToTheLastAndTheOtherGoesOn() throws IOException {
        long zero = token(one.ask(exclusive(0, 0)));
        long first = token(two.ask(exclusive(1, 0)));
        one.send(exclusive(1, LONG_WAIT), id(1));
        one.assertAlive();

        Reply.Failed deadlock = RawClient.failed(Status.DEADLOCK, two.ask(exclusive(0, LONG_WAIT)));

        assertEquals(1, deadlock.actual());
        two.ask(unlock(1, first));
        assertTrue(token(one.replyTo(Opcode.LOCK, id(1))) > zero);
    }

    @Test
    void replies_lostToACut_comeAgainAndNothingRunsTwice() throws IOException {
        one.ask(exclusive(6, 0));
        List<Request> requests = List.of(
                new Request.Atomic(0, 0, 0, 0, 0, WordFunction.ADD, 5, 0),
                new Request.Transact(0, false, List.of(new Step.Atomic(1, 0, WordFunction.ADD, 5))),
                many(0, 2, 3),
                shared(4, 0),
                new Request.AwaitNewer(5, 1, LONG_WAIT),
                many(LONG_WAIT, 6, 7),
                new Request.Atomic(0, 99, 0, 0, 0, WordFunction.ADD, 5, 0));
        Reply.Welcome session;
        try (RawClient client = new RawClient(server)) {
            session = client.greet(RawClient.hello(0));
            for (int slot = 1; slot <= requests.size(); slot++) {
                client.send(requests.get(slot - 1), id(slot));
            }
            awaitRun(client, 5);
            client.reset();
        }
        two.ask(write(5, 0, 1));
        try (RawClient client = new RawClient(server)) {
            assertTrue(client.greet(RawClient.resuming(session)).resumed());
            Reply waiting = client.ask(new Request.Outcome(id(6)));
            assertEquals(new Reply.Known(Reply.Known.State.WAITING, Status.OK), waiting);
            for (int slot = 1; slot <= requests.size(); slot++) {
                client.send(requests.get(slot - 1), id(slot));
            }
            assertEquals(new Reply.Fetched(2, 0), client.replyTo(Opcode.ATOMIC, id(1)));
            Reply committed = new Reply.Committed(List.of(new Version(1, 2)), List.of(new Result(1, word(0))));
            assertEquals(committed, client.replyTo(Opcode.TRANSACT, id(2)));
            assertEquals(
                    2,
                    assertInstanceOf(Reply.GrantedMany.class, client.replyTo(Opcode.LOCK_MANY, id(3)))
                            .grants()
                            .size());
            token(client.replyTo(Opcode.LOCK, id(4)));
            assertEquals(new Reply.Written(2), client.replyTo(Opcode.AWAIT_NEWER, id(5)));
            assertEquals(new Reply.ConditionFailed(2, word(5)), client.replyTo(Opcode.ATOMIC, id(7)));
            RawClient.failed(Status.LOCKED, two.ask(exclusive(2, 0)));
            RawClient.failed(Status.LOCKED, two.ask(exclusive(4, 0)));
            one.ask(new Request.Bye());
            assertInstanceOf(Reply.GrantedMany.class, client.replyTo(Opcode.LOCK_MANY, id(6)));
        }
    }
}
