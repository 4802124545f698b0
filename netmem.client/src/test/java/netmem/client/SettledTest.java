package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Status;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes to be known of calls whose callers gave up. */
@Timeout(60)
class SettledTest extends FakeServerFixture {
    private static final Duration SHORT = Duration.ofMillis(50);

    /** A write that nobody answered in time. */
    private CompletionStage<Outcome> late() {
        NetMemException e = assertThrows(
                NetMemException.DeadlinePassed.class, () -> mem.within(SHORT).write(1, 0, new byte[1]));
        assertEquals(Outcome.UNKNOWN, e.outcome());
        return e.settled();
    }

    private static Outcome outcome(CompletionStage<Outcome> settled) throws Exception {
        CompletableFuture<Boolean> thread = new CompletableFuture<>();
        CompletableFuture<Outcome> known = new CompletableFuture<>();
        settled.thenAccept(outcome -> {
            thread.complete(Thread.currentThread().getName().endsWith("-reader"));
            known.complete(outcome);
        });
        Outcome outcome = known.get(20, TimeUnit.SECONDS);
        assertFalse(thread.get(20, TimeUnit.SECONDS), "on the reader");
        return outcome;
    }

    @Test
    void settled_byALateReply_isApplied() throws Exception {
        CompletionStage<Outcome> settled = late();
        assertFalse(settled.toCompletableFuture().isDone());
        peer.reply(new Reply.Written(2), peer.nextCall());
        assertEquals(Outcome.APPLIED, outcome(settled));
    }

    @Test
    void settled_byALateRefusal_isWithoutEffect() throws Exception {
        CompletionStage<Outcome> settled = late();
        peer.fail(Status.LOCKED, peer.nextCall());
        assertEquals(Outcome.NO_EFFECT, outcome(settled));
    }

    @Test
    void settled_overALostConnection_isApplied() throws Exception {
        CompletionStage<Outcome> settled = late();
        FakeServer.Frame first = peer.nextCall();
        peer.reset();
        try (FakeServer.Peer again = server.accept()) {
            again.greet(FakeServer.welcome(true));
            FakeServer.Frame second = again.nextCall();
            assertEquals(first.id(), second.id());
            again.reply(new Reply.Written(2), second);
            assertEquals(Outcome.APPLIED, outcome(settled));
            again.reset();
        }
    }

    @Test
    void settled_byALostSession_staysUnknown() throws Exception {
        CompletionStage<Outcome> settled = late();
        peer.nextCall();
        peer.reset();
        try (FakeServer.Peer again = server.accept()) {
            again.greet(
                    FakeServer.welcome(false, new SessionId(7, 7), FakeServer.INCARNATION, 10_000, FakeServer.SLOTS));
            assertEquals(Outcome.UNKNOWN, outcome(settled));
            again.reset();
        }
    }

    @Test
    void settled_byClosing_staysUnknown() throws Exception {
        CompletionStage<Outcome> settled = late();
        mem.close();
        assertEquals(Outcome.UNKNOWN, outcome(settled));
    }

    @Test
    void settled_ofALockGrantedTooLate_isWithoutEffect() throws Exception {
        NetMemException e = assertThrows(
                NetMemException.DeadlinePassed.class, () -> mem.within(SHORT).lock(1));
        FakeServer.Frame lock = peer.nextCall();
        assertInstanceOf(Request.Cancel.class, peer.nextCall().request());
        peer.reply(new Reply.Granted(9, 4, Reply.Granted.Content.FULL, FakeServer.page(1)), lock);
        assertEquals(Outcome.NO_EFFECT, outcome(e.settled()));
        assertInstanceOf(Request.Unlock.class, peer.nextCall().request());
    }

    @Test
    void settled_ofAFailureThatIsCertain_isCompleteAtOnce() {
        NetMemException e = assertThrows(
                NetMemException.DeadlinePassed.class, () -> mem.within(SHORT).read(1));
        assertTrue(e.settled().toCompletableFuture().isDone());
        assertEquals(Outcome.NO_EFFECT, e.settled().toCompletableFuture().join());
    }

    @Test
    void write_refusedWithItsSession_thatMayHaveRunBefore_isNotRunAgain() throws Exception {
        FutureTask<Long> write = FakeServer.start(() -> mem.write(1, 0, new byte[1]));
        peer.nextCall();
        peer.reset();
        try (FakeServer.Peer again = server.accept()) {
            again.greet(FakeServer.welcome(true));
            again.fail(Status.SESSION_EXPIRED, again.nextCall());
            try (FakeServer.Peer renewed = server.accept()) {
                renewed.greet(FakeServer.welcome(
                        false, new SessionId(7, 7), FakeServer.INCARNATION, 10_000, FakeServer.SLOTS));
                NetMemException e = assertThrows(NetMemException.SessionLost.class, () -> FakeServer.join(write));
                assertEquals(Outcome.UNKNOWN, e.outcome());
                renewed.reset();
            }
        }
    }
}
