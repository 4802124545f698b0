package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.stream.Stream;
import netmem.api.PageRange;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import netmem.server.net.FaultWorld.Client;
import netmem.server.net.FaultWorld.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Something throws at one step of an operation, for each step of it in turn, until it gets through. Whatever it was
 * that throws: the monitor is free, others are served, pages have changed whole or not at all, nobody has half a
 * lock, whoever asked was told INTERNAL or cut, asking again tells the truth, and in the end nothing is left.
 */
@Timeout(60)
final class FaultStepsTest {
    private static final List<Supplier<Throwable>> FAULTS = List.of(
            () -> new IllegalArgumentException("planted"),
            () -> new OutOfMemoryError("planted"),
            () -> new StackOverflowError("planted"));

    private static final int WAIT = 60_000;

    /** Both ends of a page. */
    private static final Ranges ENDS = Ranges.of(List.of(new PageRange(0, 8), new PageRange(56, 8)));

    private final List<Logger> loud =
            List.of(Logger.getLogger("netmem.server.net.Connection"), Logger.getLogger("netmem.server.net.EngineGate"));

    @BeforeEach
    void hush() {
        loud.forEach(logger -> logger.setFilter(_ -> false));
    }

    @AfterEach
    void listen() {
        loud.forEach(logger -> logger.setFilter(null));
    }

    /** What is done, in which something throws. */
    @SuppressWarnings("ImmutableEnumChecker") // what is done captures nothing
    enum Case {
        READ(w -> {}, w -> w.a.ask(new Request.Read(0, 0, Ranges.of(0, 64)))),
        READ_RANGES(w -> {}, w -> w.a.ask(new Request.Read(0, 0, ENDS))),
        READ_WHILE_WATCHING(
                w -> w.a.ask(new Request.Watch(3, 1, List.of())),
                w -> w.a.ask(new Request.Read(0, 0, Ranges.of(0, 64)))),
        READ_MANY(w -> {}, w -> w.a.ask(new Request.ReadMany(true, List.of(entry(0), entry(1), entry(2))))),
        WRITE(w -> {}, w -> w.a.ask(write(0, 0, 0, ENDS))),
        WRITE_PLAIN(w -> {}, w -> w.a.ask(write(0, 0, 0, Ranges.of(0, 16)))),
        WRITE_FIRST(w -> {}, w -> w.a.ask(write(2, 0, 0, ENDS))),
        WRITE_LOCKED(w -> w.a.lock(0), w -> w.a.ask(write(0, w.a.token(), 0, ENDS))),
        WRITE_WATCHED(w -> w.b.ask(new Request.Watch(0, 2, List.of())), w -> w.a.ask(write(0, 0, 0, ENDS))),
        ATOMIC(w -> {}, w -> w.a.ask(new Request.Atomic(0, 0, 0, 0, 8, WordFunction.ADD, 5, 0))),
        TRANSACT(w -> {}, w -> w.a.ask(new Request.Transact(0, true, steps(List.of())))),
        TRANSACT_RELEASING(
                w -> w.a.lock(0),
                w -> w.a.ask(new Request.Transact(0, true, steps(List.of(new Step.Release(0, w.a.token())))))),
        LOCK(w -> {}, w -> w.a.ask(new Request.Lock(0, 1, 0, true, 0))),
        LOCK_SHARED(w -> {}, w -> w.a.ask(new Request.Lock(0, 1, 0, true, true, 0))),
        LOCK_MANY(w -> {}, w -> w.a.ask(many(0))),
        UNLOCK(w -> w.a.lock(0), w -> w.a.ask(unlock(w.a.token(), Ranges.NONE))),
        UNLOCK_WITH_DATA(w -> w.a.lock(0), w -> w.a.ask(unlock(w.a.token(), ENDS))),
        AWAIT_NEWER(w -> {}, w -> w.a.ask(new Request.AwaitNewer(0, 1, WAIT))),
        WATCH(w -> {}, w -> w.a.ask(new Request.Watch(0, 2, List.of(new Request.Watch.Seen(0, 1))))),
        LOCK_THAT_WAITED(
                w -> {
                    w.b.lock(0);
                    w.a.ask(new Request.Lock(0, 1, WAIT, true, 0));
                },
                w -> w.b.ask(unlock(w.b.token(), Ranges.NONE))),
        LOCK_MANY_THAT_WAITED(
                w -> {
                    w.b.lock(0);
                    w.a.ask(many(WAIT));
                },
                w -> w.b.ask(unlock(w.b.token(), Ranges.NONE))),
        WRITE_THAT_WAITED(
                w -> {
                    w.b.lock(0);
                    w.a.ask(write(0, 0, WAIT, ENDS));
                },
                w -> w.b.ask(unlock(w.b.token(), Ranges.NONE))),
        TRANSACT_THAT_WAITED(
                w -> {
                    w.b.lock(0);
                    w.a.ask(new Request.Transact(WAIT, true, steps(List.of())));
                },
                w -> w.b.ask(unlock(w.b.token(), Ranges.NONE))),
        AWAIT_NEWER_THAT_WAITED(w -> w.a.ask(new Request.AwaitNewer(0, 2, WAIT)), w -> w.b.ask(write(0, 0, 0, ENDS))),
        CHANGE_TOLD(w -> w.a.ask(new Request.Watch(0, 2, List.of())), w -> w.b.ask(write(0, 0, 0, ENDS))),
        READ_02(w -> {}, w -> w.old.send(FaultWorld.header02(2, 0, 0))),
        LOCK_02(w -> {}, w -> w.old.send(FaultWorld.header02(3, 0, 0))),
        UNLOCK_02(w -> w.old.send(FaultWorld.header02(3, 0, 0)), w -> w.old.send(FaultWorld.header02(4, 0, 64))),
        UPDATE_02(w -> {}, w -> w.old.send(FaultWorld.header02(5, 0, 64))),
        UPDATE_LOCKED_02(w -> w.old.send(FaultWorld.header02(3, 0, 0)), w -> w.old.send(FaultWorld.header02(5, 0, 64)));

