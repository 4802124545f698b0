package netmem.bench.client;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.WordFunction;
import netmem.api.wire.Ranges;
import netmem.client.NetMem;

/**
 * One process of one contestant: runs each kind of load for a while and prints a line for it. Latencies are those of a
 * closed loop, to compare contestants with each other and with the bare socket, not to promise. Confined to the
 * main thread, but for the callers that it starts.
 */
final class Pass {
    /** Something that is called again and again. */
    @FunctionalInterface
    interface Body {
        void call() throws IOException;
    }

    private static final long WARM_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final long RUN_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final byte[] NOTHING = {};
    private static final int SAMPLES_MAX = 1 << 20;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long[] samples = new long[SAMPLES_MAX];

    private Pass() {}

    /** Measures against a server, and prints name, p50, p99, thousand operations a second, CPU and bytes per operation. */
    static void run(URI server) throws IOException, InterruptedException {
        Pass pass = new Pass();
        try (BareSocket bare = new BareSocket(server);
                NetMem mem = NetMem.connect(server.toString())) {
            mem.write(1, 0, new byte[8]);
            long version = bare.version(1);
            Ranges whole = Ranges.of(0, mem.pageLengthBytes());
            byte[] eight = new byte[8];
            Versioned[] pages = {mem.read(4), mem.read(5)};
            pass.alone("bare socket, validated read", 0, () -> bare.validate(1, version, whole));
            pass.alone("validated read", 0, () -> mem.read(1));
            pass.alone("validated read, 3 ms apart", PAUSE_NANOS, () -> mem.read(1));
            pass.alone("version", 0, () -> mem.version(1));
            pass.alone("write 8", 0, () -> mem.write(2, 0, eight));
            pass.alone("atomic add", 0, () -> mem.atomic(3, 0, WordFunction.ADD, 1));
            pass.alone("transaction of two pages", 0, () -> compareAndWrite(mem, pages, eight));
            for (int callers : new int[] {2, 8, 64}) {
                together("validated read, platform", Thread.ofPlatform(), callers, () -> mem.read(1));
            }
            for (int callers : new int[] {1, 8, 64}) {
                together("validated read, virtual", Thread.ofVirtual(), callers, () -> mem.read(1));
            }
        }
    }

    /** One frame: both pages as they are known, both changed. */
    private static void compareAndWrite(NetMem mem, Versioned[] pages, byte[] bytes) throws IOException {
        TransactionResult result = mem.transaction()
                .ifUnchanged(pages[0])
                .ifUnchanged(pages[1])
                .write(4, 0, bytes)
                .write(5, 0, bytes)
                .run();
        if (!(result instanceof TransactionResult.Committed)) {
            throw new IOException("transaction: " + result + " (expected: committed)");
        }
        for (int i = 0; i < pages.length; i++) {
            Versioned before = pages[i];
            pages[i] = Versioned.owning(before.incarnation(), before.page(), before.version() + 1, NOTHING);
        }
    }

    private void alone(String name, long pauseNanos, Body body) throws IOException {
        sample(WARM_NANOS, pauseNanos, body);
        long cpu = SYSTEM.getProcessCpuTime();
        long bytes = THREADS.getTotalThreadAllocatedBytes();
        long begin = System.nanoTime();
        int count = sample(RUN_NANOS, pauseNanos, body);
        long elapsed = System.nanoTime() - begin;
        long cpuNanos = SYSTEM.getProcessCpuTime() - cpu;
        bytes = THREADS.getTotalThreadAllocatedBytes() - bytes;
        Arrays.sort(samples, 0, count);
        print(name + ", 1", samples[count / 2], samples[(int) (count * 0.99)], elapsed, count, cpuNanos, bytes);
    }

    private int sample(long nanos, long pauseNanos, Body body) throws IOException {
        long begin = System.nanoTime();
        int count = 0;
        for (long now = begin; now - begin < nanos && count < SAMPLES_MAX; ) {
            if (pauseNanos > 0) {
                LockSupport.parkNanos(pauseNanos);
                now = System.nanoTime();
            }
            body.call();
            long end = System.nanoTime();
            samples[count++] = end - now;
            now = end;
        }
        return count;
    }

    private static void together(String name, Thread.Builder kind, int callers, Body body) throws InterruptedException {
        loop(kind, callers, WARM_NANOS, body);
        long cpu = SYSTEM.getProcessCpuTime();
        long begin = System.nanoTime();
        long count = loop(kind, callers, RUN_NANOS, body);
        long elapsed = System.nanoTime() - begin;
        print(name + ", " + callers, 0, 0, elapsed, count, SYSTEM.getProcessCpuTime() - cpu, 0);
    }

    private static long loop(Thread.Builder kind, int callers, long nanos, Body body) throws InterruptedException {
        AtomicLong total = new AtomicLong();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            threads.add(kind.start(() -> {
                try {
                    go.await();
                    long end = System.nanoTime() + nanos;
                    long count = 0;
                    while (System.nanoTime() - end < 0) {
                        body.call();
                        count++;
                    }
                    total.addAndGet(count);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return total.get();
    }

    private static void print(String name, long p50, long p99, long elapsed, long count, long cpu, long bytes) {
        System.out.printf(
                "%s|%.2f|%.2f|%.1f|%.2f|%d%n",
                name, p50 / 1e3, p99 / 1e3, count * 1e6 / elapsed, cpu / 1e3 / count, bytes / count);
    }
}
