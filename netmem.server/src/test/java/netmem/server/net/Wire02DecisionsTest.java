package netmem.server.net;

import static netmem.server.net.Wire02Client.GET_PARAMS;
import static netmem.server.net.Wire02Client.LOCK_PAGE;
import static netmem.server.net.Wire02Client.NO_SUCH_PAGE;
import static netmem.server.net.Wire02Client.PAGE_NOT_LOCKED;
import static netmem.server.net.Wire02Client.READ_PAGE;
import static netmem.server.net.Wire02Client.UNLOCK_PAGE;
import static netmem.server.net.Wire02Client.UPDATE_PAGE;
import static netmem.server.net.Wire02Client.bare;
import static netmem.server.net.Wire02Client.frame;
import static netmem.server.net.Wire02Client.full;
import static netmem.server.net.Wire02Fixture.PAGES;
import static netmem.server.net.Wire02Fixture.PAGE_LENGTH;
import static netmem.server.net.Wire02Fixture.page;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the 2008 server left open, crashed on or lied about, and what ours answers: the decisions of docs/protocol/netmem-0.2.md, row by row. */
@Timeout(30)
final class Wire02DecisionsTest {
    private static final int VERSION_MAX = Integer.MAX_VALUE;

    @RegisterExtension
    final Wire02Fixture server = new Wire02Fixture();

    @Test
    @DisplayName("version field: our 64-bit version mapped to 1 ... 2^31-1, never 0, wrapping")
    void version_pastTheLargest_wrapsTo1() {
        Wire02Client client = server.connect();
        assertEquals(bare(UPDATE_PAGE, 0, VERSION_MAX - 1), client.update(0, VERSION_MAX - 1, page(1)));
        assertEquals(bare(UPDATE_PAGE, 0, VERSION_MAX), client.update(0, 0, page(2)));
        assertEquals(bare(READ_PAGE, 0, VERSION_MAX), client.read(0, VERSION_MAX));
        assertEquals(bare(UPDATE_PAGE, 0, 1), client.update(0, 0, page(3)));
        assertEquals(full(READ_PAGE, 0, 1, page(3)), client.read(0, VERSION_MAX), "the old copy is known as old");
        assertEquals(bare(READ_PAGE, 0, 1), client.read(0, 1));
        client.lock(0, 1);
        assertEquals(bare(UNLOCK_PAGE, 0, 2), client.unlock(0, page(4)));
    }

    @Test
    @DisplayName("page == pages (the original crashed): 100, page echoed; the data of types 4/5 is consumed first")
    void pageEqualToPages_withData_keepsTheConnectionInStep() {
        Wire02Client client = server.connect();
        client.send(
                frame(UPDATE_PAGE, PAGES, PAGE_LENGTH, 0, page(READ_PAGE)),
                frame(UNLOCK_PAGE, PAGES, PAGE_LENGTH, 0, page(UPDATE_PAGE)),
                frame(UPDATE_PAGE, PAGES, 3, 0, new byte[3]),
                frame(READ_PAGE, PAGES, 0, 0),
                frame(LOCK_PAGE, PAGES, 0, 0),
                frame(READ_PAGE, PAGES - 1, 0, 1));
        for (int i = 0; i < 5; i++) {
            assertEquals(bare(NO_SUCH_PAGE, PAGES, 0), client.receive());
        }
        assertEquals(bare(READ_PAGE, PAGES - 1, 1), client.receive());
    }

