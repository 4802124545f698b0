package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program that ends behind {@code close()} has its client's log whole, and a log handler keeps no client from closing. */
@Timeout(60)
class LogAtEndTest extends ServerFixture {
    @Test
    void close_slowHandler_returnsWhenTheLastLineIsWritten() {
        AtomicInteger written = new AtomicInteger();
        try (ClientLog _ = new ClientLog(line -> {
            if (isOfTheLock(line)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
                written.incrementAndGet();
            }
        })) {
            try (NetMem other = NetMem.connect(server.uri())) {
                forgetToCommit(other);
            }
            assertEquals(1, written.get());
        }
    }

    @Test
    void close_handlerThatDoesNotReturn_waitsForItASecondAtMost() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        try (ClientLog _ = new ClientLog(line -> {
            if (isOfTheLock(line)) {
                entered.countDown();
                await(free);
            }
        })) {
            NetMem other = NetMem.connect(server.uri());
            forgetToCommit(other);
            assertTrue(entered.await(20, TimeUnit.SECONDS));
            long startNanos = System.nanoTime();
            other.close();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            assertTrue(millis >= 900 && millis < 10_000, "close took " + millis + " ms");
        } finally {
            free.countDown();
        }
    }

    @Test
    void close_byTheHandlerItself_doesNotWaitForItself() throws Exception {
        AtomicInteger closedMillis = new AtomicInteger(-1);
        CountDownLatch closed = new CountDownLatch(1);
        NetMem other = NetMem.connect(server.uri());
        try (ClientLog _ = new ClientLog(line -> {
            if (isOfTheLock(line)) {
                long startNanos = System.nanoTime();
                other.close();
                closedMillis.set((int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
                closed.countDown();
            }
        })) {
            forgetToCommit(other);
            assertTrue(closed.await(20, TimeUnit.SECONDS));
            assertTrue(closedMillis.get() < 900, "close took " + closedMillis.get() + " ms");
        }
    }

    private static boolean isOfTheLock(LogRecord line) {
        return line.getMessage().contains("the lock of page 4");
    }

    private static void forgetToCommit(NetMem client) {
        try (PageLock forgotten = client.lock(4)) {
            forgotten.buffer().put(0, (byte) 1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
