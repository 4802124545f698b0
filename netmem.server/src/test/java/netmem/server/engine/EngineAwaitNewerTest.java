package netmem.server.engine;

import static netmem.server.engine.EngineClient.assertFailed;
import static netmem.server.engine.EngineFixture.PAGES;
import static netmem.server.engine.EngineFixture.write;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** AWAIT_NEWER: answered by the change that it waits for, and by nothing else before its limit. */
@Timeout(30)
final class EngineAwaitNewerTest {
    private static final int LONG = 60_000;

    @RegisterExtension
    final EngineFixture fixture = new EngineFixture(Map.of("waiters-max", 4L, "waiters-per-page-max", 3L));

    private final EngineClient client = fixture.open();
    private final EngineClient writer = fixture.open();

    private static Request await(long page, long version, int waitMillis) {
        return new Request.AwaitNewer(page, version, waitMillis);
    }

    @Test
    void page_newerAlready_isAnsweredAtOnce() {
        writer.call(write(0, 0, 1));
        assertEquals(new Reply.Written(2), client.call(await(0, 1, LONG)));
        assertEquals(new Reply.Written(2), client.call(await(0, 0, 0)));
        assertFailed(Status.TIMEOUT, 0, 0, client.call(await(0, 2, 0)));
        assertFailed(Status.TIMEOUT, 0, 0, client.call(await(0, -1, 0)));
    }

    @Test
    void page_changed_answersThoseWhoKnowLess() {
        long first = client.waits(await(0, 1, LONG));
        long third = client.waits(await(0, 3, LONG));
        fixture.passUnnoticed(5);
        writer.call(write(1, 0, 1));
        assertEquals(List.of(), fixture.effects());
        writer.call(write(0, 0, 1));
        assertEquals(List.of(client.completed(first, await(0, 1, 0), 5, new Reply.Written(2))), fixture.effects());
        writer.call(write(0, 0, 1));
        assertEquals(List.of(), fixture.effects(), "3 is not above 3");
        writer.call(write(0, 0, 1));
        assertEquals(List.of(client.completed(third, await(0, 3, 0), 5, new Reply.Written(4))), fixture.effects());
        assertEquals(0, fixture.counter("waiters"));
    }

    @Test
    void versions_areComparedAsUnsignedNumbers() {
        long largest = client.waits(await(0, -2, LONG));
        writer.call(write(0, 0, 1));
        assertEquals(List.of(), fixture.effects());
        client.call(new Request.Cancel(largest));
        assertEquals(1, fixture.effects().size());
    }

    @Test
    void page_locked_isAwaitedAllTheSame() {
        long token = writer.lock(0);
        long id = client.waits(await(0, 1, LONG));
        assertEquals(0, fixture.effects().size());
        writer.call(EngineFixture.writeWith(token, 0, 5));
        assertEquals(List.of(client.completed(id, await(0, 1, 0), 0, new Reply.Written(2))), fixture.effects());
        EngineClient other = fixture.open();
        client.waits(await(0, 2, LONG));
        writer.unlock(0);
        other.lock(0);
        assertEquals(List.of(), fixture.effects(), "nobody in line stands behind it");
    }

    @Test
    void wait_pastItsLimit_isTimeout() {
        long id = client.waits(await(0, 1, 20));
        fixture.pass(20);
        Reply timeout = new Reply.Failed(Status.TIMEOUT, 20, 20, "page 0 was not newer within 20 ms");
        assertEquals(List.of(client.completed(id, await(0, 1, 0), 20, timeout)), fixture.effects());
        writer.call(write(0, 0, 1));
        assertEquals(List.of(), fixture.effects());
        assertEquals(timeout, client.call(id, await(0, 1, 20)), "recorded");
    }

    @Test
    void repeated_afterACut_goesOnWaiting() {
        long id = client.waits(await(0, 1, LONG));
        client.disconnect();
        writer.call(write(1, 0, 1));
        client.resume();
        assertEquals(Answer.DEFERRED, client.send(id, await(0, 1, LONG)));
        assertEquals(1, fixture.counter("waiters"));
        writer.call(write(0, 0, 1));
        assertEquals(List.of(client.completed(id, await(0, 1, 0), 0, new Reply.Written(2))), fixture.effects());
    }

    @Test
    void slot_thatGoesOn_dropsTheWait() {
        long id = client.waits(await(0, 1, LONG));
        long newer = FrameHeader.requestId(FrameHeader.slot(id), FrameHeader.sequence(id) + 1);
        client.call(newer, write(0, 0, 1));
        assertEquals(List.of(), fixture.effects());
        assertEquals(0, fixture.counter("waiters"));
    }

    @Test
    void waits_beyondTheLimits_areBusy() {
        for (int i = 0; i < 3; i++) {
            client.waits(await(0, 1, LONG));
        }
        assertFailed(Status.BUSY, 3, 3, client.call(await(0, 1, LONG)));
        client.waits(await(1, 1, LONG));
        assertFailed(Status.BUSY, 4, 4, client.call(await(2, 1, LONG)));
        writer.lock(5);
        assertFailed(Status.BUSY, 4, 4, client.call(EngineFixture.lock(5, LONG)));
    }

    @Test
    void page_thatIsNotThere_isRefused() {
        assertFailed(Status.NO_SUCH_PAGE, PAGES, PAGES, client.call(await(PAGES, 0, LONG)));
        assertFailed(Status.NO_SUCH_PAGE, -1, PAGES, client.call(await(-1, 0, LONG)));
    }

    @Test
    void session_over_isNotAnswered() {
        EngineClient mortal = fixture.open(1000);
        mortal.waits(await(0, 1, LONG));
        fixture.pass(1000);
        fixture.effects();
        writer.call(write(0, 0, 1));
        assertEquals(List.of(), fixture.effects());
        assertEquals(0, fixture.counter("waiters"));
    }

    @Test
    void drain_answersThoseWhoWait() {
        long id = client.waits(await(0, 1, LONG));
        fixture.engine.drain(fixture.now);
        assertEquals(
                List.of(client.completed(
                        id, await(0, 1, 0), 0, new Reply.Failed(Status.NOT_READY, 0, 0, "the server is stopping"))),
                fixture.effects());
    }
}
