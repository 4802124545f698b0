package netmem.server.net;

import static netmem.server.net.Wire02Client.LOCK_PAGE;
import static netmem.server.net.Wire02Client.UNLOCK_PAGE;
import static netmem.server.net.Wire02Client.UPDATE_PAGE;
import static netmem.server.net.Wire02Client.bare;
import static netmem.server.net.Wire02Client.frame;
import static netmem.server.net.Wire02Client.full;
import static netmem.server.net.Wire02Fixture.PAGE_LENGTH;
import static netmem.server.net.Wire02Fixture.page;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import netmem.api.Status;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several clients, of 0.2 and of version 1, that want the same page: in order of arrival, nothing lost. */
@Timeout(60)
final class Wire02ContentionTest {
    private static final int PAGE = 3;

    @RegisterExtension
    final Wire02Fixture server = new Wire02Fixture();

    @Test
    void lock_manyClientsInLine_grantedInOrderOfArrivalRoundAfterRound() {
        int count = 10;
        Wire02Client[] clients = new Wire02Client[count];
        for (int i = 0; i < count; i++) {
            clients[i] = server.connectAndGreet();
            clients[i].sendLock(PAGE, 0);
            server.awaitWaiters(i);
            server.awaitLocks(1);
        }
        for (int turn = 0; turn < 10 * count; turn++) {
            Wire02Client holder = clients[turn % count];
            assertEquals(full(LOCK_PAGE, PAGE, turn + 1, page(turn)), holder.receive());
            for (int i = 1; i < count; i++) {
                assertFalse(clients[(turn + i) % count].hasReceived(), "turn " + turn + ": one holder at a time");
            }
            holder.send(frame(UNLOCK_PAGE, PAGE, PAGE_LENGTH, 0, page(turn + 1)), frame(LOCK_PAGE, PAGE, 0, 0));
            assertEquals(bare(UNLOCK_PAGE, PAGE, turn + 2), holder.receive());
            server.awaitWaiters(count - 1L);
        }
    }

