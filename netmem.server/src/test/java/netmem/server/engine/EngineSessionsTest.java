package netmem.server.engine;

import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.INCARNATION;
import static netmem.server.engine.EngineFixture.lock;
import static netmem.server.engine.EngineFixture.unlock;
import static netmem.server.engine.EngineFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions: greeting, lease, resuming, ending, and what that does to locks and waiters. */
@Timeout(30)
final class EngineSessionsTest {
    private static final int LEASE = 10_000;

    @RegisterExtension
    final EngineFixture fixture = new EngineFixture();

    private static Reply granted(long token) {
        return new Reply.Granted(token, 1, Reply.Granted.Content.NONE, PageChange.NOTHING);
    }

    @Test
    void greet_newSession_isWelcomed() {
        assertEquals(
                new Reply.Welcome(
                        1,
                        false,
                        new SessionId(1, 1),
                        INCARNATION,
                        LEASE,
                        fixture.limits.slots(),
                        fixture.limits.frameBytesMax(),
                        EngineFixture.PAGES,
                        EngineFixture.PAGE_LENGTH),
                fixture.greet(SessionId.NONE, Incarnation.NONE, 0).reply());
        assertEquals(1, fixture.counter("sessions"));
    }

    @ParameterizedTest
    @CsvSource({"0, 10000", "1, 1000", "1000, 1000", "2500, 2500", "300000, 300000", "2147483647, 300000"})
    void greet_leaseWanted_isGrantedWithinTheLimits(int wanted, int granted) {
        Reply.Welcome welcome = (Reply.Welcome)
                fixture.greet(SessionId.NONE, INCARNATION, wanted).reply();
        assertEquals(granted, welcome.leaseMillis());
        assertEquals(TimeUnit.MILLISECONDS.toNanos(granted), fixture.engine.nextTickNanos());
    }

    @Test
    void greet_unknownSessionOrOtherIncarnation_isANewSession() {
        EngineClient client = fixture.open();
        client.lock(0);
        Engine.Greeted other = fixture.greet(client.session.id, new Incarnation(1, 1), 0);
        assertNotEquals(client.session, other.session());
        assertFalse(((Reply.Welcome) other.reply()).resumed());
        assertNotEquals(
                client.session,
                fixture.greet(new SessionId(5, 5), INCARNATION, 0).session());
        assertEquals(3, fixture.counter("sessions"));
        assertEquals(List.of(), fixture.effects(), "the first one is left alone");
    }

    @Test
    void lease_over_endsTheSessionAndItsLocksGoOn() {
        EngineClient client = fixture.open();
        EngineClient next = fixture.open(60_000);
        long token = client.lock(0);
        client.lock(1);
        long first = next.waits(lock(0, 60_000));
        long second = next.waits(write(1, 60_000, 5));
        fixture.pass(LEASE - 1);
        assertEquals(List.of(), fixture.effects());
        fixture.pass(1);
        assertEquals(
                List.of(
                        new Effect.Detached(client.connection, Status.SESSION_EXPIRED),
                        next.completed(first, lock(0, 1), LEASE, granted(token + 2)),
                        next.completed(second, write(0, 1, 1), LEASE, new Reply.Written(2))),
                fixture.effects());
        assertTrue(client.session.isEnded());
        assertEquals(1, fixture.counter("sessions-expired"));
        assertFailed(Status.SESSION_EXPIRED, 0, 0, client.call(unlock(0, token)));
        assertFailed(Status.SESSION_EXPIRED, 0, 0, client.call(new Request.Ping()));
        assertFalse(((Reply.Welcome) client.resume().reply()).resumed());
    }

    @Test
    void lease_anyRequest_renewsIt() {
        EngineClient client = fixture.open();
        client.lock(0);
        for (int i = 0; i < 5; i++) {
            fixture.pass(LEASE - 1);
            client.call(new Request.Ping());
        }
        client.session.heard(fixture.now + 1);
        client.session.heard(fixture.now - 1);
        fixture.pass(LEASE);
        assertFalse(client.session.isEnded(), "heard of beside the engine, one nanosecond later");
        fixture.pass(1);
        assertTrue(client.session.isEnded());
    }

    @Test
    void lease_overWhileDisconnected_endsWithoutWord() {
        EngineClient client = fixture.open();
        client.lock(0);
        client.disconnect();
        assertEquals(1, fixture.counter("locks-held"), "the session outlives its connection");
        fixture.pass(LEASE);
        assertEquals(List.of(), fixture.effects());
        assertEquals(0, fixture.counter("locks-held"));
    }