        private final Doing prepare;
        private final Doing act;

        Case(Doing prepare, Doing act) {
            this.prepare = prepare;
            this.act = act;
        }

        private interface Doing {
            void in(FaultWorld world);
        }

        private static Request.ReadMany.Entry entry(long page) {
            return new Request.ReadMany.Entry(page, 0, 0, 64);
        }

        private static Request write(long page, long token, int waitMillis, Ranges ranges) {
            return new Request.Write(page, 0, token, waitMillis, false, ranges, twos((int) ranges.totalBytes()));
        }

        private static ByteBuffer twos(int bytes) {
            return FaultWorld.filled(bytes, 2);
        }

        private static List<Step> steps(List<Step> more) {
            return Stream.concat(
                            Stream.<Step>of(
                                    new Step.CompareVersion(1, 2),
                                    new Step.Read(0, 0, 8),
                                    new Step.Write(0, 0, twos(8)),
                                    new Step.Write(1, 8, twos(8)),
                                    new Step.Write(0, 56, twos(8)),
                                    new Step.Atomic(2, 0, WordFunction.ADD, 7)),
                            more.stream())
                    .toList();
        }

        private static Request many(int waitMillis) {
            return new Request.LockMany(
                    1, waitMillis, List.of(new Request.LockMany.Want(0, false), new Request.LockMany.Want(1, true)));
        }

        private static Request unlock(long token, Ranges ranges) {
            return new Request.Unlock(0, token, ranges, twos((int) ranges.totalBytes()));
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void operation_thatMeetsAFaultAtAnyStep_isWholeOrNothingAndHarmsNobody(Case operation) {
        State begun;
        State done;
        try (FaultWorld world = new FaultWorld()) {
            operation.prepare.in(world);
            begun = world.state();
            operation.act.in(world);
            done = world.state();
            for (Client client : world.clients()) {
                assertTrue(!(client.last() instanceof Reply.Failed), () -> operation + ": " + client.last());
            }
        }
        int steps = 0;
        for (Supplier<Throwable> fault : FAULTS) {
            for (boolean whenDone : new boolean[] {false, true}) {
                int at = 1;
                while (runs(operation, at, whenDone, fault, begun, done)) {
                    at++;
                    assertTrue(at < 500, "ends");
                }
                steps += at - 1;
            }
        }
        assertTrue(steps > 0, operation + ": steps: 0 (expected: some)");
    }

    /** False when the step was not reached. */
    private static boolean runs(
            Case operation, int at, boolean whenDone, Supplier<Throwable> fault, State begun, State done) {
        String where = operation + ", " + fault.get() + (whenDone ? " after" : " before") + " step " + at;
        try (FaultWorld world = new FaultWorld()) {
            operation.prepare.in(world);
            world.pages.failAt(at, whenDone, fault);
            operation.act.in(world);
            boolean thrown = world.pages.calmDown();
            world.server.assertMonitorFree();
            State state = world.state();
            assertTrue(state.equals(begun) || state.equals(done), () -> where + ": " + state);
            world.assertOthersAreServed(where);
            for (Client client : world.clients()) {
                assertAskingAgainTellsTheTruth(world, client, done, where);
            }
            world.assertLocksAreWhole(where);
            return thrown;
        }
    }

    private static void assertAskingAgainTellsTheTruth(FaultWorld world, Client client, State done, String where) {
        Reply told = client.last();
        State before = world.state();
        if (client.isIdle()) {
            return;
        }
        assertTrue(told != null || client.isWaiting() || !client.isOpen(), () -> where + ": neither told nor cut");
        client.askAgain();
        Reply again = client.last();
        State after = world.state();
        if (told != null && told.status() == Status.INTERNAL && client.isRecorded()) {
            assertEquals(told, again, where);
        }
        if (again == null) {
            assertTrue(client.isWaiting(), () -> where + ": no answer");
        } else if (again.status() == Status.INTERNAL) {
            assertEquals(before, after, where);
        } else if (client.changes()) {
            assertTrue(!(again instanceof Reply.Failed), () -> where + ": " + again);
            assertEquals(done, after, where);
        }
    }
}
