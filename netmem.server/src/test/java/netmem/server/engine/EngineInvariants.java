package netmem.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import netmem.server.lock.Claim;
import netmem.server.lock.Holder;

/**
 * What must hold of locks and lines between any two commands: who holds and who waits, read off the sessions and put
 * together page by page in the plainest way, and who stands where. Confined to the test's thread.
 */
final class EngineInvariants {
    private final List<Session> sessions;
    private final Map<Long, List<Holder>> holders = new TreeMap<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private final Engine engine;

    EngineInvariants(List<Session> sessions, Engine engine) {
        this.sessions = sessions;
        this.engine = engine;
        for (Session session : sessions) {
            for (Holder holder : session.held.values()) {
                holders.computeIfAbsent(holder.page(), _ -> new ArrayList<>()).add(holder);
            }
            waiters.addAll(session.waiting);
        }
        waiters.sort(Comparator.comparingLong(Waiter::number));
    }

    void check() {
        Set<Long> tokens = new HashSet<>();
        long waitingBytes = 0;
        for (Session session : sessions) {
            assertTrue(!session.isEnded() || session.held.isEmpty(), "an ended session holds nothing");
            assertTrue(!session.isEnded() || session.waiting.isEmpty(), "an ended session waits for nothing");
            assertTrue(!session.isEnded() || session.outcomes.bytes() == 0, "an ended session has no outcomes");
            session.held.forEach((token, holder) -> {
                assertEquals(token, holder.token());
                assertEquals(session.key, holder.owner().session());
                assertTrue(tokens.add(token), "one grant of token " + token);
            });
            int awaited = session.waiting.stream().mapToInt(Waiter::locks).sum();
            assertEquals(awaited, session.locksAwaited, "locks that session " + session.key + " waits for");
            waitingBytes += session.waiting.stream()
                    .mapToLong(waiter -> waiter.work.bytes())
                    .sum();
        }
        holders.values().forEach(EngineInvariants::checkBeside);
        for (Waiter waiter : waiters) {
            assertTrue(engine.nextTickNanos() <= waiter.deadlineNanos, "the timer knows each deadline");
            assertFalse(couldBeServed(waiter), () -> "request " + waiter.requestId + " could be served");
            assertFalse(reaches(waiter, waiter), () -> "request " + waiter.requestId + " waits for itself");
        }
        assertEquals(tokens.size(), counter(engine, "locks-held"), "each lock is held by a live session");
        assertEquals(waiters.size(), counter(engine, "waiters"));
        assertEquals(waitingBytes, counter(engine, "waiting-bytes"));
        long outcomeBytes =
                sessions.stream().mapToLong(session -> session.outcomes.bytes()).sum();
        assertEquals(outcomeBytes, counter(engine, "outcome-bytes"), "bytes of recorded outcomes");
        long unsent =
                sessions.stream().mapToLong(session -> session.unsent.size()).sum();
        assertEquals(unsent, counter(engine, "changes-unsent"));
    }

    private static long counter(Engine engine, String name) {
        return engine.counters().getOrDefault(name, -1L);
    }

    private static void checkBeside(List<Holder> beside) {
        assertTrue(
                beside.size() == 1 || beside.stream().allMatch(holder -> holder.mode() == Claim.Mode.SHARED),
                () -> "an exclusive holder is alone: " + beside);
        assertEquals(
                beside.size(),
                beside.stream().map(Holder::owner).distinct().count(),
                () -> "each handle holds a page once: " + beside);
    }

    /** First in each line that it has joined, and each page admits it: it would be served, or join the next. */
    private boolean couldBeServed(Waiter waiter) {
        return !waiter.claims().isEmpty()
                && waiter.claims().stream()
                        .filter(claim -> stands(waiter, claim))
                        .allMatch(claim -> blockingGrants(claim).isEmpty()
                                && ahead(waiter, claim.page()).isEmpty());
    }

    private boolean stands(Waiter waiter, Claim claim) {
        return engine.lines.waiters(claim.page()).contains(waiter);
    }

    private List<Holder> blockingGrants(Claim claim) {
        return holders.getOrDefault(claim.page(), List.of()).stream()
                .filter(holder -> holder.mode() == Claim.Mode.EXCLUSIVE || claim.mode() == Claim.Mode.EXCLUSIVE)
                .toList();
    }

    private List<Waiter> ahead(Waiter waiter, long page) {
        return engine.lines.waiters(page).stream()
                .takeWhile(other -> other != waiter)
                .toList();
    }

    private List<Waiter> blockersOf(Waiter waiter) {
        List<Waiter> blockers = new ArrayList<>();
        for (Claim claim : waiter.claims()) {
            if (!stands(waiter, claim)) {
                continue;
            }
            blockers.addAll(ahead(waiter, claim.page()));
            for (Holder holder : blockingGrants(claim)) {
                waiters.stream()
                        .filter(other -> other.owner().equals(holder.owner()))
                        .forEach(blockers::add);
            }
        }
        return blockers;
    }

    private boolean reaches(Waiter from, Waiter to) {
        Set<Waiter> met = new HashSet<>();
        List<Waiter> open = new ArrayList<>(blockersOf(from));
        while (!open.isEmpty()) {
            Waiter next = open.removeLast();
            if (next == to) {
                return true;
            }
            if (met.add(next)) {
                open.addAll(blockersOf(next));
            }
        }
        return false;
    }
}
