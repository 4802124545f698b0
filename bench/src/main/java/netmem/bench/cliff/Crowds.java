package netmem.bench.cliff;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import netmem.api.Versioned;
import netmem.client.LockGroup;
import netmem.client.LocksAsync;
import netmem.client.NetMem;
import netmem.client.PageLock;

/** Loads in which many wait, watch or stand in a line. Each begins with all of them waiting. Stateless. */
final class Crowds {
    private static final int PAGE = Cliff.FIRST_PAGE;
    private static final int WAITERS = 5000;
    private static final int WAITERS_OF_A_CLIENT = 625;
    private static final int WATCHERS = 1000;
    private static final int WATCHES_OF_A_CLIENT = 1000;
    private static final int WATCHING_CLIENTS = 10;
    private static final int JOINT_LOCKS = 31;
    private static final int PAGES_OF_A_JOINT_LOCK = 33;
    private static final Duration LONG = Duration.ofMinutes(10);

    private Crowds() {}

    /** 5000 wait for one page to change; each step changes it, and they wait again. */
    static BusyLoad awaiters(Crowd crowd) {
        NetMem writer = crowd.client();
        Versioned seen = writer.read(PAGE);
        for (NetMem client : crowd.clients(WAITERS / WAITERS_OF_A_CLIENT)) {
            for (int i = 0; i < WAITERS_OF_A_CLIENT; i++) {
                awaitAgain(client, seen);
            }
        }
        return () -> writer.addAndGet(PAGE, 0, 1);
    }

    private static void awaitAgain(NetMem client, Versioned seen) {
        CompletionStage<Void> _ =
                client.async().awaitNewer(seen, LONG).thenAccept(newer -> awaitAgain(client, newer.orElse(seen)));
    }

    /** 1000 sessions watch one page, which each step changes. */
    static BusyLoad watchers(Crowd crowd) {
        NetMem writer = crowd.client();
        crowd.clients(WATCHERS).forEach(client -> client.watch(PAGE, 1, (_, _) -> {}));
        return () -> writer.addAndGet(PAGE, 0, 1);
    }

    /** 10 sessions watch the same 1000 pages one by one; each step changes 20 of them. */
    static BusyLoad manyWatches(Crowd crowd) {
        NetMem writer = crowd.client();
        for (NetMem client : crowd.clients(WATCHING_CLIENTS)) {
            for (int i = 0; i < WATCHES_OF_A_CLIENT; i++) {
                client.watch(PAGE + i, 1, (_, _) -> {});
            }
        }
        int[] next = new int[1];
        return () -> {
            List<CompletableFuture<Long>> writes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                next[0] = (next[0] + 37) % WATCHES_OF_A_CLIENT;
                writes.add(writer.async().addAndGet(PAGE + next[0], 0, 1).toCompletableFuture());
            }
            join(writes);
        };
    }

    /** 5000 stand in the line of one lock; each step hands it on, and who had it goes to the end. */
    static BusyLoad line(Crowd crowd) {
        CompletableFuture<Turn> first = new CompletableFuture<>();
        List<CompletableFuture<Turn>> next = new ArrayList<>(List.of(first));
        for (NetMem client : crowd.clients(WAITERS / WAITERS_OF_A_CLIENT)) {
            for (int i = 0; i < WAITERS_OF_A_CLIENT; i++) {
                standInLine(client, next);
            }
        }
        return () -> {
            CompletableFuture<Turn> holder = next.getFirst();
            Turn turn = holder.get(LONG.toSeconds(), TimeUnit.SECONDS);
            synchronized (next) {
                next.set(0, new CompletableFuture<>());
            }
            turn.lock.close();
            standInLine(turn.client, next);
        };
    }

    private record Turn(NetMem client, PageLock lock) {}

    private static void standInLine(NetMem client, List<CompletableFuture<Turn>> next) {
        CompletionStage<Void> _ = client.async().lock(PAGE).thenAccept(lock -> {
            synchronized (next) {
                next.getFirst().complete(new Turn(client, lock));
            }
        });
    }

    /** One owner wants 31 groups of 33 pages at once, of each of which another one holds a page; each step has all of it granted and given back. */
    static BusyLoad jointLocks(Crowd crowd) {
        NetMem holder = crowd.client();
        LocksAsync owner = crowd.client().async().owner();
        long[] held = new long[JOINT_LOCKS];
        List<long[]> groups = new ArrayList<>();
        for (int i = 0; i < JOINT_LOCKS; i++) {
            long[] group = new long[PAGES_OF_A_JOINT_LOCK];
            for (int j = 0; j < group.length; j++) {
                group[j] = PAGE + (long) i * PAGES_OF_A_JOINT_LOCK + j;
            }
            groups.add(group);
            held[i] = group[PAGES_OF_A_JOINT_LOCK / 2];
        }
        return () -> {
            List<CompletableFuture<LockGroup>> wanted = new ArrayList<>();
            try (LockGroup all = holder.lockAll(held)) {
                groups.forEach(group -> wanted.add(owner.lockAll(group).toCompletableFuture()));
                while (holder.lockInfo(held[JOINT_LOCKS - 1]).waiters() == 0) {
                    Thread.onSpinWait(); // the last one is not in the line yet
                }
                all.discard();
            }
            for (CompletableFuture<LockGroup> each : wanted) {
                each.get(LONG.toSeconds(), TimeUnit.SECONDS).discard();
            }
        };
    }

    private static void join(List<CompletableFuture<Long>> writes) {
        CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).join();
    }
}