    @Test
    void line_ofLocksAndUpdates_isServedInOrderOfArrival() {
        Wire02Client holder = server.connect();
        holder.lock(PAGE, 0);
        List<Wire02Client> line = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            Wire02Client client = server.connect();
            client.send(i % 3 == 1 ? frame(LOCK_PAGE, PAGE, 0, 0) : frame(UPDATE_PAGE, PAGE, PAGE_LENGTH, 0, page(i)));
            server.awaitWaiters(i + 1L);
            line.add(client);
        }
        holder.unlock(PAGE, page(100));
        for (int i = 0; i < 9; i++) {
            Wire02Client client = line.get(i);
            if (i % 3 == 1) {
                assertEquals(full(LOCK_PAGE, PAGE, i + 2, page(i - 1)), client.receive(), "place " + i);
                assertEquals(bare(UNLOCK_PAGE, PAGE, i + 3), client.unlock(PAGE, page(i)));
            } else {
                assertEquals(bare(UPDATE_PAGE, PAGE, i + 3), client.receive(), "place " + i);
            }
        }
    }

    @Test
    void lockAndUnlock_manyClientsAtOnce_loseNoCount() throws Exception {
        List<Future<Integer>> counting = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                boolean keepsCopy = i % 2 == 0;
                counting.add(threads.submit(() -> countUp(server.connect(), 50, keepsCopy)));
            }
        }
        assertEquals(300, sum(counting));
        Wire02Client.Reply last = server.connect().read(PAGE, 0);
        assertEquals(300, last.data().getInt(0));
        assertEquals(301, last.version(), "each unlock was one version");
    }

    /** Adds to the number in the page under its lock, as a program of the old client library does. */
    private static int countUp(Wire02Client client, int times, boolean keepsCopy) {
        byte[] copy = new byte[PAGE_LENGTH];
        int version = 0;
        for (int i = 0; i < times; i++) {
            Wire02Client.Reply granted = client.lock(PAGE, keepsCopy ? version : 0);
            if (granted.length() > 0) {
                granted.data().get(0, copy);
            }
            ByteBuffer.wrap(copy).putInt(0, ByteBuffer.wrap(copy).getInt(0) + 1);
            version = client.unlock(PAGE, copy).version();
            assertEquals(granted.version() + 1, version);
        }
        return times;
    }

    private static int sum(List<Future<Integer>> counts) throws InterruptedException, ExecutionException {
        int sum = 0;
        for (Future<Integer> count : counts) {
            sum += count.get();
        }
        return sum;
    }

    @Test
    void lockAndUnlock_clientsOfBothProtocolsAtOnce_loseNoCount() throws Exception {
        List<Future<Integer>> counting = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3; i++) {
                counting.add(threads.submit(() -> countUp(server.connect(), 50, true)));
                counting.add(threads.submit(() -> countUp(connectV1(), 50)));
            }
        }
        assertEquals(300, sum(counting));
        assertEquals(300, server.connect().read(PAGE, 0).data().getInt(0));
    }

    private Wire02V1Client connectV1() {
        return server.closedLater(new Wire02V1Client(server.server().port()));
    }

    private static int countUp(Wire02V1Client client, int times) {
        for (int i = 0; i < times; i++) {
            Reply.Granted granted = client.lock(PAGE);
            byte[] copy = new byte[PAGE_LENGTH];
            granted.data().get(granted.data().position(), copy);
            ByteBuffer.wrap(copy).putInt(0, ByteBuffer.wrap(copy).getInt(0) + 1);
            assertEquals(granted.version() + 1, client.unlock(PAGE, granted.token(), copy));
        }
        return times;
    }

    @Test
    void line_ofBothProtocols_isServedInOrderOfArrival() {
        Wire02Client old = server.connect();
        Wire02V1Client holder = connectV1();
        Wire02V1Client next = connectV1();
        Wire02Client last = server.connect();
        Reply.Granted first = holder.lock(PAGE);
        old.sendLock(PAGE, 0);
        server.awaitWaiters(1);
        next.sendLock(PAGE);
        server.awaitWaiters(2);
        last.send(frame(UPDATE_PAGE, PAGE, PAGE_LENGTH, 0, page(4)));
        server.awaitWaiters(3);
        assertEquals(2, holder.unlock(PAGE, first.token(), page(1)));
        assertEquals(full(LOCK_PAGE, PAGE, 2, page(1)), old.receive());
        assertEquals(2, server.stat("waiters"));
        assertEquals(bare(UNLOCK_PAGE, PAGE, 3), old.unlock(PAGE, page(2)));
        Reply.Granted second = assertInstanceOf(Reply.Granted.class, next.receive());
        assertEquals(ByteBuffer.wrap(page(2)), second.data());
        assertEquals(4, next.unlock(PAGE, second.token(), page(3)));
        assertEquals(bare(UPDATE_PAGE, PAGE, 5), last.receive());
    }

    @Test
    void pageHeldByOldClient_requestsOfVersion1_areRefusedOrWait() {
        Wire02Client holder = server.connect();
        Wire02V1Client client = connectV1();
        holder.lock(PAGE, 0);
        assertEquals(Status.LOCKED, client.write(PAGE, 0, page(1)).status());
        assertEquals(
                Status.LOCKED,
                client.call(new Request.Lock(PAGE, 1, 0, false, 0)).status());
        assertEquals(
                Status.FENCED,
                client.call(new Request.Unlock(PAGE, 1, Ranges.NONE, ByteBuffer.allocate(0)))
                        .status(),
                "the token is right, but not the session");
        client.send(new Request.Write(PAGE, 0, 0, 60_000, false, Ranges.of(0, 1), ByteBuffer.allocate(1)));
        server.awaitWaiters(1);
        assertEquals(bare(UNLOCK_PAGE, PAGE, 2), holder.unlock(PAGE, page(9)));
        assertEquals(new Reply.Written(3), client.receive());
        byte[] both = page(9);
        both[0] = 0;
        assertEquals(full(Wire02Client.READ_PAGE, PAGE, 3, both), holder.read(PAGE, 2));
    }

    @Test
    void pageHeldByVersion1_updateOfOldClient_waitsForIt() {
        Wire02V1Client holder = connectV1();
        Wire02Client client = server.connect();
        Reply.Granted granted = holder.lock(PAGE);
        client.send(frame(UPDATE_PAGE, PAGE, PAGE_LENGTH, 77, page(7)));
        server.awaitWaiters(1);
        assertEquals(2, holder.unlock(PAGE, granted.token(), page(1)));
        assertEquals(bare(UPDATE_PAGE, PAGE, 77), client.receive());
        assertEquals(77, holder.lock(PAGE).version(), "both protocols tell the same version");
    }
}
