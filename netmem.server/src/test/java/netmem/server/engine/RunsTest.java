package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import netmem.api.wire.SessionId;
import netmem.server.engine.Runs.Watched;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watched runs cut into blocks: the same answer as looking at each run. */
@Timeout(30)
final class RunsTest {
    private final Runs runs = new Runs();
    private final List<Session> sessions = new ArrayList<>();

    RunsTest() {
        for (int i = 0; i < 4; i++) {
            sessions.add(new Session(i + 1, SessionId.NONE, "", Session.NO_LEASE, 1, new OutcomeBudget(1 << 20), 0));
        }
    }

    @Test
    void watching_randomRuns_isAsIfEachWereLookedAt() {
        Random random = Seeds.random(RunsTest.class);
        Set<Watched> all = new LinkedHashSet<>();
        for (int round = 0; round < 3000; round++) {
            long first = random.nextInt(4) == 0 ? random.nextLong(1L << 40) : random.nextInt(70);
            long count = 1 + (random.nextInt(4) == 0 ? random.nextLong(1L << 40) : random.nextInt(70));
            if (random.nextBoolean() && !all.isEmpty()) {
                Watched old = List.copyOf(all).get(random.nextInt(all.size()));
                all.remove(old);
                runs.remove(old);
            } else {
                Watched added = new Watched(sessions.get(random.nextInt(sessions.size())), first, count);
                if (all.add(added)) {
                    runs.add(added);
                }
            }
            assertSame(all, random.nextInt(150));
            assertSame(all, first);
            assertSame(all, first + count - 1);
            assertSame(all, first + count);
        }
        for (Watched watched : List.copyOf(all)) {
            runs.remove(watched);
        }
        assertSame(Set.of(), 5);
    }

    private void assertSame(Set<Watched> all, long page) {
        Set<Session> expected = new LinkedHashSet<>();
        all.stream().filter(watched -> watched.has(page)).forEach(watched -> expected.add(watched.session()));
        assertEquals(Set.copyOf(expected), Set.copyOf(runs.watching(page)), () -> "page " + page);
    }

    @Test
    void watching_largestRun_isFound() {
        runs.add(new Watched(sessions.getFirst(), 0, Long.MAX_VALUE));
        for (long page : new long[] {0, 1, 12345, Long.MAX_VALUE - 1}) {
            assertEquals(Set.of(sessions.getFirst()), runs.watching(page));
        }
        runs.remove(new Watched(sessions.getFirst(), 0, Long.MAX_VALUE));
        assertEquals(Set.of(), runs.watching(12345));
    }

    @Test
    void blocksThatTwoRunsShare_stayUntilBothAreGone() {
        Watched eight = new Watched(sessions.getFirst(), 0, 8);
        Watched twelve = new Watched(sessions.getFirst(), 0, 12);
        runs.add(eight);
        runs.add(twelve);
        runs.remove(eight);
        assertEquals(Set.of(sessions.getFirst()), runs.watching(3));
        runs.remove(twelve);
        runs.remove(twelve);
        assertEquals(Set.of(), runs.watching(3));
    }
}
