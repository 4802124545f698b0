package netmem.proof.sockets;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import netmem.api.NetMemException;
import netmem.client.Watch;
import netmem.proof.history.Seen;
import netmem.proof.sockets.Recorder.Pending;
import org.jspecify.annotations.Nullable;

/** A random mixture of all operations on a few pages by several threads, and a watch of them all. Shared by its threads. */
final class Load {
    private static final long HOLD_NANOS_MAX = 4_000_000;
    private static final long PAUSE_NANOS_MAX = 1_000_000;
    private static final List<RecordedLocks.Ending> ENDINGS = List.of(RecordedLocks.Ending.values());

    private final RecordedClient client;
    private final RecordedLocks locks;
    private final int pages;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Long, Long> told = new ConcurrentHashMap<>();
    private final CountDownLatch lost = new CountDownLatch(1);
    private volatile boolean stopped;
    private @Nullable Watch watch;

    Load(RecordedClient client, int pages) {
        this.client = client;
        this.locks = new RecordedLocks(client);
        this.pages = pages;
    }

    void start(int threadCount, long seed) {
        watch();
        for (int i = 0; i < threadCount; i++) {
            Random random = new Random(seed + i);
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                while (!stopped) {
                    step(random);
                    LockSupport.parkNanos(random.nextLong(PAUSE_NANOS_MAX));
                }
            }));
        }
    }

    /** Lets each thread finish what it is at. */
    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Waits until the watch is told that the memory was lost. */
    void awaitLost() throws InterruptedException {
        lost.await();
    }

    /** The same load in the next memory; this one has stopped. */
    Load inNextMemory() {
        Watch old = watch;
        if (old != null) {
            old.close();
        }
        return new Load(client.inNextMemory(), pages);
    }

    /** Waits until the watch has told the versions, for so long at most; tells whether it has. */
    boolean awaitTold(List<Long> versions, Duration limit) {
        long start = System.nanoTime();
        for (int page = 0; page < versions.size(); page++) {
            long version = versions.get(page);
            LongSupplier newest = newest(page);
            while (newest.getAsLong() < version && System.nanoTime() - start < limit.toNanos()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            if (newest.getAsLong() < version) {
                return false;
            }
        }
        return true;
    }

    private LongSupplier newest(long page) {
        return () -> told.getOrDefault(page, 0L);
    }

    /** Watches all pages, and records of each a version that was there when the watch stood. */
    private void watch() {
        while (watch == null) {
            try {
                watch = client.mem().watch(0, pages, new Listener());
            } catch (NetMemException e) {
                // The connection was down for the whole deadline: nothing is watched yet.
                LockSupport.parkNanos(PAUSE_NANOS_MAX);
            }
        }
        for (long page = 0; page < pages; page++) {
            watched(page);
        }
    }

    /** Told on one thread at a time. */
    private final class Listener implements Watch.Listener {
        private Recorder recorder = client.recorder();

        @Override
        public void changed(long page, long version) {
            recorder.notified(page, version);
            told.put(page, version);
        }

        @Override
        public void memoryLost() {
            recorder = recorder.inNextMemory();
            told.clear();
            lost.countDown();
        }
    }

    private void watched(long page) {
        Pending pending = client.begin("read", List.of());
        RecordedClient.attempt(pending, () -> {
            Seen state = client.seen(client.mem().read(page));
            pending.done(List.of(state), List.of());
            client.recorder().watched(page, state.version());
        });
    }

    private void step(Random random) {
        long[] some = random.ints(0, pages).distinct().limit(3).asLongStream().toArray();
        long page = some[0];
        long holdNanos = random.nextLong(HOLD_NANOS_MAX);
        Duration wait = Duration.ofMillis(random.nextInt(300));
        switch (random.nextInt(17)) {
            case 0, 1 -> client.read(page);
            case 2 -> client.snapshot(some);
            case 3 -> client.awaitNewer(page, told.getOrDefault(page, 1L), Duration.ofMillis(random.nextInt(20)));
            case 4 -> client.write(page, false);
            case 5 -> client.write(page, true);
            case 6 -> client.compareAndUpdate(page);
            case 7 -> client.update(page);
            case 8 -> client.swap(page);
            case 9 -> client.add(page, random.nextLong());
            case 10 -> client.compareAndSet(page);
            case 11 -> client.transaction(some[0], some[1], some[2]);
            case 12 -> client.transact(1 + random.nextInt(2), some);
            case 13 ->
                locks.exclusive(client.mem(), page, wait, holdNanos, ENDINGS.get(random.nextInt(ENDINGS.size())));
            case 14 -> locks.shared(client.mem(), page, wait, holdNanos);
            case 15 -> locks.nested(some[0], some[1], wait, holdNanos);
            default -> locks.all(holdNanos, some);
        }
    }
}
