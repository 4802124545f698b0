package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import netmem.api.NetMemException;
import netmem.api.WordFunction;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers on platform and virtual threads race for the duty to read, while others give up, against the real server. */
@Timeout(120)
class MixedCallersTest {
    private static final int ROUNDS = 1000;
    private static final int PAIRS = 3;
    private static final int TOGETHER = 5;
    private static final int ALONE = 4;

    private final NetMemServer server = NetMemServer.builder()
            .pages(16)
            .pageLengthBytes(256)
            .listen("127.0.0.1", 0)
            .start();
    private final NetMem mem =
            NetMem.builder(server.uri()).deadline(Duration.ofSeconds(60)).connect();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger givenUp = new AtomicInteger();

    @AfterEach
    void close() {
        mem.close();
        server.close();
    }

    @Test
    void callers_raceAndGiveUp_eachIsAnsweredOnce() throws Exception {
        long seed = Long.getLong("netmem.seed", new Random().nextLong());
        Random random = new Random(seed);
        List<FutureTask<Integer>> adding = new ArrayList<>();
        CyclicBarrier barrier = new CyclicBarrier(2 * PAIRS);
        for (int i = 0; i < PAIRS; i++) {
            for (Thread.Builder kind : List.of(Thread.ofPlatform().daemon(), Thread.ofVirtual())) {
                Random own = new Random(random.nextLong());
                adding.add(start(kind, () -> add(mem, barrier, own)));
            }
        }
        Random impatience = new Random(random.nextLong());
        FutureTask<Integer> impatient = start(Thread.ofPlatform().daemon(), () -> hurry(mem, impatience));
        int added = 0;
        for (FutureTask<Integer> task : adding) {
            added += task.get();
        }
        over.set(true);
        impatient.get();
        assertEquals(2 * PAIRS * ROUNDS, added);
        assertEquals(added, mem.read(0).buffer().getLong(0), () -> "seed " + seed);
        assertTrue(givenUp.get() > 0, () -> "nobody gave up, seed " + seed);
    }

    /**
     * One caller brings the client's own thread to rest, then a second one comes while the first reads, as it leaves, or
     * just after. A wake-up that is lost costs no more than the rest of 2 ms, so to see one, try this with a rest of an hour.
     */
    @Test
    void twoCallers_secondComesAsTheFirstLeaves_bothAreAnswered() throws Exception {
        long seed = Long.getLong("netmem.seed", new Random().nextLong());
        Random random = new Random(seed);
        CyclicBarrier barrier = new CyclicBarrier(2);
        Random pauses = new Random(random.nextLong());
        FutureTask<Integer> first = start(Thread.ofPlatform().daemon(), () -> alternate(mem, barrier, ALONE, pauses));
        FutureTask<Integer> second = start(Thread.ofVirtual(), () -> alternate(mem, barrier, 0, random));
        int added = first.get() + second.get();
        assertEquals((2 + ALONE) * ROUNDS, added);
        assertEquals(added, mem.read(0).buffer().getLong(0), () -> "seed " + seed);
    }

    private static int alternate(NetMem mem, CyclicBarrier barrier, int alone, Random random) throws Exception {
        int count = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < alone; i++) {
                mem.atomic(0, 0, WordFunction.ADD, 1);
                count++;
            }
            barrier.await();
            for (int pause = random.nextInt(1000); pause > 0; pause--) {
                Thread.onSpinWait();
            }
            mem.atomic(0, 0, WordFunction.ADD, 1);
            count++;
            barrier.await();
        }
        return count;
    }

    private static <R> FutureTask<R> start(Thread.Builder kind, Callable<R> body) {
        FutureTask<R> task = new FutureTask<>(body);
        kind.start(task);
        return task;
    }

    /** All begin together now and then, so that the last answers of a crowd come to very few. */
    private static int add(NetMem mem, CyclicBarrier barrier, Random random) throws Exception {
        int count = 0;
        for (int round = 0; round < ROUNDS; round++) {
            if (round % TOGETHER == 0) {
                barrier.await();
            }
            for (int pause = random.nextInt(2000); pause > 0; pause--) {
                Thread.onSpinWait();
            }
            mem.atomic(0, 0, WordFunction.ADD, 1);
            count++;
        }
        return count;
    }

    /** Reads, and is interrupted or out of time before the answer comes, or after, or while it reads for all. */
    private int hurry(NetMem mem, Random random) {
        Thread self = Thread.currentThread();
        NetMem brief = mem.within(Duration.ofMillis(1));
        int count = 0;
        for (; !over.get(); count++) {
            if (random.nextBoolean()) {
                Thread.ofVirtual().start(self::interrupt);
            }
            try {
                brief.read(random.nextInt(16));
            } catch (NetMemException.DeadlinePassed | NetMemException.Interrupted e) {
                givenUp.incrementAndGet();
            }
            Thread.interrupted();
        }
        return count;
    }
}