    @Test
    void waiter_sessionOverBeforeALateTick_isPassed() {
        EngineClient holder = fixture.open(60_000);
        EngineClient dead = fixture.open();
        EngineClient next = fixture.open(60_000);
        holder.lock(0);
        dead.lock(1);
        dead.waits(lock(0, 60_000));
        dead.waits(write(0, 60_000, 66));
        long lockId = next.waits(lock(0, 60_000));
        long writeId = next.waits(write(1, 60_000, 7));
        fixture.passUnnoticed(LEASE);
        holder.unlock(0);
        assertEquals(
                List.of(
                        new Effect.Detached(dead.connection, Status.SESSION_EXPIRED),
                        next.completed(lockId, lock(0, 1), LEASE, granted(3)),
                        next.completed(writeId, write(1, 1, 7), LEASE, new Reply.Written(2))),
                fixture.effects(),
                "nothing is granted to a dead session, and what it held goes on");
        assertEquals(1, fixture.pages.version(0), "nor is its write done");
        assertEquals(7, fixture.value(1));
    }

    @Test
    void waitersOfExpiredSession_leaveTheLine() {
        EngineClient holder = fixture.open(60_000);
        EngineClient dead = fixture.open();
        holder.lock(0);
        dead.waits(lock(0, 60_000));
        dead.waits(write(0, 60_000, 66));
        fixture.pass(LEASE);
        assertEquals(0, fixture.counter("waiters"));
        holder.unlock(0);
        assertEquals(List.of(new Effect.Detached(dead.connection, Status.SESSION_EXPIRED)), fixture.effects());
        assertEquals(0, fixture.counter("locks-held"));
        assertEquals(1, fixture.pages.version(0));
    }

    @Test
    void sessions_waitingForEachOtherAndOverTogether_endTogether() {
        EngineClient one = fixture.open();
        EngineClient two = fixture.open();
        one.lock(0);
        two.lock(1);
        one.waits(new Request.Lock(1, 2, 60_000, false, 0));
        two.waits(new Request.Lock(0, 2, 60_000, false, 0));
        fixture.pass(LEASE);
        assertEquals(2, fixture.counter("sessions-expired"));
        assertEquals(0, fixture.counter("locks-held"), "neither was granted the other's page on its way out");
    }

    @Test
    void resume_withinTheLease_keepsLocksAndWaiters() {
        EngineClient holder = fixture.open();
        EngineClient client = fixture.open();
        holder.lock(0);
        long token = client.lock(1);
        long waiting = client.waits(lock(0, 60_000));
        client.disconnect();
        fixture.pass(LEASE - 1);
        holder.call(new Request.Ping());
        Engine.Greeted again = client.resume();
        assertSame(client.session, again.session());
        assertTrue(((Reply.Welcome) again.reply()).resumed());
        assertEquals(List.of(), fixture.effects());
        fixture.pass(LEASE - 1);
        assertFalse(client.session.isEnded(), "the greeting renewed the lease");
        assertEquals(Answer.DEFERRED, client.send(waiting, lock(0, 60_000)));
        holder.call(new Request.Ping());
        holder.unlock(0);
        assertEquals(
                List.of(client.completed(waiting, lock(0, 1), 2 * (LEASE - 1), granted(token + 1))),
                fixture.effects(),
                "told on the new connection");
        assertEquals(new Reply.Written(2), client.call(unlock(1, token, 4)));
    }

    @Test
    void resume_whileConnected_detachesTheOldConnection() {
        EngineClient client = fixture.open();
        long old = client.connection;
        client.resume();
        assertEquals(List.of(new Effect.Detached(old, Status.STALE_REQUEST)), fixture.effects());
        assertFailed(
                Status.SESSION_EXPIRED,
                0,
                0,
                ((Answer.Now) fixture.engine.execute(client.session, old, 1L << 16, lock(0, 0), fixture.now)).reply());
        assertEquals(0, fixture.counter("locks-held"), "the old connection can do nothing more");
        fixture.engine.disconnected(client.session, old, fixture.now);
        client.lock(0);
    }

