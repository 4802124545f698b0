package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that are found by a name, and names that are not known, not yet, or not any more. */
@Timeout(60)
class HostNamesTest {
    private static NetMemServer server(int port) {
        return NetMemServer.builder()
                .pages(4)
                .pageLengthBytes(256)
                .listen("127.0.0.1", port)
                .start();
    }

    @Test
    void connect_hostWithUnderscore_connects() {
        Names.mean("project_server_1", InetAddress::getLoopbackAddress);
        try (NetMemServer server = server(0);
                NetMem mem = NetMem.connect("netmem://project_server_1:" + server.port())) {
            assertEquals(4, mem.pageCount());
        }
    }

    /** The deadline is longer than the test may take: without an answer at once it fails. */
    @Test
    void connect_unknownHost_saysSoAtOnce() {
        Names.mean("nosuch.test", () -> {
            throw Names.unknown("nosuch.test");
        });
        NetMemBuilder builder = NetMem.builder("netmem://nosuch.test").deadline(Duration.ofHours(1));
        NetMemException e = assertThrows(NetMemException.Disconnected.class, builder::connect);
        assertEquals(Outcome.NO_EFFECT, e.outcome());
        assertInstanceOf(UnknownHostException.class, e.getCause());
        String start = "connect to netmem://nosuch.test:7070: unknown host: nosuch.test: Name or service not known"
                + " (expected: a name that this machine can look up)";
        assertTrue(String.valueOf(e.getMessage()).startsWith(start), e::toString);
    }

    @Test
    void connect_lookupTakesLongerThanTheDeadline_namesTheLookup() {
        CountDownLatch tested = new CountDownLatch(1);
        Names.mean("slow.test", () -> {
            awaitDespiteInterrupts(tested);
            throw Names.unknown("slow.test");
        });
        NetMemBuilder builder = NetMem.builder("netmem://slow.test").deadline(Duration.ofMillis(100));
        try {
            NetMemException e = assertThrows(NetMemException.Disconnected.class, builder::connect);
            String message = String.valueOf(e.getMessage());
            assertTrue(message.contains("no answer within 100 ms"), message);
            assertTrue(message.contains("the host slow.test is still being looked up"), message);
        } finally {
            tested.countDown();
        }
    }

    /** What was right once is tried again: a name server that is away for a while ends no client. */
    @Test
    void reconnect_hostUnknownForAWhile_callsSayWhyAndTheClientReturns() {
        AtomicBoolean known = new AtomicBoolean(true);
        AtomicInteger refused = new AtomicInteger();
        Names.mean("passing.test", () -> {
            if (!known.get()) {
                refused.incrementAndGet();
                throw Names.unknown("passing.test");
            }
            return InetAddress.getLoopbackAddress();
        });
        NetMemServer server = server(0);
        int port = server.port();
        NetMemBuilder builder = NetMem.builder("netmem://passing.test:" + port)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                .followRestarts();
        try (NetMem mem = builder.connect()) {
            known.set(false);
            server.close();
            while (refused.get() < 2) {
                Thread.onSpinWait();
            }
            NetMemException e = assertThrows(
                    NetMemException.class,
                    () -> mem.within(Duration.ofMillis(100)).read(0));
            assertEquals(Outcome.NO_EFFECT, e.outcome());
            assertTrue(String.valueOf(e.getMessage()).contains("unknown host: passing.test"), e::toString);
            try (NetMemServer again = server(port)) {
                known.set(true);
                assertEquals(again.port(), port);
                assertTrue(mem.stats().size() > 1);
            }
        }
    }

    private static void awaitDespiteInterrupts(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
