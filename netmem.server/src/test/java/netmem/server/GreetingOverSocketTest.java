package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import netmem.api.Incarnation;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.SessionId;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sections 2, 3 and 5 of docs/protocol: preface, greeting, who closes when. What happens to sessions later is in SessionsOverSocketTest. */
@Timeout(60)
class GreetingOverSocketTest {
    private static final long ID = FrameHeader.requestId(3, 9);

    private static NetMemServer server;

    @BeforeAll
    static void start() {
        server = start(Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static NetMemServer start(Map<String, Long> limits) {
        return NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(4)
                .pageLengthBytes(64)
                .limits(ServerLimits.DEFAULTS.with(limits))
                .start();
    }

    @Test
    void hello_new_opensSessionAndTellsLimits() throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.send(RawClient.PREFACE);

            Reply.Welcome welcome = assertInstanceOf(Reply.Welcome.class, client.ask(RawClient.hello(0), ID));

            assertEquals(1, welcome.protocolVersion());
            assertFalse(welcome.resumed());
            assertTrue(welcome.session().isPresent());
            assertTrue(welcome.incarnation().isKnown());
            assertEquals(ServerLimits.DEFAULTS.leaseMillis(), welcome.leaseMillis());
            assertEquals(ServerLimits.DEFAULTS.slots(), welcome.slots());
            assertEquals(ServerLimits.DEFAULTS.frameBytesMax(), welcome.frameBytesMax());
            assertEquals(4, welcome.pageCount());
            assertEquals(64, welcome.pageLengthBytes());
            client.assertAlive();
        }
    }

    @Test
    void greeting_splitAtEachByte_isTheSame() throws IOException {
        byte[] hello = RawClient.vector("request-hello-utf8-name");
        byte[] both = Arrays.copyOf(RawClient.PREFACE, RawClient.PREFACE.length + hello.length);
        System.arraycopy(hello, 0, both, RawClient.PREFACE.length, hello.length);
        for (int cut = 1; cut < both.length; cut++) {
            try (RawClient client = new RawClient(server)) {
                client.send(Arrays.copyOf(both, cut));
                client.send(Arrays.copyOfRange(both, cut, both.length));

                assertInstanceOf(Reply.Welcome.class, client.replyTo(Opcode.HELLO, FrameHeader.requestId(0, 1)));
            }
        }
    }

    @Test
    void preface_withRangeThatHoldsVersion1_isServed() throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.send(RawClient.vector("preface-range"));

            Reply.Welcome welcome = assertInstanceOf(Reply.Welcome.class, client.ask(RawClient.hello(0), ID));

