package netmem.server.engine;

import static netmem.server.engine.EngineAsks.exclusive;
import static netmem.server.engine.EngineAsks.shared;
import static netmem.server.engine.EngineAsks.token;
import static netmem.server.engine.EngineAsks.transact;
import static netmem.server.engine.EngineAsks.write;
import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.PAGE_LENGTH;
import static netmem.server.engine.EngineFixture.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import netmem.api.Status;
import netmem.api.wire.Reply;
import netmem.api.wire.Reply.Committed.Version;
import netmem.api.wire.Reply.NotCommitted.Compare;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** TRANSACT among locks: tokens shown, pages waited for, locks released with it, and the limits on all that. */
@Timeout(30)
final class EngineTransactLocksTest {
    private static final int LONG = 60_000;
    private static final long MIB = 1 << 20;

    @RegisterExtension
    final EngineFixture fixture = new EngineFixture(
            Map.of("waiting-max-bytes", MIB, "frame-max-bytes", MIB + (16 << 10), "waiters-per-page-max", 2L));

    private final EngineClient one = fixture.open();
    private final EngineClient two = fixture.open();

    private static Reply committed(Version... versions) {
        return new Reply.Committed(List.of(versions), List.of());
    }

    private static Reply notCommitted(Compare... compares) {
        return new Reply.NotCommitted(List.of(compares));
    }

    @Test
    void page_lockedByAnother_isWaitedForBeforeAnyChange() {
        one.lock(0);
        Request.Transact transact = transact(LONG, write(0, 5), write(1, 6));
        long id = two.waits(transact);
        assertEquals(0, fixture.value(1));
        fixture.passUnnoticed(3);
        one.unlock(0);
        assertEquals(
                List.of(two.completed(id, transact, 3, committed(new Version(0, 2), new Version(1, 2)))),
                fixture.effects());
        assertEquals(6, fixture.value(1));
    }

    @Test
    void page_lockedAndNoWait_isLocked() {
        long token = one.lock(1);
        assertFailed(Status.LOCKED, token, 0, two.call(transact(write(0, 5), write(1, 6))));
        assertFailed(Status.LOCKED, token, 0, one.call(transact(write(1, 6)))); // its own holder must show the token
        assertEquals(1, fixture.pages.version(0));
    }

    @Test
    void pages_readOrComparedOnly_areNotWaitedFor() {
        one.lock(0);
        Reply reply = two.call(transact(new Step.CompareVersion(0, 1), new Step.Read(0, 0, 4), write(1, 6)));
        assertEquals(
                new Reply.Committed(List.of(new Version(1, 2)), List.of(new Reply.Committed.Result(1, number(0)))),
                reply);
    }

    @Test
    void waiting_pagesMoreThanOne_holdsNoneAndKeepsItsTurn() {
        one.lock(0);
        two.lock(1);
        EngineClient three = fixture.open();
        long id = three.waits(transact(LONG, write(0, 5), write(1, 6)));
        one.unlock(0);
        assertEquals(List.of(), fixture.effects());
        assertFailed(Status.LOCKED, 0, 0, one.call(EngineFixture.write(0, 0, 9)));
        long behind = one.waits(EngineFixture.write(0, LONG, 9));
        two.unlock(1);
        List<Effect> effects = fixture.effects();
        assertEquals(
                three.completed(id, transact(), 0, committed(new Version(0, 2), new Version(1, 2))),
                effects.getFirst());
        assertEquals(one.completed(behind, EngineFixture.write(0, 0, 9), 0, new Reply.Written(3)), effects.getLast());
    }

    @Test
    void waiting_comparesAreMadeAtItsTurn() {
        one.lock(0);
        long stale = two.waits(transact(LONG, new Step.CompareVersion(0, 1), write(0, 5)));
        long right = two.waits(transact(LONG, new Step.CompareVersion(0, 2), write(0, 6)));
        one.call(EngineFixture.unlock(0, one.token(0), 9));
        assertEquals(
                List.of(
                        two.completed(stale, transact(), 0, notCommitted(new Compare(0, 0, 2, 0, null))),
                        two.completed(right, transact(), 0, committed(new Version(0, 3)))),
                fixture.effects());
    }

