package netmem.server.net;

import static netmem.server.net.Wire02Client.LOCK_PAGE;
import static netmem.server.net.Wire02Client.READ_PAGE;
import static netmem.server.net.Wire02Client.UNLOCK_PAGE;
import static netmem.server.net.Wire02Client.UPDATE_PAGE;
import static netmem.server.net.Wire02Client.bare;
import static netmem.server.net.Wire02Client.frame;
import static netmem.server.net.Wire02Client.full;
import static netmem.server.net.Wire02Fixture.PAGE_LENGTH;
import static netmem.server.net.Wire02Fixture.page;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import netmem.server.config.ServerConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that end without a word, by a close or by a reset, on either transport: their locks go without commit, their waiters leave the line. */
@Timeout(60)
final class Wire02DeathTest {
    private static final int PAGE = 5;

    /** How a client ends. */
    enum Death {
        CLOSE {
            @Override
            void of(Wire02Client client) {
                client.close();
            }
        },
        RESET {
            @Override
            void of(Wire02Client client) {
                client.reset();
            }
        };

        abstract void of(Wire02Client client);
    }

    @RegisterExtension
    final Wire02Fixture server = new Wire02Fixture();

    @ParameterizedTest
    @CsvSource({"EPOLL,CLOSE", "EPOLL,RESET", "NIO,CLOSE", "NIO,RESET"})
    @DisplayName("connection ends: its locks are released without commit within milliseconds")
    void holder_dies_nextIsGrantedWithinMilliseconds(ServerConfig.Transport transport, Death death) {
        server.start(builder -> builder.transport(transport));
        Wire02Client next = server.connectAndGreet();
        long[] nanos = new long[21];
        for (int round = 0; round < nanos.length; round++) {
            Wire02Client holder = server.connect();
            holder.lock(PAGE, 0);
            next.sendLock(PAGE, 0);
            server.awaitWaiters(1);
            long start = System.nanoTime();
            death.of(holder);
            assertEquals(full(LOCK_PAGE, PAGE, round + 1, page(round)), next.receive(), "without commit");
            nanos[round] = System.nanoTime() - start;
            assertEquals(bare(UNLOCK_PAGE, PAGE, round + 2), next.unlock(PAGE, page(round + 1)));
        }
        Arrays.sort(nanos);
        long median = nanos[nanos.length / 2];
        assertTrue(median < TimeUnit.MILLISECONDS.toNanos(100), "median: " + median + " ns (expected: < 100 ms)");
    }

