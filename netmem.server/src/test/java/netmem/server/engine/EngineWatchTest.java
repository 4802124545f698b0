package netmem.server.engine;

import static netmem.server.engine.EngineAsks.transact;
import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.PAGES;
import static netmem.server.engine.EngineFixture.unlock;
import static netmem.server.engine.EngineFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Reply.Committed.Version;
import netmem.api.wire.Request;
import netmem.api.wire.Request.Watch.Seen;
import netmem.api.wire.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** WATCH and UNWATCH: who is roused by what, and what is taken then. What goes over the wire before what: WatchOverSocketTest. */
@Timeout(30)
final class EngineWatchTest {
    @RegisterExtension
    final EngineFixture fixture = new EngineFixture(
            Map.of("watches-per-session-max", 3L, "changes-unsent-max", 4L, "changes-unsent-total-max", 6L));

    private final EngineClient watcher = fixture.open();
    private final EngineClient writer = fixture.open();

    private static Request.Watch watch(long first, long count, Seen... seen) {
        return new Request.Watch(first, count, List.of(seen));
    }

    private void watches(EngineClient client, long first, long count, Seen... seen) {
        assertEquals(new Reply.Done(), client.call(watch(first, count, seen)));
    }

    private void change(long... pages) {
        for (long page : pages) {
            writer.call(write(page, 0, 1));
        }
    }

