package netmem.server.net;

import static netmem.server.net.Wire02Client.GET_PARAMS;
import static netmem.server.net.Wire02Client.GET_VERSION;
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
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The framing and the types of the 0.2 wire, row by row over raw sockets. Not here: the cases that the old server left open (Wire02DecisionsTest). */
@Timeout(30)
final class Wire02RequestsTest {
    private static final int GARBAGE = 0xDEADBEEF;

    @RegisterExtension
    final Wire02Fixture server = new Wire02Fixture();

    @Test
    @DisplayName("TCP, no greeting, the client speaks first")
    void connect_nothingSent_serverIsSilentToo() {
        assertTrue(server.connect().isSilentFor(100));
    }

    @Test
    @DisplayName("13-byte header both ways, big-endian, unpadded: type u8 | page u32 | length u32 | version u32")
    void header_bothWays_is13BytesBigEndian() {
        Wire02Client client = server.connect();
        client.send(new byte[] {5, 0, 0, 0, 7, 0, 0, 0, (byte) PAGE_LENGTH, 0x01, 0x02, 0x03, 0x04}, page(9));
        assertArrayEquals(new byte[] {5, 0, 0, 0, 7, 0, 0, 0, 0, 0x01, 0x02, 0x03, 0x04}, client.receive(13));
        client.send(new byte[] {2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0});
        assertArrayEquals(
                new byte[] {2, 0, 0, 0, 7, 0, 0, 0, (byte) PAGE_LENGTH, 0x01, 0x02, 0x03, 0x04}, client.receive(13));
        assertArrayEquals(page(9), client.receive(PAGE_LENGTH));
    }

    @ParameterizedTest
    @ValueSource(ints = {GET_VERSION, GET_PARAMS, READ_PAGE, LOCK_PAGE, 6, 77, NO_SUCH_PAGE, PAGE_NOT_LOCKED, 255})
    @DisplayName("For every other request type length must be ignored")
    void length_ofTypeWithoutData_isIgnored(int type) {
        Wire02Client client = server.connectAndGreet();
        for (long length : new long[] {1, PAGE_LENGTH, 1 << 20, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL}) {
            client.send(frame(type, 3, length, 1));
            assertEquals(type, client.receive().type());
            assertEquals(PAGES, client.getParams().page(), "the connection is still in step");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {GET_VERSION, GET_PARAMS})
    @DisplayName("old clients send garbage in all three fields of types 0 and 1")
    void fields_ofTypes0And1_areIgnored(int type) {
        Wire02Client client = server.connect();
        client.send(frame(type, GARBAGE, GARBAGE, GARBAGE));
        Wire02Client.Reply reply = client.receive();
        assertEquals(type, reply.type());
        assertEquals(0, reply.length());
        assertEquals(type == GET_PARAMS ? PAGE_LENGTH : 0x0002_0100, reply.version());
    }

    @Test
    @DisplayName("One reply a request, in request order, also when pipelined")
    void pipelined_manyRequests_answeredOneByOneInOrder() {
        Wire02Client client = server.connect();
        ByteBuffer requests = ByteBuffer.allocate(1 << 20);
        List<Wire02Client.Reply> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int page = i % PAGES;
            int version = 2 + 2 * (i / PAGES);
            requests.put(frame(UPDATE_PAGE, page, PAGE_LENGTH, 0, page(i)));
            expected.add(bare(UPDATE_PAGE, page, version));
            requests.put(frame(READ_PAGE, page, 0, 0));
            expected.add(full(READ_PAGE, page, version, page(i)));
            requests.put(frame(LOCK_PAGE, page, 0, version));
            expected.add(bare(LOCK_PAGE, page, version));
            requests.put(frame(UNLOCK_PAGE, page, PAGE_LENGTH, 0, page(i + 1)));
            expected.add(bare(UNLOCK_PAGE, page, version + 1));
            requests.put(frame(READ_PAGE, PAGES + i, 0, 0));
            expected.add(bare(NO_SUCH_PAGE, PAGES + i, 0));
        }
        Thread sender = Thread.ofVirtual().start(() -> client.send(bytes(requests)));
        for (Wire02Client.Reply reply : expected) {
            assertEquals(reply, client.receive());
        }
        assertFalse(sender.isAlive() && client.hasReceived(), "nothing is left over");
    }

    private static byte[] bytes(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.get(0, bytes);
        return bytes;
    }

