package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that end in each way: when their locks are free, and that nothing of them stays. {@code -Dnetmem.rounds=N} takes N rounds of each, where a build takes a few;
 * a bound on time holds for nine of ten, since a busy machine may let any one thread wait.
 */
@Timeout(3600)
class DeadClientsTest {
    private static final int ROUNDS = Integer.getInteger("netmem.rounds", 3);
    private static final int HOLDERS = 20;
    private static final int LEASE_MILLIS = 1_000;
    private static final int LONG_WAIT = 60_000;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final NetMemServer server = NetMemServer.builder()
            .listen("127.0.0.1", 0)
            .pages(HOLDERS)
            .pageLengthBytes(64)
            .limits(ServerLimits.DEFAULTS.with(Map.of("lease-min-millis", 10L)))
            .start();

    @AfterEach
    void stop() {
        server.close();
    }

    /** How a client ends. */
    private enum End {
        BYE {
            @Override
            void of(RawClient client) throws IOException {
                client.send(new Request.Bye(), client.nextId());
            }
        },
        RESET {
            @Override
            void of(RawClient client) throws IOException {
                client.reset();
            }
        },
        SILENCE {
            @Override
            void of(RawClient client) {
                // Its connection stays open and nothing comes.
            }
        };

        abstract void of(RawClient client) throws IOException;
    }

    @Test
    void client_thatSaysBye_itsLocksAreFreeWithin100Millis() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            assertWithin(0, 100, freedAfterMillis(End.BYE));
        }
    }

    @Test
    void client_reset_itsLocksAreFreeWhenItsLeaseIsOver() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            assertWithin(LEASE_MILLIS, LEASE_MILLIS + LEASE_MILLIS / 10, freedAfterMillis(End.RESET));
        }
    }

    @Test
    void client_silent_itsLocksAreFreeWhenItsLeaseIsOver() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            assertWithin(LEASE_MILLIS, LEASE_MILLIS + LEASE_MILLIS / 10, freedAfterMillis(End.SILENCE));
        }
    }

    private static void assertWithin(int millisMin, int millisMax, List<Long> millis) {
        assertTrue(millis.stream().allMatch(each -> each >= millisMin), () -> "too early: " + millis);
        long inTime = millis.stream().filter(each -> each <= millisMax).count();
        assertTrue(inTime >= HOLDERS * 9 / 10, () -> "within " + millisMax + " ms: " + inTime + " of " + millis);
    }

    /** Clients hold a page each and end; how long each page's first waiter waited from the holder's last word. Dead waiters stand between. */
    private List<Long> freedAfterMillis(End end) throws IOException {
        List<RawClient> all = new ArrayList<>();
        List<RawClient> next = new ArrayList<>();
        List<RawClient> holders = new ArrayList<>();
        for (int page = 0; page < HOLDERS; page++) {
            RawClient holder = connect(all, LEASE_MILLIS);
            assertInstanceOf(Reply.Granted.class, holder.ask(lock(page, 0)));
            holders.add(holder);
            RawClient deadWaiter = connect(all, 50);
            deadWaiter.send(lock(page, LONG_WAIT), FrameHeader.requestId(1, 1));
            deadWaiter.assertAlive();
            RawClient waiter = connect(all, 0);
            waiter.send(lock(page, LONG_WAIT), FrameHeader.requestId(1, 1));
            waiter.assertAlive();
            next.add(waiter);
            assertAllAlive(holders);
        }
        while (server.stats().getOrDefault("sessions", 0L) > 2L * HOLDERS) {
            assertAllAlive(holders);
        }
        long[] lastWord = new long[HOLDERS];
        for (int page = 0; page < HOLDERS; page++) {
            lastWord[page] = System.nanoTime(); // before it is said: the server cannot have heard it earlier
            holders.get(page).assertAlive();
            end.of(holders.get(page));
        }
        List<Long> millis = new ArrayList<>();
        for (int page = 0; page < HOLDERS; page++) {
            Reply reply = next.get(page).replyTo(Opcode.LOCK, FrameHeader.requestId(1, 1));
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastWord[page]));
            long token = assertInstanceOf(Reply.Granted.class, reply).token();
            next.get(page).ask(new Request.Unlock(page, token, Ranges.NONE, ByteBuffer.allocate(0)));
            next.get(page).ask(new Request.Bye());
        }
        for (RawClient client : all) {
            client.close();
        }
        assertNothingLeft();
        return millis;
    }

    private static void assertAllAlive(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.assertAlive();
        }
    }

    private RawClient connect(List<RawClient> all, int leaseMillis) throws IOException {
        RawClient client = new RawClient(server);
        client.greet(RawClient.hello(leaseMillis));
        all.add(client);
        return client;
    }

    private static Request.Lock lock(long page, int waitMillis) {
        return new Request.Lock(page, 1, waitMillis, false, 0);
    }

    private void assertNothingLeft() {
        for (String counter : List.of("sessions", "connections", "locks-held", "waiters", "waiting-bytes", "watches")) {
            await(counter, 0);
        }
    }

    private void await(String counter, long value) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (server.stats().getOrDefault(counter, -1L) != value) {
            assertTrue(System.nanoTime() < deadline, () -> counter + " (expected: " + value + ") in " + server.stats());
        }
    }

    @Test
    void storm_ofConnectsAndCloses_leavesNoDescriptorAndNoSession() throws IOException {
        oneOfEach(0);
        assertNothingLeft();
        long before = descriptors();
        for (int i = 0; i < 200 * ROUNDS; i++) {
            oneOfEach(i);
        }
        assertNothingLeft();
        assertEquals(before, descriptors());
    }

    /** Connections that end at each stage, with and without a word. */
    private void oneOfEach(int number) throws IOException {
        try (RawClient mute = new RawClient(server);
                RawClient half = new RawClient(server);
                RawClient cut = new RawClient(server);
                RawClient leaver = new RawClient(server)) {
            half.send((byte) 'N', (byte) 'M');
            cut.greet(RawClient.hello(10));
            cut.send(lock(number % HOLDERS, LONG_WAIT), cut.nextId());
            leaver.greet(RawClient.hello(0));
            leaver.send(lock(number % HOLDERS, LONG_WAIT), leaver.nextId());
            leaver.send(new Request.Bye(), leaver.nextId());
            cut.reset();
            mute.reset();
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }
}
