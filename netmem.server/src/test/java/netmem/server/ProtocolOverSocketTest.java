package netmem.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import netmem.api.PageRange;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sections 6 to 8 of docs/protocol as seen from outside: headers, validation, each operation's replies, order. The greeting is in
 * GreetingOverSocketTest, locks in LocksOverSocketTest, sessions and request ids in SessionsOverSocketTest.
 */
@Timeout(60)
class ProtocolOverSocketTest {
    private static final int PAGE = 64;
    private static final Ranges WHOLE = Ranges.of(0, PAGE);

    private NetMemServer server;
    private RawClient client;

    ProtocolOverSocketTest() throws IOException {
        server = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(8)
                .pageLengthBytes(PAGE)
                .start();
        client = RawClient.greeted(server);
    }

    @BeforeEach
    void pages_ofFreshServer_areZeroAtVersion1() throws IOException {
        Reply.Data data = assertInstanceOf(Reply.Data.class, client.ask(new Request.Read(7, 0, WHOLE)));
        assertEquals(1, data.version());
        assertEquals(ByteBuffer.allocate(PAGE), data.data());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    static Request.Write write(long page, int offset, int... values) {
        return new Request.Write(page, 0, 0, 0, false, Ranges.of(offset, values.length), bytes(values));
    }

    @Test
    void invalidVectors_each_areAnsweredAsTheySayAndTheConnectionGoesOn() throws IOException {
        Path folder = Path.of(System.getProperty("basedir", "."), "..", "docs", "protocol", "vectors");
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().startsWith("invalid-"))
                    .filter(file -> !file.getFileName().toString().startsWith("invalid-length"))
                    .sorted()
                    .toList();
        }
        assertTrue(files.size() > 20);
        for (Path file : files) {
            String name = file.getFileName().toString().replace(".hex", "");
            byte[] frame = RawClient.vector(name);
            client.send(frame);

            RawClient.Answered answered = client.receive();

            ByteBuffer sent = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(FrameHeader.requestId(sent, 0), answered.requestId(), name);
            assertEquals(FrameHeader.opcode(sent, 0) | Opcode.REPLY, answered.opcode(), name);
            Reply.Failed failed = assertInstanceOf(Reply.Failed.class, answered.reply(), name);
            String text = failed.status() + " actual=" + failed.actual() + " expected=" + failed.expected();
            assertEquals("# expect: " + text, Files.readAllLines(file).get(1), name);
            client.assertAlive();
        }
    }

    @Test
    void frameLength_belowTheHeader_isRefusedAndCloses() throws IOException {
        for (int length : new int[] {0, 1, 4, 15}) {
            try (RawClient other = RawClient.greeted(server)) {
                other.send(Arrays.copyOf(RawClient.frame(length, Opcode.PING.code(), 0, 0, 77), 4));

                Reply.Failed failed = other.assertRefused(Status.BAD_FRAME);

                assertEquals(length, failed.actual());
                assertEquals(FrameHeader.BYTES, failed.expected());
            }
        }
        client.assertAlive();
    }

    @Test
    void frameLength_aboveTheLimit_isRefusedByItselfAndCloses() throws IOException {
        int limit = ServerLimits.DEFAULTS.frameBytesMax();
        for (long length : new long[] {limit + 1L, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFFL}) {
            try (RawClient other = RawClient.greeted(server)) {
                other.send(Arrays.copyOf(RawClient.frame(length, Opcode.PING.code(), 0, 0, 77), 4));

                Reply.Failed failed = other.assertRefused(Status.TOO_LARGE);

                assertEquals(length, failed.actual());
                assertEquals(limit, failed.expected());
            }
        }
    }

    @Test
    void frame_ofTheLargestLength_isTaken() throws IOException {
        byte[] body = new byte[ServerLimits.DEFAULTS.frameBytesMax() - FrameHeader.BYTES];
        client.send(RawClient.frame(body.length + FrameHeader.BYTES, Opcode.PING.code(), 0, 0, 77, body));

        Reply.Failed failed = client.failureOf(Opcode.PING.code(), 77, Status.BAD_FRAME);

        assertEquals(body.length, failed.actual());
        client.assertAlive();
    }

    @Test
    void operation_unknown_isAnsweredWithItsCode() throws IOException {
        for (int code : new int[] {0, 8, 15, 35, 96, 127}) {
            client.send(RawClient.frame(19, code, 0xFF, 99, code + 1000L, (byte) 1, (byte) 2, (byte) 3));

            Reply.Failed failed = client.failureOf(code, code + 1000L, Status.UNKNOWN_OPERATION);

            assertEquals(code, failed.actual());
        }
        client.assertAlive();
    }

    @Test
    void requests_splitAtEachByte_areAnswered() throws IOException {
        byte[] write = RawClient.frame(write(1, 0, 1, 2, 3, 4, 5, 6, 7, 8), FrameHeader.requestId(1, 1));
        for (int cut = 1; cut < write.length; cut++) {
            byte[] frame = RawClient.frame(write(1, 0, 1, 2, 3, 4, 5, 6, 7, 8), FrameHeader.requestId(1, cut));
            client.send(Arrays.copyOf(frame, cut));
            client.assertSilent(1);
            client.send(Arrays.copyOfRange(frame, cut, frame.length));

            Reply reply = client.replyTo(Opcode.WRITE, FrameHeader.requestId(1, cut));

            assertEquals(new Reply.Written(cut + 1L), reply);
        }
    }

    @Test
    void requests_pipelined_takeEffectInOrder() throws IOException {
        int count = 500;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 1; i <= count; i++) {
            all.write(RawClient.frame(write(2, 8, i & 0xFF, i >> 8), FrameHeader.requestId(i % 5, i)));
            all.write(RawClient.frame(new Request.Read(2, 0, Ranges.of(8, 2)), FrameHeader.requestId(9, i)));
            all.write(RawClient.frame(new Request.Ping(), FrameHeader.requestId(10, i)));
        }

        client.send(all.toByteArray());

        for (int i = 1; i <= count; i++) {
            assertEquals(new Reply.Written(i + 1L), client.replyTo(Opcode.WRITE, FrameHeader.requestId(i % 5, i)));
            assertEquals(
                    new Reply.Data(i + 1L, bytes(i & 0xFF, i >> 8)),
                    client.replyTo(Opcode.READ, FrameHeader.requestId(9, i)));
            client.replyTo(Opcode.PING, FrameHeader.requestId(10, i));
        }
    }

    @Test
    void info_always_namesReleaseAndLimits() throws IOException {
        Reply.Description description = assertInstanceOf(Reply.Description.class, client.ask(new Request.Info()));

        assertFalse(description.version().isEmpty());
        assertEquals(ServerLimits.DEFAULTS.byName(), description.limits());
    }

    @Test
    void stats_always_haveCounters() throws IOException {
        Map<String, Long> values = assertInstanceOf(Reply.Statistics.class, client.ask(new Request.Stats()))
                .values();

        assertEquals(1, values.get("sessions"));
        assertEquals(0, values.get("locks-held"));
    }

    @Test
    void read_ofRanges_bringsThemInTheirOrder() throws IOException {
        client.ask(write(1, 0, 10, 11, 12, 13));
        Ranges ranges = Ranges.of(List.of(new PageRange(2, 2), new PageRange(0, 3), new PageRange(63, 1)));

        Reply reply = client.ask(new Request.Read(1, 0, ranges));

        assertEquals(new Reply.Data(2, bytes(12, 13, 10, 11, 12, 0)), reply);
        assertEquals(new Reply.Data(2, bytes()), client.ask(new Request.Read(1, 0, Ranges.NONE)));
        assertEquals(new Reply.Data(2, bytes()), client.ask(new Request.Read(1, 1, Ranges.NONE)));
    }

    @Test
    void read_ofVersionHeld_isNotModifiedUntilTheNextWrite() throws IOException {
        assertEquals(new Reply.NotModified(1), client.ask(new Request.Read(3, 1, WHOLE)));
        assertEquals(new Reply.NotModified(1), client.ask(new Request.Read(3, 1, Ranges.NONE)));

        client.ask(write(3, 5, 9));

        assertInstanceOf(Reply.Data.class, client.ask(new Request.Read(3, 1, WHOLE)));
        assertEquals(new Reply.NotModified(2), client.ask(new Request.Read(3, 2, WHOLE)));
        assertInstanceOf(Reply.Data.class, client.ask(new Request.Read(3, -1, WHOLE)));
    }

    @Test
    void page_outOfBounds_isRefusedByEachOperation() throws IOException {
        for (long page : new long[] {8, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            List<Request> requests = List.of(
                    new Request.Read(page, 0, WHOLE),
                    new Request.Read(page, 0, Ranges.NONE),
                    new Request.ReadMany(false, List.of(new Request.ReadMany.Entry(page, 0, 0, 1))),
                    new Request.ReadMany(true, List.of(new Request.ReadMany.Entry(page, 0, 0, 0))),
                    write(page, 0, 1),
                    new Request.Lock(page, 1, 0, true, 0),
                    new Request.Unlock(page, 1, Ranges.NONE, bytes()));
            for (Request request : requests) {
                Reply.Failed failed = RawClient.failed(Status.NO_SUCH_PAGE, client.ask(request));

                assertEquals(page, failed.actual());
                assertEquals(8, failed.expected());
            }
        }
    }

    @Test
    void range_outOfThePage_isRefusedByEachOperation() throws IOException {
        long[][] bad = {{0, 65}, {64, 1}, {60, 5}, {0, 0}, {1, 0xFFFFFFFFL}, {0xFFFFFFFFL, 1}, {0x80000000L, 1}};
        for (long[] range : bad) {
            byte[] body = body(1, 0, range[0], range[1]);
            client.send(RawClient.frame(16 + body.length, Opcode.READ.code(), 0, 0, 7, body));

            Reply.Failed failed = client.failureOf(Opcode.READ.code(), 7, Status.BAD_RANGE);

            assertEquals(range[0] + range[1], failed.actual());
            assertEquals(PAGE, failed.expected());
        }
        RawClient.failed(Status.BAD_RANGE, client.ask(write(1, 63, 1, 2)));
        RawClient.failed(Status.BAD_RANGE, client.ask(new Request.Unlock(1, 1, Ranges.of(64, 1), bytes(1))));
        RawClient.failed(
                Status.BAD_RANGE,
                client.ask(new Request.ReadMany(false, List.of(new Request.ReadMany.Entry(1, 0, 60, 5)))));
        assertEquals(new Reply.NotModified(1), client.ask(new Request.Read(1, 1, WHOLE)));
    }

    /** A READ's body of one range whose numbers no PageRange would take. */
    private static byte[] body(long page, long held, long offset, long length) {
        ByteBuffer body = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
        return body.putLong(page)
                .putLong(held)
                .putInt(1)
                .putInt((int) offset)
                .putInt((int) length)
                .array();
    }

    @Test
    void readMany_mixed_bringsDataVersionsAndNotModified() throws IOException {
        client.ask(write(1, 0, 1, 2, 3));
        for (boolean snapshot : new boolean[] {false, true}) {
            Request.ReadMany many = new Request.ReadMany(
                    snapshot,
                    List.of(
                            new Request.ReadMany.Entry(1, 0, 1, 2),
                            new Request.ReadMany.Entry(1, 2, 0, PAGE),
                            new Request.ReadMany.Entry(0, 0, 0, 0),
                            new Request.ReadMany.Entry(1, 1, 0, 1)));

            Reply reply = client.ask(many);

            Reply.DataMany expected = new Reply.DataMany(List.of(
                    new Reply.DataMany.Entry(2, bytes(2, 3)),
                    new Reply.DataMany.Entry(2, null),
                    new Reply.DataMany.Entry(1, bytes()),
                    new Reply.DataMany.Entry(2, bytes(1))));
            assertEquals(expected, reply);
        }
        assertEquals(new Reply.DataMany(List.of()), client.ask(new Request.ReadMany(true, List.of())));
    }

    @Test
    void reply_longerThanTheFrameLimit_isTooLarge() throws IOException {
        try (NetMemServer large = NetMemServer.builder()
                        .listen("127.0.0.1", 0)
                        .pages(4)
                        .pageLengthBytes(1 << 20)
                        .start();
                RawClient reader = RawClient.greeted(large)) {
            Request.ReadMany.Entry entry = new Request.ReadMany.Entry(0, 0, 0, 1 << 20);
            PageRange whole = new PageRange(0, 1 << 20);

            Reply.Failed many =
                    RawClient.failed(Status.TOO_LARGE, reader.ask(new Request.ReadMany(false, List.of(entry, entry))));
            Reply.Failed one = RawClient.failed(
                    Status.TOO_LARGE, reader.ask(new Request.Read(0, 1, Ranges.of(List.of(whole, whole)))));

            assertEquals(16 + 4 + 2 * 16 + (2 << 20), many.actual());
            assertEquals(16 + 8 + (2 << 20), one.actual());
            assertEquals(2 << 20, one.expected());
            Reply.Data page =
                    assertInstanceOf(Reply.Data.class, reader.ask(new Request.Read(0, 0, Ranges.of(0, 1 << 20))));
            assertEquals(1 << 20, page.data().remaining());
        }
    }

    @Test
    void write_ofRanges_isOneVersionAndLaterRangesWin() throws IOException {
        Ranges ranges = Ranges.of(List.of(new PageRange(0, 4), new PageRange(2, 4), new PageRange(63, 1)));

        Reply reply = client.ask(new Request.Write(5, 0, 0, 0, false, ranges, bytes(1, 1, 1, 1, 2, 2, 2, 2, 3)));

        assertEquals(new Reply.Written(2), reply);
        Reply.Data page = assertInstanceOf(Reply.Data.class, client.ask(new Request.Read(5, 0, WHOLE)));
        byte[] expected = new byte[PAGE];
        System.arraycopy(new byte[] {1, 1, 2, 2, 2, 2}, 0, expected, 0, 6);
        expected[63] = 3;
        byte[] actual = new byte[PAGE];
        page.data().get(actual);
        assertArrayEquals(expected, actual);
    }

    @Test
    void write_withStaleCondition_changesNothingAndTellsTheCurrent() throws IOException {
        client.ask(write(6, 0, 7));

        Reply told = client.ask(new Request.Write(6, 1, 0, 0, false, Ranges.of(0, 1), bytes(8)));
        Reply brought = client.ask(new Request.Write(6, 3, 0, 0, true, Ranges.of(0, 1), bytes(8)));
        Reply done = client.ask(new Request.Write(6, 2, 0, 0, true, Ranges.of(1, 1), bytes(9)));

        assertEquals(new Reply.ConditionFailed(2, null), told);
        ByteBuffer page = ByteBuffer.allocate(PAGE).put(0, (byte) 7);
        assertEquals(new Reply.ConditionFailed(2, page), brought);
        assertEquals(new Reply.Written(3), done);
        assertEquals(new Reply.Data(3, bytes(7, 9)), client.ask(new Request.Read(6, 0, Ranges.of(0, 2))));
    }
}