    @Test
    @DisplayName("in request order, also when pipelined: behind a LOCK that waits")
    void pipelined_behindWaitingLock_answeredAfterIt() {
        Wire02Client holder = server.connect();
        Wire02Client client = server.connect();
        holder.lock(2, 0);
        client.send(
                frame(READ_PAGE, 5, 0, 1),
                frame(LOCK_PAGE, 2, 0, 1),
                frame(READ_PAGE, 2, 0, 0),
                frame(GET_PARAMS, 0, 0, 0),
                frame(UNLOCK_PAGE, 2, PAGE_LENGTH, 0, page(2)),
                frame(READ_PAGE, 2, 0, 3));
        assertEquals(bare(READ_PAGE, 5, 1), client.receive(), "what is before the LOCK does not wait");
        server.awaitWaiters(1);
        assertFalse(client.hasReceived(), "what is behind the LOCK waits");
        holder.unlock(2, page(1));
        assertEquals(full(LOCK_PAGE, 2, 2, page(1)), client.receive());
        assertEquals(full(READ_PAGE, 2, 2, page(1)), client.receive());
        assertEquals(GET_PARAMS, client.receive().type());
        assertEquals(bare(UNLOCK_PAGE, 2, 3), client.receive());
        assertEquals(bare(READ_PAGE, 2, 3), client.receive());
    }

    @Test
    @DisplayName("0 GET_VERSION: length 0, version = 0x0002ssss")
    void getVersion_upperHalf_is2() {
        Wire02Client.Reply reply = server.connect().getVersion();
        assertEquals(GET_VERSION, reply.type());
        assertEquals(0, reply.length());
        assertEquals(2, reply.version() >>> 16);
    }

    @Test
    @DisplayName("1 GET_PARAMS: page = number of pages, length 0, version = page length")
    void getParams_always_tellsPagesAndPageLength() {
        assertEquals(bare(GET_PARAMS, PAGES, PAGE_LENGTH), server.connect().getParams());
    }

