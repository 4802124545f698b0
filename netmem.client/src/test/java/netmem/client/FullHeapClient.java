package netmem.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import netmem.api.LockState;
import netmem.api.NetMemException;
import org.jspecify.annotations.Nullable;

/**
 * A program of a few megabytes whose other code fills the heap to its last bytes, for longer than its lease, and then lets
 * go; or whose own threads want more pages at once than the heap holds. Prints OK, or what was not right afterwards.
 * Confined to its own process.
 */
final class FullHeapClient {
    private static final long FULL_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long SETTLED_NANOS = Duration.ofSeconds(15).toNanos();
    private static final int LARGE = 500;
    private static final int CROWD = 25;

    @SuppressWarnings("UnusedVariable") // it keeps what fills the heap
    private static volatile @Nullable Object kept;

    private FullHeapClient() {}

    /** The address of a server, and how the heap is filled. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[1].equals("by-calls")) {
            fillByCalls(arguments[0]);
        } else {
            fillByOthers(arguments[0]);
        }
        System.exit(0);
    }

    /** Pages of a megabyte, of each of which several threads want a copy to change. */
    private static void fillByCalls(String address) throws InterruptedException {
        try (NetMem mem = NetMem.connect(address)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                int way = i % 5;
                threads.add(Thread.ofPlatform().start(() -> changeAllTheTime(mem, way)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            for (int i = 0; i < 6; i++) {
                int page = i;
                await(() -> mem.lockInfo(page).mode() == LockState.Mode.FREE, "lock of page " + page + " given back");
            }
            System.out.println("OK");
        }
    }

    private static void changeAllTheTime(NetMem mem, int way) {
        long end = System.nanoTime() + FULL_NANOS;
        while (System.nanoTime() - end < 0) {
            try {
                change(mem, way);
            } catch (NetMemException e) {
                Thread.onSpinWait(); // as it should
            }
        }
    }

    private static void change(NetMem mem, int way) {
        switch (way) {
            case 0 -> mem.update(0, FullHeapClient::addOne);
            case 1 -> mem.locked(1, page -> page.putLong(0, 1));
            case 2 -> mem.transact(pages -> pages.buffer(2).putLong(0, 1));
            case 3 -> mem.lockAll(3, 4).close();
            default -> mem.lock(5).close();
        }
    }

    private static void addOne(ByteBuffer page) {
        page.putLong(0, page.getLong(0) + 1);
    }

    private static void fillByOthers(String address) throws InterruptedException {
        AtomicLong told = new AtomicLong();
        AtomicInteger lost = new AtomicInteger();
        try (NetMem mem = NetMem.builder(address)
                .deadline(Duration.ofSeconds(2))
                .lease(Duration.ofSeconds(2))
                .connect()) {
            Watch _ = mem.watch(0, 16, (_, version) -> told.set(version));
            warm(mem);
            PageLock lock = mem.lock(15);
            lock.onLost(lost::incrementAndGet);
            fillTheHeap();
            long version = afterwards(mem);
            await(() -> told.get() >= version, "told of version " + version);
            if (!lock.isHeld()) {
                await(() -> lost.get() == 1, "onLost");
                await(() -> mem.lockInfo(15).mode() == LockState.Mode.FREE, "lock given back");
            }
            System.out.println("OK: lock " + lock);
        }
    }

    private static void warm(NetMem mem) {
        for (int i = 0; i < 3000; i++) {
            mem.addAndGet(i % 8, 0, 1);
            if (mem.read(i % 8).version() == 0) {
                throw new AssertionError("version 0");
            }
        }
    }

    private static void fillTheHeap() throws InterruptedException {
        Thread filler = new Thread(() -> {
            long end = System.nanoTime() + FULL_NANOS;
            Object[] root = new Object[1];
            kept = root;
            while (System.nanoTime() - end < 0) {
                fill(root, LARGE, end);
                fill(root, 1, end);
            }
            kept = null;
        });
        filler.start();
        filler.join();
    }

    /** A chain of arrays, until there is no memory for another. */
    private static void fill(Object[] root, int length, long end) {
        try {
            while (System.nanoTime() - end < 0) {
                Object[] next = new Object[length];
                next[0] = root[0];
                root[0] = next;
            }
        } catch (OutOfMemoryError e) {
            Objects.requireNonNull(root);
        }
    }

    /** The version of a change that is made once calls go on. */
    private static long afterwards(NetMem mem) {
        long start = System.nanoTime();
        for (; ; ) {
            try {
                return mem.write(3, 0, new byte[] {1});
            } catch (NetMemException e) {
                if (System.nanoTime() - start > SETTLED_NANOS) {
                    throw e;
                }
            }
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition, String what) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > SETTLED_NANOS) {
                System.out.println("NOT: " + what);
                System.exit(1);
            }
            Thread.sleep(10);
        }
    }
}
