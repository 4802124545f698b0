package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.TransactionResult;
import netmem.api.UpdateResult;
import netmem.api.WordFunction;
import netmem.api.WordResult;
import netmem.server.NetMemServer;
import netmem.server.NetMemServerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a failed call says of its effect is compared with what is there: each way to change a page, blocking and as a
 * stage, over connections that are cut, beside others who hold the page locked, under deadlines that it often misses.
 */
@Timeout(120)
class OutcomesTest {
    private static final int ROUNDS = 1_000;
    private static final int WORKERS = 6;
    private static final int PAGE_LENGTH = 64;
    private static final List<Way> WAYS = List.of(Way.values());

    private static final ScheduledExecutorService INTERRUPTER = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());

    /** A way to raise the first word of a page from one value to the next. */
    private enum Way {
        WRITE,
        ATOMIC,
        COMPARE_AND_SET,
        UPDATE,
        COMPARE_AND_UPDATE,
        TRANSACTION,
        TRANSACT,
        LOCK,
        LOCK_ALL,
        STAGE_OF_UPDATE,
        STAGE_OF_TRANSACT
    }

    /** One worker's page: nobody else changes it. */
    private static final class Worker {
        private final NetMem mem;
        private final NetMem calm;
        private final long page;
        private final Random random;
        private final Map<Outcome, Integer> failures = new EnumMap<>(Outcome.class);
        private long value;

        Worker(NetMem mem, NetMem calm, long page, long seed) {
            this.mem = mem;
            this.calm = calm;
            this.page = page;
            this.random = new Random(seed);
        }

        private void rounds() throws Exception {
            for (int i = 0; i < ROUNDS; i++) {
                Way way = WAYS.get(random.nextInt(WAYS.size()));
                Duration deadline = Duration.ofMillis(1 + random.nextInt(20));
                boolean slow = random.nextInt(10) == 0;
                NetMemException failure = interrupting(
                        random.nextInt(4) == 0,
                        () -> raise(way, mem.within(deadline), slow ? deadline : Duration.ZERO));
                if (failure == null) {
                    value++;
                    assertEquals(value, word(), () -> way + " that returned");
                } else {
                    failures.merge(failure.outcome(), 1, Integer::sum);
                    compare(way, failure);
                }
            }
        }

        /** Runs a call, and interrupts it after a while where wanted; says how it failed. */
        private @Nullable NetMemException interrupting(boolean wanted, Runnable call) {
            AtomicBoolean armed = new AtomicBoolean(wanted);
            if (wanted) {
                Thread self = Thread.currentThread();
                INTERRUPTER.schedule(
                        () -> {
                            if (armed.compareAndSet(true, false)) {
                                self.interrupt();
                            }
                        },
                        random.nextInt(2_000),
                        TimeUnit.MICROSECONDS);
            }
            try {
                call.run();
                return null;
            } catch (NetMemException e) {
                return e;
            } finally {
                if (wanted && !armed.compareAndSet(true, false)) {
                    while (!Thread.interrupted()) {
                        Thread.onSpinWait();
                    }
                }
            }
        }

        private long word() {
            return calm.read(page).buffer().order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        }

        private void compare(Way way, NetMemException e) throws Exception {
            Outcome outcome = e.outcome() == Outcome.UNKNOWN
                    ? e.settled().toCompletableFuture().get(20, TimeUnit.SECONDS)
                    : e.outcome();
            long there = word();
            switch (outcome) {
                case NO_EFFECT -> assertEquals(value, there, () -> way + ": " + e);
                case APPLIED -> assertEquals(value + 1, there, () -> way + ": " + e);
                case UNKNOWN -> assertTrue(there == value || there == value + 1, () -> way + ": " + e);
            }
            value = there;
        }

        private void raise(Way way, NetMem in, Duration pause) {
            long next = value + 1;
            switch (way) {
                case WRITE -> in.write(page, 0, bytes(next));
                case ATOMIC -> in.atomic(page, 0, WordFunction.ADD, 1);
                case COMPARE_AND_SET -> {
                    WordResult result = in.compareAndSet(page, 0, value, next);
                    assertTrue(result instanceof WordResult.Set, result::toString);
                }
                case UPDATE -> in.update(page, buffer -> put(buffer, pause));
                case COMPARE_AND_UPDATE -> {
                    UpdateResult result = in.compareAndUpdate(in.read(page), page(next));
                    assertTrue(result instanceof UpdateResult.Updated, result::toString);
                }
                case TRANSACTION -> {
                    TransactionResult result = in.transaction()
                            .ifBytes(page, 0, bytes(value))
                            .write(page, 0, bytes(next))
                            .run();
                    assertTrue(result instanceof TransactionResult.Committed, result::toString);
                }
                case TRANSACT -> in.transact(transaction -> put(transaction.buffer(page), pause));
                case LOCK -> {
                    try (PageLock lock = in.lock(page)) {
                        put(lock.buffer(), pause);
                        lock.commit();
                    }
                }
                case LOCK_ALL -> {
                    try (LockGroup locks = in.lockAll(page, page + WORKERS)) {
                        put(locks.buffer(page), pause);
                        locks.commit();
                    }
                }
                case STAGE_OF_UPDATE -> join(in.async().update(page, buffer -> put(buffer, pause)));
                case STAGE_OF_TRANSACT ->
                    join(in.async().transact(transaction -> put(transaction.buffer(page), pause)));
            }
        }

        private Void put(ByteBuffer buffer, Duration pause) {
            long end = System.nanoTime() + pause.toNanos();
            while (!pause.isZero() && System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
            buffer.putLong(0, value + 1);
            return null;
        }
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    private static byte[] page(long value) {
        return ByteBuffer.allocate(PAGE_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    private static void join(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof NetMemException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Holds pages for a while, so that changes wait at the server, some of them too long. */
    private static int hold(NetMem mem, AtomicBoolean going) throws InterruptedException {
        Random random = new Random(1);
        int held = 0;
        while (going.get()) {
            try (PageLock _ = mem.lock(random.nextInt(WORKERS))) {
                held++;
                Thread.sleep(random.nextInt(8)); // as long as somebody holds a page
            }
        }
        return held;
    }

    @AfterAll
    static void stop() {
        INTERRUPTER.shutdownNow();
    }

    @Test
    void calls_cutBlockedAndLate_sayWhatIsThere() throws Exception {
        NetMemServerBuilder builder = NetMemServer.builder()
                .pages(2 * WORKERS)
                .pageLengthBytes(PAGE_LENGTH)
                .listen("127.0.0.1", 0);
        AtomicBoolean going = new AtomicBoolean(true);
        try (NetMemServer server = builder.start();
                CuttingProxy proxy = new CuttingProxy(server.port(), 40_000, 7);
                NetMem calm = NetMem.connect(server.uri());
                NetMem mem = NetMem.builder(proxy.uri())
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
                        .connect()) {
            FutureTask<Integer> holding = FakeServer.start(() -> hold(calm, going));
            List<Worker> workers = new ArrayList<>();
            List<FutureTask<Worker>> tasks = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                Worker worker = new Worker(mem, calm, i, 100 + i);
                workers.add(worker);
                tasks.add(FakeServer.start(() -> {
                    worker.rounds();
                    return worker;
                }));
            }
            try {
                for (FutureTask<Worker> task : tasks) {
                    task.get(100, TimeUnit.SECONDS);
                }
            } finally {
                going.set(false);
            }
            assertTrue(FakeServer.join(holding) > 0);
            Map<Outcome, Integer> failures = new EnumMap<>(Outcome.class);
            for (Worker worker : workers) {
                worker.failures.forEach((outcome, count) -> failures.merge(outcome, count, Integer::sum));
                assertEquals(worker.value, worker.word(), "nothing happened afterwards");
                assertEquals(1 + worker.value, calm.version(worker.page), "each change happened once");
            }
            assertTrue(failures.getOrDefault(Outcome.NO_EFFECT, 0) > WORKERS, failures::toString);
            assertTrue(failures.getOrDefault(Outcome.UNKNOWN, 0) > WORKERS, failures::toString);
            assertTrue(proxy.cuts() > WORKERS, "cuts: " + proxy.cuts());
        }
    }
}