            assertEquals(1, welcome.protocolVersion());
        }
    }

    @Test
    void preface_withoutSharedVersion_isToldToTheGreeting() throws IOException {
        for (String versions : List.of("0200 0300", "0000 0000", "0300 0200", "ffff ffff")) {
            try (RawClient client = new RawClient(server)) {
                client.send(HexFormat.of().parseHex("4e4d454d" + versions.replace(" ", "")));
                client.send(RawClient.frame(19, Opcode.HELLO.code(), 0x80, 7, ID, (byte) 1, (byte) 2, (byte) 3));

                Reply.Failed failed = client.failureOf(Opcode.HELLO.code(), ID, Status.UNSUPPORTED_VERSION);

                // the highest, or the lowest where that is above it
                String told = versions.equals("0300 0200") ? "0300" : versions.substring(5);
                byte[] max = HexFormat.of().parseHex(told);
                assertEquals((max[0] & 0xFF) | (max[1] & 0xFF) << 8, failed.actual());
                assertEquals(1, failed.expected());
                client.assertEnded();
            }
        }
    }

    @Test
    void firstByte_ofNoProtocol_closes() throws IOException {
        for (int first : new int[] {6, 'G', 'n', 0x7F, 0x80, 0xFF}) {
            try (RawClient client = new RawClient(server)) {
                client.send((byte) first, (byte) 'E', (byte) 'T', (byte) ' ');
                client.assertEndedOrReset();
            }
        }
    }

    @Test
    void magic_wrongAfterItsFirstByte_isRefused() throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.send(HexFormat.of().parseHex("4e4d454e01000100"));

            client.assertRefused(Status.BAD_FRAME);
        }
    }

    @Test
    void firstRequest_thatIsNotHello_isRefused() throws IOException {
        for (Request request : List.of(new Request.Info(), new Request.Ping(), new Request.Bye())) {
            try (RawClient client = new RawClient(server)) {
                client.send(RawClient.PREFACE);
                client.send(request, ID);

                Reply.Failed failed = client.failureOf(request.opcode().code(), ID, Status.BAD_FRAME);

                assertEquals(request.opcode().code(), failed.actual());
                assertEquals(Opcode.HELLO.code(), failed.expected());
                client.assertEnded();
            }
        }
    }

    @Test
    void hello_malformed_isRefusedAndCloses() throws IOException {
        for (String name : List.of("lease-above-limit", "name-too-long", "name-length-lies", "name-not-utf8")) {
            try (RawClient client = new RawClient(server)) {
                client.send(RawClient.PREFACE);
                client.send(RawClient.vector("invalid-" + name));

                RawClient.Answered answered = client.receive();

                assertEquals(FrameHeader.requestId(0, 1), answered.requestId());
                assertNotEquals(Status.OK, answered.reply().status());
                client.assertEnded();
            }
        }
    }

    @Test
    void frame_longerThanGreetingsMayBe_isRefusedByItsLengthAlone() throws IOException {
        for (long length : new long[] {1025, 65_536, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFFL}) {
            try (RawClient client = new RawClient(server)) {
                client.send(RawClient.PREFACE);
                client.send(Arrays.copyOf(RawClient.frame(length, Opcode.HELLO.code(), 0, 0, ID), 4));

                Reply.Failed failed = client.assertRefused(Status.TOO_LARGE);

                assertEquals(length, failed.actual());
                assertEquals(1024, failed.expected());
            }
        }
    }

    @Test
    void refusal_withMoreBytesUnderWay_stillReachesTheClient() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (RawClient client = new RawClient(server)) {
                client.send(RawClient.PREFACE);
                client.send(RawClient.frame(1 << 20, Opcode.HELLO.code(), 0, 0, ID, new byte[64 << 10]));

                client.assertRefused(Status.TOO_LARGE);
            }
        }
    }

    @Test
    void greeting_notInTime_isRefused() throws IOException {
        try (NetMemServer impatient = start(Map.of("greeting-millis", 50L))) {
            for (int sent : new int[] {1, 8, 12}) {
                try (RawClient client = new RawClient(impatient)) {
                    client.send(Arrays.copyOf(RawClient.vector("preface"), Math.min(sent, 8)));
                    client.send(Arrays.copyOf(RawClient.frame(RawClient.hello(0), ID), sent - Math.min(sent, 8)));

                    assertEquals(50, client.assertRefused(Status.BAD_FRAME).expected());
                }
            }
        }
    }

    @Test
    void connection_thatSaysNothing_isKeptForClientsOf02() throws IOException {
        try (NetMemServer impatient = start(Map.of("greeting-millis", 500L));
                RawClient client = new RawClient(impatient)) {
            client.assertSilent(700);

            client.greet(RawClient.hello(0));
            client.assertSilent(700);
            client.assertAlive();
        }
    }

    @Test
    void hello_again_isRefusedAndChangesNothing() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            RawClient.failed(Status.BAD_FRAME, client.ask(RawClient.hello(0), ID));

            client.assertAlive();
        }
    }

    @Test
    void lease_asked_isBroughtWithinTheBounds() throws IOException {
        int[][] wantedAndGot = {{0, 10_000}, {1, 1_000}, {1_000, 1_000}, {20_000, 20_000}, {Integer.MAX_VALUE, 300_000}
        };
        for (int[] lease : wantedAndGot) {
            try (RawClient client = new RawClient(server)) {
                assertEquals(lease[1], client.greet(RawClient.hello(lease[0])).leaseMillis());
            }
        }
    }

    @Test
    void hello_ofUnknownSessionOrIncarnation_opensNewOne() throws IOException {
        try (RawClient client = RawClient.greeted(server);
                RawClient first = new RawClient(server)) {
            Reply.Welcome known = first.greet(RawClient.hello(0));
            List<Request.Hello> hellos = List.of(
                    new Request.Hello(new SessionId(1, 2), known.incarnation(), 0, "", ""),
                    new Request.Hello(known.session(), new Incarnation(1, 2), 0, "", ""),
                    new Request.Hello(known.session(), Incarnation.NONE, 0, "", ""));
            for (Request.Hello hello : hellos) {
                try (RawClient second = new RawClient(server)) {
                    Reply.Welcome welcome = second.greet(hello);

                    assertFalse(welcome.resumed());
                    assertNotEquals(known.session(), welcome.session());
                    assertEquals(known.incarnation(), welcome.incarnation());
                }
            }
            first.assertAlive();
            client.assertAlive();
        }
    }

    @Test
    void hello_withoutTheCredential_isDenied() throws IOException {
        try (NetMemServer closed = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .credential("open sesame")
                .start()) {
            for (String token : List.of("", "open", "open sesame ", "Open sesame")) {
                try (RawClient client = new RawClient(closed)) {
                    client.send(RawClient.PREFACE);
                    client.send(new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, "", token), ID);

                    client.failureOf(Opcode.HELLO.code(), ID, Status.DENIED);
                    client.assertEnded();
                }
            }
            try (RawClient client = new RawClient(closed)) {
                client.greet(new Request.Hello(SessionId.NONE, Incarnation.NONE, 0, "", "open sesame"));
                client.assertAlive();
            }
        }
    }

    @Test
    void hello_beyondTheSessionsLimit_isBusy() throws IOException {
        try (NetMemServer small = start(Map.of("sessions-max", 2L));
                RawClient first = RawClient.greeted(small);
                RawClient second = RawClient.greeted(small);
                RawClient third = new RawClient(small)) {
            third.send(RawClient.PREFACE);
            third.send(RawClient.hello(0), ID);

            Reply.Failed busy = third.failureOf(Opcode.HELLO.code(), ID, Status.BUSY);

            assertEquals(2, busy.expected());
            third.assertEnded();
            first.assertAlive();
            second.assertAlive();
        }
    }

    @Test
    void connection_beyondTheLimit_isClosed() throws IOException {
        try (NetMemServer small = start(Map.of("connections-max", 1L));
                RawClient first = RawClient.greeted(small);
                RawClient second = new RawClient(small)) {
            second.assertEndedOrReset();
            first.assertAlive();
        }
    }
}
