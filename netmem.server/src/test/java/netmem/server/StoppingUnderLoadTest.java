package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while clients send as fast as they can: the program in a process of its own. */
@Timeout(120)
class StoppingUnderLoadTest {
    private static final int CLIENTS = 6;
    private static final int BATCH = 32;

    @TempDir
    private Path folder;

    @Test
    void signal_underLoad_allThatWasAddedIsAnsweredAndTheRestRefused() throws Exception {
        CountDownLatch busy = new CountDownLatch(CLIENTS);
        ConcurrentLinkedQueue<Long> added = new ConcurrentLinkedQueue<>();
        try (ServerProcess server = ServerProcess.start(folder, "--listen=127.0.0.1:0", "--pages=8");
                ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            int port = server.awaitReady();
            List<Future<Integer>> refused = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                refused.add(threads.submit(() -> addUntilTheEnd(port, busy, added)));
            }
            busy.await();
            long start = System.nanoTime();
            server.terminate();
            assertEquals(0, server.exitCode(), server.toString());
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

            assertTrue(millis < 5_000, () -> "exit after " + millis + " ms (expected: < 5000)");
            assertEquals("", server.errors());
            for (Future<Integer> each : refused) {
                each.get();
            }
        }
        BitSet olds = new BitSet();
        added.forEach(old -> olds.set(Math.toIntExact(old)));
        assertEquals(added.size(), olds.cardinality(), "two were told the same old value");
        assertEquals(added.size(), olds.length(), "an addition that took effect was not answered");
    }

    /** Adds in batches until the connection ends; returns how many requests were refused because the server stops. */
    private static int addUntilTheEnd(int port, CountDownLatch busy, ConcurrentLinkedQueue<Long> added)
            throws IOException {
        int refused = 0;
        try (RawClient client = new RawClient(port)) {
            client.greet(RawClient.hello(0));
            for (long sequence = 1; ; sequence++) {
                for (int slot = 1; slot <= BATCH; slot++) {
                    Request add = new Request.Atomic(0, 0, 0, 0, 0, WordFunction.ADD, 1, 0);
                    client.send(add, FrameHeader.requestId(slot, sequence));
                }
                for (int slot = 1; slot <= BATCH; slot++) {
                    refused += answered(client.receive().reply(), added);
                }
                if (sequence == 20) {
                    busy.countDown();
                }
            }
        } catch (EOFException | SocketException e) {
            return refused;
        }
    }

    private static int answered(Reply reply, ConcurrentLinkedQueue<Long> added) {
        if (reply instanceof Reply.Fetched fetched) {
            added.add(fetched.old());
            return 0;
        }
        RawClient.failed(Status.NOT_READY, reply);
        return 1;
    }
}