    @Test
    void waiting_keepsItsOwnCopyOfItsBytes() {
        one.lock(0);
        ByteBuffer data = number(77);
        ByteBuffer compared = number(0);
        two.waits(transact(LONG, new Step.CompareBytes(1, 0, compared), new Step.Write(0, 0, data)));
        data.putInt(0, 1);
        compared.putInt(0, 1);
        assertEquals(2 * 64 + 2 * 4, fixture.counter("waiting-bytes"));
        one.unlock(0);
        assertEquals(77, fixture.value(0));
        assertEquals(0, fixture.counter("waiting-bytes"));
    }

    @Test
    void waiting_pastItsLimit_changesNothing() {
        one.lock(1);
        long id = two.waits(transact(10, write(0, 5), write(1, 6)));
        fixture.pass(10);
        one.unlock(1);
        assertEquals(1, fixture.pages.version(0));
        assertFailed(Status.TIMEOUT, 10, 10, two.call(id, transact(10, write(0, 5), write(1, 6))));
    }

    @Test
    void tokenShown_letsTheHolderChangeItsPage() {
        long token = one.lock(0);
        Reply reply = one.call(transact(new Step.CompareToken(0, token), write(0, 5), write(1, 6)));
        assertEquals(committed(new Version(0, 2), new Version(1, 2)), reply);
        assertEquals(token, one.token(0), "still held");
    }

    @Test
    void release_atTheInstantOfTheTransaction_letsTheNextIn() {
        long zero = one.lock(0);
        long one1 = one.lock(1);
        long next = two.waits(exclusive(0, 1, LONG));
        Reply reply = one.call(transact(
                new Step.Release(0, zero),
                write(0, 5),
                write(1, 6),
                new Step.Release(1, one1),
                new Step.Release(0, zero)));
        assertEquals(committed(new Version(0, 2), new Version(1, 2)), reply);
        assertEquals(List.of(two.completed(next, exclusive(0, 1, 0), 0, EngineAsks.granted(3, 2))), fixture.effects());
        assertEquals(0, one.token(0) + one.token(1));
    }

    @Test
    void release_whenACompareFails_doesNotHappen() {
        long token = one.lock(0);
        Reply reply = one.call(transact(new Step.Release(0, token), new Step.CompareVersion(1, 9), write(0, 5)));
        assertEquals(notCommitted(new Compare(1, 1, 1, 0, null)), reply);
        assertEquals(token, one.token(0));
        assertEquals(1, fixture.pages.version(0));
    }

    @Test
    void releaseAlone_givesSharedAndExclusiveBack() {
        long exclusive = one.lock(0);
        long shared = token(one.call(shared(1, 1, 0)));
        assertEquals(committed(), one.call(transact(new Step.Release(0, exclusive), new Step.Release(1, shared))));
        assertEquals(0, fixture.counter("locks-held"));
        assertEquals(1, fixture.pages.version(0));
    }

    @Test
    void tokenLost_failsAtOnceEvenWhereOthersHoldThePage() {
        long lost = one.lock(0);
        one.unlock(0);
        long current = two.lock(0);
        Step[] steps = {new Step.CompareToken(0, lost), write(0, 5), write(1, 6), new Step.CompareVersion(1, 9)};
        assertEquals(
                notCommitted(new Compare(0, 0, 1, current, null), new Compare(3, 1, 1, 0, null)),
                one.call(transact(LONG, steps)));
        assertEquals(
                notCommitted(new Compare(0, 0, 1, current, null)),
                one.call(transact(LONG, new Step.Release(0, current))),
                "another session's");
        assertEquals(0, fixture.counter("waiters"));
        assertEquals(1, fixture.counter("locks-held"));
    }

    @Test
    void tokenLost_whileWaiting_failsAtItsTurn() {
        long token = one.lock(0);
        two.lock(1);
        long id = one.waits(transact(LONG, new Step.CompareToken(0, token), write(0, 5), write(1, 6)));
        one.unlock(0);
        two.lock(0);
        two.unlock(1);
        assertEquals(
                List.of(one.completed(id, transact(), 0, notCommitted(new Compare(0, 0, 1, two.token(0), null)))),
                fixture.effects());
        assertEquals(1, fixture.pages.version(1));
    }

