package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers on virtual threads have no timers; whatever happens, they are told in time that their time is over. */
@Timeout(60)
class AlarmTest extends FakeServerFixture {
    /** Below the default deadline, at which each of these calls would end even if it had been given that. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private FutureTask<Long> version(int deadlineMillis) {
        NetMem brief = mem.within(Duration.ofMillis(deadlineMillis));
        return FakeServer.start(() -> brief.version(1));
    }

    private static void assertEndsInTime(FutureTask<Long> call, long beginNanos, int deadlineMillis) {
        NetMemException e = assertThrows(NetMemException.DeadlinePassed.class, () -> FakeServer.join(call));
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        long elapsed = System.nanoTime() - beginNanos;
        long limit = TimeUnit.MILLISECONDS.toNanos(deadlineMillis);
        assertTrue(elapsed >= limit && elapsed < limit + PATIENCE_NANOS, () -> "elapsed: " + elapsed + " ns");
    }

    @Test
    void deadlines_laterOnesBegunFirst_eachPassesInTime() {
        long begin = System.nanoTime();
        int[] deadlines = {900, 30, 300, 120, 600, 60};
        List<FutureTask<Long>> calls = new ArrayList<>();
        for (int millis : deadlines) {
            calls.add(version(millis));
        }
        for (int i = 0; i < deadlines.length; i++) {
            assertEndsInTime(calls.get(i), begin, deadlines[i]);
        }
    }

    @Test
    void deadline_afterOthersWereAnswered_passesInTime() throws Exception {
        for (int i = 0; i < 20; i++) {
            FutureTask<Long> answered = version(50);
            peer.reply(ReadingCaller.version(i), peer.nextCall());
            assertEquals(i, FakeServer.join(answered));
            long begin = System.nanoTime();
            FutureTask<Long> unanswered = version(10);
            FakeServer.Frame late = peer.nextCall();
            assertEndsInTime(unanswered, begin, 10);
            peer.reply(ReadingCaller.version(i), late);
        }
    }

    @Test
    void deadline_connectionLostForGood_passesInTime() throws Exception {
        long begin = System.nanoTime();
        FutureTask<Long> call = version(500);
        peer.nextCall();
        server.close();
        peer.reset();
        NetMemException e = assertThrows(NetMemException.DeadlinePassed.class, () -> FakeServer.join(call));
        assertTrue(System.nanoTime() - begin < PATIENCE_NANOS, e::toString);
    }

    @Test
    void deadline_connectionLostAndBack_passesInTime() throws Exception {
        long begin = System.nanoTime();
        FutureTask<Long> call = version(1_500);
        peer.nextCall();
        peer.reset();
        peer = server.accept();
        peer.greet(FakeServer.welcome(true));
        peer.nextCall();
        assertEndsInTime(call, begin, 1_500);
    }

    @Test
    void deadline_whileAPlatformThreadReads_passesInTime() throws Exception {
        try (ReadingCaller caller = new ReadingCaller()) {
            ReadingCaller.Waiting waiting = caller.reading(mem, peer);
            long begin = System.nanoTime();
            FutureTask<Long> call = version(100);
            peer.nextCall();
            assertEndsInTime(call, begin, 100);
            peer.reply(ReadingCaller.version(17), waiting.frame());
            assertEquals(17, FakeServer.join(waiting.version()));
        }
    }
}
