package netmem.server;

import static netmem.server.ProtocolOverSocketTest.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.regex.Pattern;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.Request.LockMany.Want;
import netmem.api.wire.Request.Watch.Seen;
import netmem.api.wire.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What refusals say of extreme numbers: each as it was sent, unsigned, and with the bound that would have been right.
 */
@Timeout(60)
class RefusalTextsOverSocketTest {
    private static final Pattern SIGNED = Pattern.compile("(?<![0-9A-Za-z])-\\d");
    private static final long[] EXTREMES = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE + 5, 1L << 32, 8};

    private final NetMemServer server;
    private final RawClient client;

    RefusalTextsOverSocketTest() throws IOException {
        server = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(8)
                .pageLengthBytes(1024)
                .start();
        client = RawClient.greeted(server);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private static String unsigned(long value) {
        return Long.toUnsignedString(value);
    }

    private Reply.Failed refused(Request request) throws IOException {
        return assertInstanceOf(Reply.Failed.class, client.ask(request), request::toString);
    }

    @Test
    void everyRefusal_ofExtremes_printsWhatWasSentUnsigned() throws IOException {
        for (long extreme : EXTREMES) {
            List<Request> requests = List.of(
                    new Request.Read(extreme, 0, Ranges.of(0, 2048)),
                    new Request.Unlock(1, extreme, Ranges.NONE, bytes()),
                    new Request.Unlock(extreme, extreme, Ranges.of(0, 1), bytes(1)),
                    new Request.Write(1, 0, extreme == 0 ? 1 : extreme, 0, false, Ranges.of(0, 1), bytes(1)),
                    new Request.Atomic(1, 0, 0, 0, 0, WordFunction.ADD, 0, extreme == 0 ? 1 : extreme),
                    new Request.LockMany(1, 0, List.of(new Want(extreme, false), new Want(extreme, false))),
                    new Request.Watch(extreme, 9, List.of()),
                    new Request.Watch(1, extreme == 0 ? 9 : extreme, List.of(new Seen(0, 1))),
                    new Request.Transact(0, false, List.of(new Step.Read(extreme, 0, 2048))),
                    new Request.AwaitNewer(extreme == 0 ? 9 : extreme, 0, 0));
            for (Request request : requests) {
                Reply.Failed failed = refused(request);
                assertFalse(SIGNED.matcher(failed.message()).find(), () -> request + ": " + failed.message());
                if (failed.status() != Status.BAD_RANGE && !(request instanceof Request.Watch)) {
                    assertTrue(failed.message().contains(unsigned(failed.actual())), failed::toString);
                }
            }
        }
    }

    @Test
    void runOfPages_thatWraps_namesItsLastPage() throws IOException {
        assertEquals(-1, refused(new Request.Watch(1, -1, List.of())).actual());
        assertEquals(-1, refused(new Request.Watch(-1, 1, List.of())).actual());
        assertEquals(8, refused(new Request.Watch(0, 9, List.of())).actual());
        assertEquals(3, refused(new Request.Watch(3, 0, List.of())).actual());
        assertEquals(
                "pages: 18446744073709551615 from 1 (expected: at least one, all of them < 8)",
                refused(new Request.Watch(1, -1, List.of())).message());
    }

    @Test
    void expectedNumbers_ofIdsAndCodes_areThoseThatWouldBeRight() throws IOException {
        client.ask(new Request.Write(1, 0, 0, 0, false, Ranges.of(0, 1), bytes(1)), FrameHeader.requestId(0, 100));
        Reply zero = client.ask(
                new Request.Write(1, 0, 0, 0, false, Ranges.of(0, 1), bytes(1)), FrameHeader.requestId(0, 0));
        assertEquals(1, RawClient.failed(Status.BAD_FRAME, zero).expected());
        for (int[] code : new int[][] {{0, 1}, {15, 16}, {35, 34}, {52, 51}, {96, 66}, {127, 66}}) {
            client.send(RawClient.frame(16, code[0], 0, 0, 5));
            Reply.Failed failed = client.failureOf(code[0], 5, Status.UNKNOWN_OPERATION);
            assertEquals(code[1], failed.expected());
        }
        Request.Unlock none = new Request.Unlock(1, 99, Ranges.NONE, bytes());
        Request.Unlock some = new Request.Unlock(1, 99, Ranges.of(0, 1), bytes(1));
        assertTrue(reply(none, 101).message().contains("that of a lock which"));
        assertTrue(reply(some, 102).message().contains("that of an exclusive lock which"));
    }

    private Reply.Failed reply(Request request, long sequence) throws IOException {
        return assertInstanceOf(Reply.Failed.class, client.ask(request, FrameHeader.requestId(0, sequence)));
    }

    @Test
    void write_toAPageThatItsOwnSessionHolds_saysSo() throws IOException {
        client.ask(new Request.Lock(2, 1, 0, false, false, 0));
        for (int waitMillis : new int[] {0, 20}) {
            Request write = new Request.Write(2, 0, 0, waitMillis, false, Ranges.of(0, 1), bytes(1));
            String message = reply(write, 200 + waitMillis).message();
            assertTrue(message.contains("this session itself holds page 2"), message);
        }
        try (RawClient other = RawClient.greeted(server)) {
            Reply reply = other.ask(new Request.Write(2, 0, 0, 0, false, Ranges.of(0, 1), bytes(1)));
            assertFalse(RawClient.failed(Status.LOCKED, reply).message().contains("itself"));
        }
    }

    @Test
    void preface_lowestAboveHighest_isToldSo() throws IOException {
        try (RawClient other = new RawClient(server)) {
            ByteBuffer preface = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            preface.put(RawClient.PREFACE, 0, 4).putShort((short) 3).putShort((short) 1);
            other.send(preface.array());
            Reply.Failed failed = RawClient.failed(Status.UNSUPPORTED_VERSION, other.ask(RawClient.hello(0), 0));
            assertEquals(3, failed.actual());
            assertTrue(failed.message().contains("lowest 3, highest 1"), failed::message);
        }
    }

    @Test
    void transactRepeated_longResults_keepsThoseOfAWordOrLess() throws IOException {
        Request transact = new Request.Transact(
                0,
                false,
                List.of(
                        new Step.Read(1, 0, 600),
                        new Step.Read(1, 0, 9),
                        new Step.Read(1, 0, 8),
                        new Step.Read(1, 0, 1),
                        new Step.Atomic(1, 0, WordFunction.ADD, 1)));
        long id = FrameHeader.requestId(1, 1);
        client.ask(transact, id);
        Reply.Committed again = assertInstanceOf(Reply.Committed.class, client.ask(transact, id));
        List<Integer> lengths = again.results().stream()
                .map(result -> result.data() == null ? -1 : result.data().remaining())
                .toList();
        assertEquals(List.of(-1, -1, 8, 1, 8), lengths);
    }
}