    @Test
    @DisplayName("2 READ_PAGE: equal version: length 0; otherwise the page")
    void read_versionHeld_savesTheDataOnlyWhenEqual() {
        Wire02Client client = server.connect();
        client.update(4, 0, page(7));
        assertEquals(bare(READ_PAGE, 4, 2), client.read(4, 2));
        for (int other : new int[] {0, 1, 3, -2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertEquals(full(READ_PAGE, 4, 2, page(7)), client.read(4, other), "version held " + other);
        }
    }

    @Test
    @DisplayName("2 READ_PAGE: never waits for a lock")
    void read_pageLockedByAnother_showsTheCommittedPageAtOnce() {
        Wire02Client holder = server.connect();
        holder.lock(4, 0);
        Wire02Client reader = server.connect();
        assertEquals(full(READ_PAGE, 4, 1, page(0)), reader.read(4, 0));
        holder.unlock(4, page(1));
        assertEquals(full(READ_PAGE, 4, 2, page(1)), reader.read(4, 1));
    }

    @Test
    @DisplayName("3 LOCK_PAGE: as READ when the page is free")
    void lock_freePage_isAnsweredAsRead() {
        Wire02Client client = server.connect();
        client.update(1, 0, page(3));
        assertEquals(full(LOCK_PAGE, 1, 2, page(3)), client.lock(1, 0));
        client.unlock(1, page(4));
        assertEquals(bare(LOCK_PAGE, 1, 3), client.lock(1, 3), "equal version: length 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @DisplayName("3 LOCK_PAGE: waits until granted, then as READ")
    void lock_pageLockedByAnother_waitsAndShowsTheNewPage(int versionHeld) {
        Wire02Client holder = server.connect();
        Wire02Client client = server.connect();
        holder.lock(1, 0);
        client.sendLock(1, versionHeld);
        server.awaitWaiters(1);
        assertFalse(client.hasReceived());
        assertEquals(bare(UNLOCK_PAGE, 1, 2), holder.unlock(1, page(8)));
        assertEquals(versionHeld == 2 ? bare(LOCK_PAGE, 1, 2) : full(LOCK_PAGE, 1, 2, page(8)), client.receive());
        assertEquals(bare(UNLOCK_PAGE, 1, 3), client.unlock(1, page(9)), "it is the holder now");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, 77, GARBAGE, Integer.MAX_VALUE})
    @DisplayName("4 UNLOCK_PAGE (version ignored): page := data, version + 1, released; length 0, version = new")
    void unlock_pageHeld_commitsAndReleases(int version) {
        Wire02Client client = server.connect();
        client.lock(6, 0);
        client.send(frame(UNLOCK_PAGE, 6, PAGE_LENGTH, version, page(5)));
        assertEquals(bare(UNLOCK_PAGE, 6, 2), client.receive());
        Wire02Client other = server.connect();
        assertEquals(full(LOCK_PAGE, 6, 2, page(5)), other.lock(6, 0), "released");
    }

    @Test
    @DisplayName("5 UPDATE_PAGE: written; length 0, version = resulting")
    void update_freePage_isWritten() {
        Wire02Client client = server.connect();
        assertEquals(bare(UPDATE_PAGE, 0, 2), client.update(0, 0, page(1)));
        assertEquals(bare(UPDATE_PAGE, 0, 3), client.update(0, 0, page(2)));
        assertEquals(full(READ_PAGE, 0, 3, page(2)), server.connect().read(0, 0));
    }

    @Test
    @DisplayName("5 UPDATE_PAGE: waits while another connection holds the lock")
    void update_pageLockedByAnother_isWrittenAfterTheUnlock() {
        Wire02Client holder = server.connect();
        Wire02Client writer = server.connect();
        holder.lock(0, 0);
        writer.send(frame(UPDATE_PAGE, 0, PAGE_LENGTH, 0, page(2)));
        server.awaitWaiters(1);
        assertFalse(writer.hasReceived());
        assertEquals(full(READ_PAGE, 0, 1, page(0)), holder.read(0, 0), "not written yet");
        assertEquals(bare(UNLOCK_PAGE, 0, 2), holder.unlock(0, page(1)));
        assertEquals(bare(UPDATE_PAGE, 0, 3), writer.receive());
        assertEquals(full(READ_PAGE, 0, 3, page(2)), holder.read(0, 0));
    }

    @Test
    @DisplayName("5 UPDATE_PAGE: written at one instant")
    void update_underReaders_isNeverSeenInParts() throws InterruptedException {
        Wire02Client writer = server.connect();
        Wire02Client reader = server.connect();
        Thread writing = Thread.ofPlatform().start(() -> {
            for (int i = 2; i <= 2000; i++) {
                writer.update(3, 0, page(i));
            }
        });
        int last = 1;
        while (last < 2000) {
            Wire02Client.Reply reply = reader.read(3, 0);
            assertTrue(reply.version() >= last, "versions never go back");
            last = reply.version();
            assertEquals(full(READ_PAGE, 3, last, page(last == 1 ? 0 : last)), reply);
        }
        writing.join();
    }

    @Test
    @DisplayName("100 NO_SUCH_PAGE: page out of range")
    void anyPageType_pageOutOfRange_isAnswered100() {
        Wire02Client client = server.connect();
        for (long page : new long[] {PAGES, PAGES + 1, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL}) {
            assertEquals(bare(NO_SUCH_PAGE, page, 0), client.read(page, 0));
            assertEquals(bare(NO_SUCH_PAGE, page, 0), client.lock(page, 0));
            assertEquals(bare(NO_SUCH_PAGE, page, 0), client.unlock(page, page(1)));
            assertEquals(bare(NO_SUCH_PAGE, page, 0), client.update(page, 0, page(1)));
        }
    }

    @Test
    @DisplayName("101 PAGE_NOT_LOCKED: UNLOCK of a page that this connection does not hold")
    void unlock_pageOfAnotherConnection_isAnswered101() {
        Wire02Client holder = server.connect();
        holder.lock(2, 0);
        assertEquals(bare(PAGE_NOT_LOCKED, 2, 1), server.connect().unlock(2, page(1)));
        assertEquals(bare(UNLOCK_PAGE, 2, 2), holder.unlock(2, page(2)), "the holder still holds it");
    }

    @Test
    @DisplayName("Old clients: handshake is GET_PARAMS then GET_VERSION; they want the request's page number echoed")
    void replies_toPageTypes_echoThePage() {
        Wire02Client client = server.connectAndGreet();
        for (int page = 0; page < PAGES; page++) {
            assertEquals(page, client.read(page, 0).page());
            assertEquals(page, client.lock(page, 0).page());
            assertEquals(page, client.unlock(page, page(1)).page());
            assertEquals(page, client.update(page, 0, page(1)).page());
            assertEquals(page, client.unlock(page, page(1)).page());
        }
        client.send(frame(GET_VERSION, 5, 0, 0));
        assertEquals(5, client.receive().page());
    }

    @Test
    @DisplayName("Old clients: they label their cache after UPDATE with the reply's version")
    void update_replyVersion_isThatOfTheCopyWritten() {
        Wire02Client client = server.connect();
        int version = client.update(2, 41, page(2)).version();
        assertEquals(bare(READ_PAGE, 2, version), client.read(2, version));
    }

    @Test
    @DisplayName("Old clients: a second client that shares the cache connects and sends nothing")
    void connect_silentBesideAnother_bothStay() {
        Wire02Client client = server.connect();
        Wire02Client silent = server.connect();
        for (int i = 0; i < 100; i++) {
            client.update(0, 0, page(i));
        }
        assertEquals(full(READ_PAGE, 0, 101, page(99)), silent.read(0, 0));
    }
}