    @Test
    @DisplayName("UNLOCK of a page not held: 101, data dropped, nothing changed, version = current")
    void unlock_pageNotHeld_changesNothing() {
        Wire02Client client = server.connect();
        client.update(3, 9, page(1));
        assertEquals(bare(PAGE_NOT_LOCKED, 3, 9), client.unlock(3, page(2)));
        assertEquals(full(READ_PAGE, 3, 9, page(1)), client.read(3, 0));
        client.lock(3, 0);
        client.unlock(3, page(4));
        assertEquals(bare(PAGE_NOT_LOCKED, 3, 10), client.unlock(3, page(5)), "a second time");
        assertEquals(full(READ_PAGE, 3, 10, page(4)), client.read(3, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, -100, Integer.MIN_VALUE})
    @DisplayName("UPDATE, version negative or 0: version + 1")
    void update_versionNotPositive_takesTheNext(int version) {
        Wire02Client client = server.connect();
        client.update(0, 10, page(1));
        assertEquals(bare(UPDATE_PAGE, 0, 11), client.update(0, version, page(2)));
        assertEquals(full(READ_PAGE, 0, 11, page(2)), client.read(0, 10));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 1000, VERSION_MAX})
    @DisplayName("UPDATE, explicit version above the current: taken")
    void update_versionAbove_isTaken(int version) {
        Wire02Client client = server.connect();
        assertEquals(bare(UPDATE_PAGE, 0, version), client.update(0, version, page(2)));
        assertEquals(full(READ_PAGE, 0, version, page(2)), client.read(0, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 10})
    @DisplayName("UPDATE, explicit version not above the current: version + 1, and the reply says so")
    void update_versionNotAbove_takesTheNext(int version) {
        Wire02Client client = server.connect();
        client.update(0, 10, page(1));
        assertEquals(bare(UPDATE_PAGE, 0, 11), client.update(0, version, page(2)));
        assertEquals(full(READ_PAGE, 0, 11, page(2)), client.read(0, version));
    }

    @Test
    @DisplayName("UPDATE, explicit version: judged when it is written, not when it came")
    void update_waitingWithVersion_isJudgedAtItsTurn() {
        Wire02Client holder = server.connect();
        Wire02Client early = server.connect();
        Wire02Client late = server.connect();
        holder.lock(0, 0);
        early.send(frame(UPDATE_PAGE, 0, PAGE_LENGTH, 50, page(2)));
        server.awaitWaiters(1);
        late.send(frame(UPDATE_PAGE, 0, PAGE_LENGTH, 40, page(3)));
        server.awaitWaiters(2);
        holder.unlock(0, page(1));
        assertEquals(bare(UPDATE_PAGE, 0, 50), early.receive());
        assertEquals(bare(UPDATE_PAGE, 0, 51), late.receive());
    }

    @Test
    @DisplayName(
            "UPDATE by the connection that holds the lock: applied, and the lock is released; a later UNLOCK gets 101")
    void update_byTheHolder_releasesTheLock() {
        Wire02Client client = server.connect();
        Wire02Client next = server.connect();
        client.lock(5, 0);
        next.sendLock(5, 0);
        server.awaitWaiters(1);
        assertEquals(bare(UPDATE_PAGE, 5, 7), client.update(5, 7, page(1)));
        assertEquals(full(LOCK_PAGE, 5, 7, page(1)), next.receive());
        assertEquals(bare(PAGE_NOT_LOCKED, 5, 7), client.unlock(5, page(2)));
        assertEquals(bare(UNLOCK_PAGE, 5, 8), next.unlock(5, page(3)));
        assertEquals(bare(PAGE_NOT_LOCKED, 5, 8), client.unlock(5, page(2)));
    }

    @Test
    @DisplayName("UPDATE by the connection that holds the lock: a LOCK after it is a new one")
    void lock_afterUpdateByTheHolder_isTakenAnew() {
        Wire02Client client = server.connect();
        Wire02Client next = server.connect();
        client.lock(5, 0);
        client.update(5, 0, page(1));
        next.lock(5, 0);
        client.sendLock(5, 2);
        server.awaitWaiters(1);
        next.unlock(5, page(2));
        assertEquals(full(LOCK_PAGE, 5, 3, page(2)), client.receive());
        assertEquals(1, server.stat("locks-held"));
    }

    @Test
    @DisplayName("LOCK by the connection that holds it (the original wedged the page for ever): answered at once")
    void lock_byTheHolder_isAnsweredAsRead() {
        Wire02Client client = server.connect();
        client.update(5, 0, page(1));
        client.lock(5, 0);
        assertEquals(full(LOCK_PAGE, 5, 2, page(1)), client.lock(5, 0));
        assertEquals(bare(LOCK_PAGE, 5, 2), client.lock(5, 2));
        assertEquals(bare(UNLOCK_PAGE, 5, 3), client.unlock(5, page(2)), "held once, so one UNLOCK releases it");
        assertEquals(bare(LOCK_PAGE, 5, 3), server.connect().lock(5, 3));
    }

    @Test
    @DisplayName("LOCK by the connection that holds it: also when others wait, and when it holds all that it may")
    void lock_byTheHolderAtTheLimit_isAnsweredAsRead() {
        server.start(Wire02Fixture.limits(Map.of("locks-per-session-max", 2L)));
        Wire02Client client = server.connect();
        client.lock(0, 0);
        client.lock(1, 0);
        assertEquals(bare(NO_SUCH_PAGE, 2, 1), client.lock(2, 0), "a third is refused");
        Wire02Client next = server.connect();
        next.sendLock(1, 0);
        server.awaitWaiters(1);
        assertEquals(bare(LOCK_PAGE, 1, 1), client.lock(1, 1));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "127", "129", "64", "65536"})
    @DisplayName(
            "UPDATE/UNLOCK whose length is not the page length: consumed and answered with 101 or 100, nothing changed")
    void dataLength_notThePageLength_changesNothing(int length) {
        Wire02Client client = server.connect();
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) READ_PAGE);
        assertEquals(bare(NO_SUCH_PAGE, 1, 1), client.update(1, 0, data));
        assertEquals(bare(PAGE_NOT_LOCKED, 1, 1), client.unlock(1, data));
        client.lock(1, 0);
        assertEquals(bare(NO_SUCH_PAGE, 1, 1), client.update(1, 0, data));
        assertEquals(bare(PAGE_NOT_LOCKED, 1, 1), client.unlock(1, data));
        assertEquals(full(READ_PAGE, 1, 1, page(0)), client.read(1, 0));
        assertEquals(bare(UNLOCK_PAGE, 1, 2), client.unlock(1, page(1)), "the lock was not lost");
    }

    @Test
    @DisplayName("UPDATE/UNLOCK: body up to the frame limit consumed")
    void dataLength_atTheFrameLimit_isConsumed() {
        Wire02Client client = server.connect();
        byte[] data = new byte[ServerLimits.DEFAULTS.frameBytesMax() - Wire02Client.HEADER_BYTES];
        assertEquals(bare(NO_SUCH_PAGE, 1, 1), client.update(1, 0, data));
        assertEquals(bare(GET_PARAMS, PAGES, PAGE_LENGTH), client.getParams());
    }

    @ParameterizedTest
    @ValueSource(longs = {2 << 20, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL})
    @DisplayName("UPDATE/UNLOCK: above the frame limit the connection is closed")
    void dataLength_aboveTheFrameLimit_closesTheConnection(long length) {
        for (int type : new int[] {UPDATE_PAGE, UNLOCK_PAGE}) {
            Wire02Client client = server.connect();
            client.lock(1, 0);
            Wire02Client next = server.connect();
            next.sendLock(1, 0);
            server.awaitWaiters(1);
            client.send(frame(READ_PAGE, 0, 0, 1), frame(type, 1, length, 0, new byte[100]));
            assertEquals(bare(READ_PAGE, 0, 1), client.receive(), "what came before is answered");
            assertTrue(client.isEnded());
            assertEquals(0, server.stat("waiters"), "its lock went before, though the client has not closed yet");
            assertEquals(full(LOCK_PAGE, 1, 1, page(0)), next.receive(), "released without commit");
            next.close();
            server.awaitLocks(0);
        }
    }

    @Test
    @DisplayName("more clients than sessions: those that only read are served; LOCK and UPDATE are answered 100")
    void lockAndUpdate_sessionsExhausted_areAnswered100() {
        server.start(Wire02Fixture.limits(Map.of("sessions-max", 1L)));
        Wire02Client first = server.connect();
        first.lock(0, 0);
        Wire02Client client = server.connect();
        client.send(frame(LOCK_PAGE, 1, 0, 0));
        assertEquals(bare(NO_SUCH_PAGE, 1, 1), client.receive());
        assertEquals(bare(NO_SUCH_PAGE, 1, 1), client.update(1, 0, page(1)));
        assertEquals(bare(PAGE_NOT_LOCKED, 1, 1), client.unlock(1, page(1)));
        assertEquals(full(READ_PAGE, 1, 1, page(0)), client.read(1, 0));
        first.close();
        server.awaitLocks(0);
        assertEquals(bare(LOCK_PAGE, 1, 1), client.lock(1, 1));
    }

    @Test
    @DisplayName("a line that is full: LOCK and UPDATE that would wait are answered 100")
    void lockAndUpdate_lineFull_areAnswered100() {
        server.start(Wire02Fixture.limits(Map.of("waiters-per-page-max", 1L)));
        Wire02Client holder = server.connect();
        Wire02Client first = server.connect();
        Wire02Client client = server.connect();
        holder.lock(1, 0);
        first.sendLock(1, 0);
        server.awaitWaiters(1);
        assertEquals(bare(NO_SUCH_PAGE, 1, 1), client.lock(1, 0));
        assertEquals(bare(NO_SUCH_PAGE, 1, 1), client.update(1, 0, page(1)));
        holder.unlock(1, page(2));
        assertEquals(full(LOCK_PAGE, 1, 2, page(2)), first.receive(), "who waits is not touched");
        client.sendLock(1, 0);
        server.awaitWaiters(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 99, NO_SUCH_PAGE, PAGE_NOT_LOCKED, 127, 128, 255})
    @DisplayName("unknown type: 13 bytes consumed, type echoed, length 0")
    void unknownType_anyFields_isEchoed(int type) {
        Wire02Client client = server.connectAndGreet();
        client.send(frame(type, 0xFFFF_FFFFL, 0xFFFF_FFFFL, -1), frame(READ_PAGE, 0, 0, 1));
        Wire02Client.Reply reply = client.receive();
        assertEquals(type, reply.type());
        assertEquals(0xFFFF_FFFFL, reply.page());
        assertEquals(0, reply.length());
        assertEquals(bare(READ_PAGE, 0, 1), client.receive());
    }

    @Test
    @DisplayName("unknown type: the first byte of a connection must be 0-5")
    void unknownType_first_closesTheConnection() {
        for (int type : new int[] {6, 77, 100, 128, 255}) {
            Wire02Client client = server.connect();
            client.send(frame(type, 0, 0, 0));
            assertTrue(client.isEnded());
        }
    }

    @Test
    @DisplayName("fresh page: zero-filled, version 1 (the original leaked heap bytes)")
    void freshPage_read_isZeroAtVersion1() {
        Wire02Client client = server.connect();
        for (int page = 0; page < PAGES; page++) {
            assertEquals(full(READ_PAGE, page, 1, page(0)), client.read(page, 0));
            assertEquals(bare(READ_PAGE, page, 1), client.read(page, 1));
        }
    }

    @Test
    @DisplayName("a server that stops answers a LOCK that waits, then ends the stream")
    void serverStops_lockWaiting_isAnswered100() throws InterruptedException {
        Wire02Client holder = server.connect();
        Wire02Client client = server.connect();
        holder.lock(1, 0);
        client.sendLock(1, 0);
        server.awaitWaiters(1);
        Thread closing = Thread.ofPlatform().start(() -> server.server().close());
        assertEquals(bare(NO_SUCH_PAGE, 1, 1), client.receive());
        assertTrue(client.isEnded());
        assertTrue(holder.isEnded());
        client.close();
        holder.close();
        closing.join();
        assertFalse(closing.isAlive());
        server.start(builder -> builder);
    }
}