    @ParameterizedTest
    @EnumSource
    void holder_diesInTheMiddleOfItsUnlock_commitsNothing(Death death) {
        for (int sent = 0; sent <= 13 + PAGE_LENGTH; sent += 47) {
            Wire02Client holder = server.connect();
            Wire02Client next = server.connect();
            holder.lock(PAGE, 0);
            byte[] unlock = frame(UNLOCK_PAGE, PAGE, PAGE_LENGTH, 0, page(66));
            holder.send(Arrays.copyOf(unlock, Math.min(sent, unlock.length - 1)));
            death.of(holder);
            assertEquals(bare(LOCK_PAGE, PAGE, 1), next.lock(PAGE, 1));
            next.close();
            server.awaitLocks(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,CLOSE", "EPOLL,RESET", "NIO,CLOSE", "NIO,RESET"})
    @DisplayName("connection ends: its waiters leave their queues")
    void waiters_die_leaveTheLineWhileThePageIsHeld(ServerConfig.Transport transport, Death death) {
        server.start(builder -> builder.transport(transport));
        Wire02Client holder = server.connect();
        Wire02Client locker = server.connect();
        Wire02Client writer = server.connect();
        Wire02Client last = server.connect();
        holder.lock(PAGE, 0);
        locker.sendLock(PAGE, 0);
        server.awaitWaiters(1);
        writer.send(frame(UPDATE_PAGE, PAGE, PAGE_LENGTH, 0, page(66)));
        server.awaitWaiters(2);
        last.sendLock(PAGE, 0);
        server.awaitWaiters(3);
        death.of(locker);
        server.awaitWaiters(2);
        death.of(writer);
        server.awaitWaiters(1);
        assertEquals(0, server.stat("waiting-bytes"));
        assertEquals(bare(UNLOCK_PAGE, PAGE, 2), holder.unlock(PAGE, page(1)));
        assertEquals(full(LOCK_PAGE, PAGE, 2, page(1)), last.receive(), "the dead writer's page was not written");
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,CLOSE", "EPOLL,RESET", "NIO,CLOSE", "NIO,RESET"})
    void waiter_diesWithMuchUnreadBehindIt_leavesTheLineAllTheSame(ServerConfig.Transport transport, Death death) {
        server.start(builder -> builder.transport(transport));
        Wire02Client holder = server.connect();
        Wire02Client waiter = server.connect();
        holder.lock(PAGE, 0);
        byte[] behind = new byte[150_000];
        waiter.send(frame(LOCK_PAGE, PAGE, 0, 0), frame(UPDATE_PAGE, 0, behind.length, 0, behind));
        server.awaitWaiters(1);
        death.of(waiter);
        server.awaitWaiters(0);
        assertEquals(bare(READ_PAGE, 0, 1), holder.read(0, 1), "nothing of what was behind the LOCK was run");
    }

    @ParameterizedTest
    @CsvSource({"EPOLL,CLOSE", "EPOLL,RESET", "NIO,CLOSE", "NIO,RESET"})
    void waiter_diesWithMoreBehindItThanIsKept_isPassedWhenItsTurnComes(ServerConfig.Transport transport, Death death)
            throws InterruptedException {
        server.start(builder -> builder.transport(transport));
        Wire02Client holder = server.connect();
        Wire02Client waiter = server.connect();
        Wire02Client next = server.connect();
        holder.lock(PAGE, 0);
        waiter.sendLock(PAGE, 0);
        server.awaitWaiters(1);
        next.sendLock(PAGE, 0);
        server.awaitWaiters(2);
        byte[] behind = new byte[1 << 20];
        Thread sending = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 3; i++) {
                waiter.send(frame(UPDATE_PAGE, 0, behind.length, 0, behind));
            }
        });
        sending.join();
        death.of(waiter);
        assertEquals(bare(UNLOCK_PAGE, PAGE, 2), holder.unlock(PAGE, page(1)));
        assertEquals(full(LOCK_PAGE, PAGE, 2, page(1)), next.receive());
    }

    @ParameterizedTest
    @EnumSource
    void holderOfManyPages_dies_allAreFree(Death death) {
        Wire02Client holder = server.connect();
        Wire02Client other = server.connect();
        for (int page = 0; page < Wire02Fixture.PAGES; page++) {
            holder.lock(page, 0);
        }
        death.of(holder);
        for (int page = 0; page < Wire02Fixture.PAGES; page++) {
            assertEquals(bare(LOCK_PAGE, page, 1), other.lock(page, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void holder_diesWithoutReadingItsReplies_releasesItsLock(Death death) {
        Wire02Client holder = server.connect();
        Wire02Client next = server.connect();
        holder.lock(PAGE, 0);
        next.sendLock(PAGE, 0);
        server.awaitWaiters(1);
        byte[] read = frame(READ_PAGE, 0, 0, 0);
        ByteBuffer reads = ByteBuffer.allocate(5000 * read.length);
        while (reads.hasRemaining()) {
            reads.put(read);
        }
        holder.send(reads.array());
        death.of(holder);
        assertEquals(full(LOCK_PAGE, PAGE, 1, page(0)), next.receive());
    }

    @ParameterizedTest
    @EnumSource
    void client_diesAmidItsFirstHeader_leavesNothing(Death death) {
        for (int sent = 0; sent < 13; sent++) {
            Wire02Client client = server.connect();
            client.send(Arrays.copyOf(frame(LOCK_PAGE, PAGE, 0, 0), sent));
            death.of(client);
        }
        Wire02Fixture.await("no connection", () -> server.stat("connections") == 0);
        assertFalse(server.connect().lock(PAGE, 1).length() > 0);
    }

    @ParameterizedTest
    @EnumSource(ServerConfig.Transport.class)
    void client_endsItsSendingOnly_isAnsweredFirst(ServerConfig.Transport transport) {
        server.start(builder -> builder.transport(transport));
        Wire02Client client = server.connect();
        client.send(
                frame(READ_PAGE, PAGE, 0, 1),
                frame(LOCK_PAGE, PAGE, 0, 1),
                frame(UPDATE_PAGE, PAGE, PAGE_LENGTH, 0, page(1)));
        client.endSending();
        assertEquals(bare(READ_PAGE, PAGE, 1), client.receive());
        assertEquals(bare(LOCK_PAGE, PAGE, 1), client.receive());
        assertEquals(bare(UPDATE_PAGE, PAGE, 2), client.receive());
        assertTrue(client.isEnded());
    }
}
