package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import netmem.api.wire.SessionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program and the log are told of connections. */
@Timeout(60)
class ConnectionEventsTest {
    private final BlockingQueue<ConnectionEvent> events = new LinkedBlockingQueue<>();

    private ConnectionEvent next() throws InterruptedException {
        ConnectionEvent event = events.poll(20, TimeUnit.SECONDS);
        assertTrue(event != null, "no event");
        return event;
    }

    @Test
    void events_tellLossAndReturn_onceEach_andSoDoesTheLog() throws Exception {
        FakeServer server = new FakeServer();
        String uri = server.uri();
        BlockingQueue<String> logged = new LinkedBlockingQueue<>();
        ClientLog log = new ClientLog(line -> {
            if (line.getMessage().contains(uri)) {
                logged.add(line.getLevel() + " " + line.getMessage());
            }
        });
        try (server;
                log) {
            FakeServer.Pair pair = server.connect(
                    builder -> builder.onConnection(events::add).backoff(Duration.ofMillis(1), Duration.ofMillis(5)));
            ConnectionEvent.Up first = assertInstanceOf(ConnectionEvent.Up.class, next());
            assertEquals(false, first.resumed());
            pair.peer().reset();
            FakeServer.Peer unfinished = server.accept();
            unfinished.reset(); // an attempt that fails is no loss
            FakeServer.Peer again = server.accept();
            again.greet(FakeServer.welcome(true));
            ConnectionEvent.Down down = assertInstanceOf(ConnectionEvent.Down.class, next());
            assertEquals(first.server(), down.server());
            assertEquals(new ConnectionEvent.Up(first.server(), true), next());
            again.reset();
            FakeServer.Peer last = server.accept();
            last.greet(FakeServer.welcome(false, new SessionId(3, 9), FakeServer.INCARNATION, 10_000, 8));
            assertInstanceOf(ConnectionEvent.Down.class, next());
            assertEquals(new ConnectionEvent.Up(first.server(), false), next());
            last.close();
            pair.mem().close();
            String all = "";
            for (int i = 0; i < 4; i++) {
                all += logged.poll(20, TimeUnit.SECONDS) + "\n";
            }
            assertEquals(2, all.split("WARNING connection to " + server.uri() + " lost", -1).length - 1, all);
            assertTrue(all.contains("INFO connected to " + server.uri() + " again after "), all);
            assertTrue(all.contains("the session goes on"), all);
            assertTrue(all.contains("with a new session"), all);
        }
    }

    @Test
    void up_atAnotherAddress_isMoved() throws Exception {
        ConnectionEvents told = new ConnectionEvents(Address.parse("netmem://many.test"), events::add);
        InetSocketAddress one = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        InetSocketAddress two = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
        told.up(one, false);
        assertEquals(new ConnectionEvent.Up(one, false), next());
        told.down(one, new java.io.IOException("cut"));
        assertInstanceOf(ConnectionEvent.Down.class, next());
        told.up(two, true);
        assertEquals(new ConnectionEvent.Moved(two, one, true), next());
    }

    @Test
    void listener_thatIsFarBehind_missesTheOldest() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ConnectionEvents told = new ConnectionEvents(Address.parse("netmem://slow.test"), event -> {
            begun.countDown();
            try {
                assertTrue(go.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            events.add(event);
        });
        InetAddress host = InetAddress.getLoopbackAddress();
        told.up(new InetSocketAddress(host, 1), false);
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        for (int port = 2; port <= ConnectionEvents.UNTOLD_MAX + 3; port++) {
            told.up(new InetSocketAddress(host, port), false);
        }
        go.countDown();
        assertEquals(1, next().server().getPort());
        for (int port = 4; port <= ConnectionEvents.UNTOLD_MAX + 3; port++) {
            assertEquals(port, next().server().getPort());
        }
    }
}