    @Test
    void grant_whileDisconnected_isToldOnceResumed() {
        EngineClient holder = fixture.open();
        EngineClient client = fixture.open();
        holder.lock(0);
        long waiting = client.waits(lock(0, 60_000));
        client.disconnect();
        holder.unlock(0);
        assertEquals(List.of(), fixture.effects(), "there is no connection to tell");
        client.resume();
        assertEquals(granted(2), client.call(waiting, lock(0, 60_000)));
        assertEquals(2, client.token(0));
    }

    @Test
    void bye_endsTheSessionAtOnce() {
        EngineClient client = fixture.open();
        EngineClient next = fixture.open();
        client.lock(0);
        client.waits(new Request.Lock(0, 2, 1000, false, 0));
        long waiting = next.waits(lock(0, 1000));
        assertEquals(new Reply.Done(), client.call(new Request.Bye()));
        assertEquals(List.of(next.completed(waiting, lock(0, 1), 0, granted(2))), fixture.effects());
        assertEquals(1, fixture.counter("sessions"));
        assertEquals(0, fixture.counter("sessions-expired"));
        assertFailed(Status.SESSION_EXPIRED, 0, 0, client.call(new Request.Ping()));
        client.disconnect();
        assertFalse(((Reply.Welcome) client.resume().reply()).resumed());
    }

    @Test
    void disconnected_oldClient_endsItsSessionAtOnce() {
        EngineClient old = fixture.open02();
        EngineClient other = fixture.open02();
        EngineClient next = fixture.open();
        old.lock(0);
        old.lock(1);
        other.lock(2);
        old.waits(lock(2, 1000));
        long waiting = next.waits(lock(0, 1000));
        old.disconnect();
        assertEquals(List.of(next.completed(waiting, lock(0, 1), 0, granted(4))), fixture.effects());
        assertEquals(2, fixture.counter("locks-held"));
        other.unlock(2);
        assertEquals(1, fixture.counter("locks-held"));
        old.disconnect();
        assertEquals(2, fixture.counter("sessions"), "told twice is told once");
    }

    @Test
    void oldClient_silent_livesOn() {
        EngineClient old = fixture.open02();
        old.lock(0);
        fixture.pass(TimeUnit.DAYS.toMillis(30));
        assertFalse(old.session.isEnded());
        assertEquals(Long.MAX_VALUE, fixture.engine.nextTickNanos());
        assertEquals(SessionId.NONE, old.session.id);
        assertNotEquals(
                old.session, fixture.greet(SessionId.NONE, INCARNATION, 0).session());
    }

    @Test
    void drain_waitersAndNewChanges_areRefused() {
        EngineClient holder = fixture.open();
        EngineClient client = fixture.open();
        holder.lock(0);
        long waiting = client.waits(lock(0, 1000));
        long writing = client.waits(write(0, 500, 1));
        fixture.engine.drain(fixture.now);
        fixture.check();
        Reply stopping = new Reply.Failed(Status.NOT_READY, 0, 0, "the server is stopping");
        assertEquals(
                List.of(
                        client.completed(writing, write(0, 1, 1), 0, stopping),
                        client.completed(waiting, lock(0, 1), 0, stopping)),
                fixture.effects());
        long id = client.freshId();
        assertEquals(stopping, client.call(id, lock(1, 0)));
        assertEquals(stopping, client.call(id, lock(1, 0)), "and is so when asked again");
        assertEquals(stopping, client.call(write(1, 0, 1)));
        assertEquals(stopping, holder.call(unlock(0, holder.token(0), 5)));
        assertEquals(new Answer.Now(stopping), fixture.open02().update02(1, 0, 5));
        assertEquals(new Reply.NotModified(1), client.call(new Request.Read(1, 1, Ranges.NONE)));
        assertEquals(new Reply.Done(), client.call(new Request.Ping()));
        assertNull(fixture.engine.takeEffects().stream().findAny().orElse(null));
        assertEquals(0, fixture.value(0));
    }

    @Test
    void drain_greetings_areRefused() {
        EngineClient known = fixture.open();
        fixture.engine.drain(fixture.now);
        Reply stopping = new Reply.Failed(Status.NOT_READY, 0, 0, "the server is stopping");
        assertEquals(new Engine.Greeted(null, stopping), fixture.greet(SessionId.NONE, INCARNATION, 0));
        assertEquals(new Engine.Greeted(null, stopping), fixture.greet(known.session.id, INCARNATION, 0));
    }
}