    @Test
    void tokenShared_provesThePageButDoesNotAllowChanges() {
        long token = token(one.call(shared(0, 1, 0)));
        assertEquals(committed(new Version(1, 2)), one.call(transact(new Step.CompareToken(0, token), write(1, 6))));
        assertFailed(Status.FENCED, token, 0, one.call(transact(LONG, new Step.CompareToken(0, token), write(0, 5))));
        assertFailed(Status.FENCED, token, 0, one.call(transact(LONG, new Step.Release(0, token), write(0, 5))));
        assertEquals(1, fixture.pages.version(0));
        assertEquals(1, fixture.counter("locks-held"));
    }

    @Test
    void token_ofAnotherHandleOfTheSession_countsAsItsOwn() {
        long token = token(one.call(exclusive(0, 9, 0)));
        assertEquals(committed(new Version(0, 2)), one.call(transact(new Step.CompareToken(0, token), write(0, 5))));
    }

    @Test
    void session_overWhileWaiting_changesNothing() {
        EngineClient mortal = fixture.open(1000);
        one.lock(0);
        mortal.waits(transact(LONG, write(0, 5)));
        fixture.passUnnoticed(1000);
        one.unlock(0);
        assertEquals(1, fixture.pages.version(0));
        assertEquals(1, fixture.counter("sessions-expired"));
    }

    @Test
    void reply_beyondTheFrame_isTooLargeBeforeAnyEffect() {
        List<Step> reads = Collections.nCopies(9_000, new Step.Read(0, 0, PAGE_LENGTH));
        List<Step> steps = new ArrayList<>(reads);
        steps.add(write(1, 6));
        long bytes = 64 + 9_001L * 64 + 9_000L * PAGE_LENGTH;
        assertFailed(Status.TOO_LARGE, bytes, MIB + (16 << 10), one.call(new Request.Transact(0, false, steps)));
        assertEquals(1, fixture.pages.version(1));
    }

    @Test
    void failedCompares_moreThanTheFrameTakes_bringAsManyPagesAsFit() {
        List<Step> compares = Collections.nCopies(12_000, new Step.CompareVersion(0, 9));
        Reply.NotCommitted not =
                assertInstanceOf(Reply.NotCommitted.class, one.call(new Request.Transact(0, true, compares)));
        assertEquals(12_000, not.compares().size());
        long withPage = not.compares().stream()
                .takeWhile(compare -> compare.current() != null)
                .count();
        assertEquals((MIB + (16 << 10) - 64 - 32 * 12_000L) / PAGE_LENGTH, withPage);
        assertEquals(
                0,
                not.compares().stream()
                        .skip(withPage)
                        .filter(c -> c.current() != null)
                        .count());
    }

    @Test
    void bytesOfWaitingTransactions_pastTheLimit_areBusy() {
        one.lock(0);
        ByteBuffer much = ByteBuffer.allocate(PAGE_LENGTH);
        int count = (int) (MIB / (64 + PAGE_LENGTH));
        List<Step> steps = Collections.nCopies(count, new Step.Write(0, 0, much));
        two.waits(new Request.Transact(LONG, false, steps));
        assertEquals(MIB, fixture.counter("waiting-bytes"));
        assertFailed(Status.BUSY, MIB + 68, MIB, two.call(transact(LONG, write(0, 1))));
        assertEquals(1, fixture.counter("waiters"));
    }

    @Test
    void line_fullAtOnePage_isBusyAndNoLineIsJoined() {
        one.lock(1);
        two.waits(EngineFixture.write(1, LONG, 5));
        two.waits(EngineFixture.write(1, LONG, 6));
        assertFailed(Status.BUSY, 2, 2, two.call(transact(LONG, write(0, 1), write(1, 1))));
        assertEquals(new Reply.Written(2), two.call(EngineFixture.write(0, 0, 1)));
    }
}