    /** Page and version in turn. */
    private void assertTold(EngineClient client, long... pagesAndVersions) {
        List<Version> told =
                fixture.engine.takeChanges(client.session, client.connection) instanceof Reply.Changed changed
                        ? changed.pages()
                        : List.of();
        Version[] expected = new Version[pagesAndVersions.length / 2];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = new Version(pagesAndVersions[2 * i], pagesAndVersions[2 * i + 1]);
        }
        assertEquals(List.of(expected), told);
        fixture.check();
    }

    @Test
    void change_ofAWatchedPage_rousesTheWatcherOnceAndTellsTheNewestVersion() {
        watches(watcher, 2, 1);
        assertTold(watcher);
        change(2);
        assertEquals(List.of(new Effect.Changed(watcher.connection)), fixture.effects());
        change(2, 2);
        assertEquals(List.of(), fixture.effects(), "roused once");
        assertTold(watcher, 2, 4);
        assertTold(watcher);
        change(2);
        assertEquals(List.of(new Effect.Changed(watcher.connection)), fixture.effects());
        assertTold(watcher, 2, 5);
    }

    @Test
    void change_ofAnotherPage_rousesNobody() {
        watches(watcher, 2, 2);
        change(1, 4);
        assertEquals(List.of(), fixture.effects());
        assertTold(watcher);
    }

    @Test
    void changes_ofSeveralPages_areToldInTheOrderOfTheirFirst() {
        watches(watcher, 0, PAGES);
        change(5, 2, 5, 7);
        assertTold(watcher, 5, 3, 2, 2, 7, 2);
    }

    @Test
    void eachWayOfChanging_isTold() {
        watches(watcher, 0, 1);
        change(0);
        assertTold(watcher, 0, 2);
        writer.call(EngineAsks.atomic(0, WordFunction.ADD, 1));
        assertTold(watcher, 0, 3);
        writer.call(transact(EngineAsks.write(0, 1), EngineAsks.write(1, 1)));
        assertTold(watcher, 0, 4);
        long token = writer.lock(0);
        assertTold(watcher);
        writer.call(EngineFixture.unlock(0, token, 5));
        assertTold(watcher, 0, 5);
        writer.lock(0);
        watcher.waits(write(0, 1000, 6));
        writer.unlock(0);
        assertTold(watcher, 0, 6);
        fixture.open02().update02(0, 0, 7);
        assertTold(watcher, 0, 7);
    }

    @Test
    void whatChangesNothing_isNotTold() {
        watches(watcher, 0, 2);
        writer.call(new Request.Write(0, 9, 0, 0, false, Ranges.of(0, 4), EngineFixture.number(1)));
        writer.call(transact(EngineAsks.write(0, 1), new Step.CompareVersion(1, 9)));
        writer.lock(0);
        writer.unlock(0);
        assertTold(watcher);
        assertEquals(List.of(), fixture.effects());
    }

    @Test
    void ownChanges_areToldToo() {
        watches(watcher, 0, 1);
        watcher.call(write(0, 0, 1));
        assertTold(watcher, 0, 2);
    }

    @Test
    void seenVersions_thatDiffer_areToldAtOnce() {
        change(1, 2, 2);
        watches(watcher, 0, 4, new Seen(0, 1), new Seen(1, 1), new Seen(2, 3), new Seen(3, 0));
        assertTold(watcher, 1, 2, 3, 1);
        watches(watcher, 0, 4, new Seen(2, 9));
        assertTold(watcher, 2, 3);
    }

    @Test
    void pagesNotNamed_countAsSeenAsTheyAre() {
        change(1, 1);
        watches(watcher, 0, 4);
        assertTold(watcher);
        change(1);
        assertTold(watcher, 1, 4);
    }

    @Test
    void sameRunAgain_isOneWatch() {
        watches(watcher, 0, 1);
        watches(watcher, 1, 1);
        watches(watcher, 2, 1);
        watches(watcher, 2, 1, new Seen(2, 0));
        assertEquals(3, fixture.counter("watches"));
        assertFailed(Status.BUSY, 3, 3, watcher.call(watch(3, 1)));
        watcher.call(new Request.Unwatch(2, 1));
        watches(watcher, 3, 1);
    }

    @Test
    void overlappingRuns_tellAChangeOnce() {
        watches(watcher, 0, 4);
        watches(watcher, 2, 4);
        change(3);
        assertTold(watcher, 3, 2);
        watcher.call(new Request.Unwatch(0, 4));
        change(1, 3);
        assertTold(watcher, 3, 3);
    }

    @Test
    void run_outsideOfThePages_isRefused() {
        assertFailed(Status.NO_SUCH_PAGE, PAGES, PAGES, watcher.call(watch(0, PAGES + 1)));
        assertFailed(Status.NO_SUCH_PAGE, PAGES, PAGES, watcher.call(watch(PAGES, 1)));
        assertFailed(Status.NO_SUCH_PAGE, 3, PAGES, watcher.call(watch(3, 0)));
        for (long huge : new long[] {-1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertFailed(Status.NO_SUCH_PAGE, huge, PAGES, watcher.call(watch(huge, 1)));
            assertFailed(Status.NO_SUCH_PAGE, huge, PAGES, watcher.call(watch(1, huge)));
        }
        assertEquals(0, fixture.counter("watches"));
        assertFalse(watcher.session.isWatching());
        watches(watcher, 0, PAGES);
        assertTrue(watcher.session.isWatching());
    }

    @Test
    void unwatch_withoutWatches_isDone() {
        assertEquals(new Reply.Done(), watcher.call(new Request.Unwatch(0, 1)));
        watches(watcher, 0, 2);
        assertEquals(new Reply.Done(), watcher.call(new Request.Unwatch(0, 1)), "not a run that was asked for");
        change(0);
        assertTold(watcher, 0, 2);
    }

    @Test
    void unwatch_ofTheRun_dropsWhatIsUnsentOfIt() {
        watches(watcher, 0, 2);
        watches(watcher, 1, 2);
        change(0, 1, 2);
        assertEquals(new Reply.Done(), watcher.call(new Request.Unwatch(0, 2)));
        assertTold(watcher, 1, 2, 2, 2);
        assertEquals(new Reply.Done(), watcher.call(new Request.Unwatch(1, 2)));
        assertFalse(watcher.session.isWatching());
        change(0, 1, 2);
        assertTold(watcher);
        assertEquals(0, fixture.counter("watches"));
    }

    @Test
    void watches_endWithTheConnection() {
        watches(watcher, 0, 2);
        change(0);
        watcher.disconnect();
        assertEquals(0, fixture.counter("watches"));
        fixture.effects();
        change(1);
        assertEquals(List.of(), fixture.effects());
        watcher.resume();
        change(0);
        assertTold(watcher);
        watches(watcher, 0, 2, new Seen(0, 1), new Seen(1, 1));
        assertTold(watcher, 0, 3, 1, 2);
    }

    @Test
    void watches_ofASessionResumedElsewhere_areNotTakenByTheOldConnection() {
        watches(watcher, 0, 2);
        long old = watcher.connection;
        watcher.resume();
        change(0);
        assertTold(watcher);
        watches(watcher, 0, 2, new Seen(0, 1));
        assertEquals(null, fixture.engine.takeChanges(watcher.session, old));
        assertTold(watcher, 0, 2);
    }

    @Test
    void watches_endWithTheSession() {
        EngineClient mortal = fixture.open(1000);
        watches(mortal, 0, 2);
        change(0);
        fixture.pass(1000);
        assertEquals(0, fixture.counter("watches"));
        watches(watcher, 0, 2);
        watcher.call(new Request.Bye());
        assertEquals(0, fixture.counter("watches"));
    }

    @Test
    void watcher_tooFarBehind_isCutAndToldWhenItAsksAgain() {
        watches(watcher, 0, PAGES);
        EngineClient other = fixture.open();
        watches(other, 0, 1);
        change(0, 1, 2, 3, 3, 2, 1, 0);
        fixture.effects();
        change(4);
        assertEquals(List.of(new Effect.Detached(watcher.connection, Status.BUSY)), fixture.effects());
        assertEquals(1, fixture.counter("watches"), "others go on");
        assertFalse(watcher.session.isEnded(), "the session goes on");
        watcher.disconnect();
        watcher.resume();
        watches(watcher, 0, PAGES, new Seen(4, 1));
        assertTold(watcher, 4, 2);
    }

    @Test
    void watchers_tooFarBehindTogether_loseTheFurthest() {
        EngineClient behind = fixture.open();
        watches(behind, 0, 4);
        watches(watcher, 2, 3);
        change(0, 1, 2, 3);
        assertEquals(6, fixture.counter("changes-unsent"));
        fixture.effects();
        change(4);
        assertEquals(List.of(new Effect.Detached(behind.connection, Status.BUSY)), fixture.effects());
        assertTold(watcher, 2, 2, 3, 2, 4, 2);
    }

    @Test
    void requestThatWaits_overAResume_isAnsweredOnlyOnceItCameAgain() {
        long token = writer.lock(2);
        long answeredBefore = watcher.waits(write(2, 1_000, 5));
        long answeredAfter = watcher.waits(write(2, 1_000, 6));
        watcher.disconnect();
        watcher.resume();
        assertEquals(Answer.DEFERRED, watcher.send(answeredAfter, write(2, 1_000, 6)));
        writer.call(unlock(2, token));

        Effect after = watcher.completed(answeredAfter, write(2, 0, 6), 0, new Reply.Written(3));
        assertEquals(List.of(after), fixture.effects(), "the client has not asked for its watches before the other");
        assertEquals(new Reply.Written(2), watcher.call(answeredBefore, write(2, 1_000, 5)));
    }
}
