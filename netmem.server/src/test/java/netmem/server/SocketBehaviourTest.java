package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.config.ServerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What sockets can do besides bytes in order: both transports behave the same. */
@Timeout(60)
@ParameterizedClass
@MethodSource("transports")
class SocketBehaviourTest {
    private static final int PAGE_BYTES = 4096;
    private static final int READS = 5000;
    private static final int ADDITIONS = 200;

    private final NetMemServer server;

    static Stream<ServerConfig.Transport> transports() {
        return Stream.of(ServerConfig.Transport.EPOLL, ServerConfig.Transport.NIO);
    }

    SocketBehaviourTest(ServerConfig.Transport transport) {
        server = NetMemServer.builder()
                .pages(64)
                .pageLengthBytes(PAGE_BYTES)
                .transport(transport)
                .listen("127.0.0.1", 0)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Request add() {
        return new Request.Atomic(0, 0, 0, 0, 0, WordFunction.ADD, 1, 0);
    }

    private static Request read(long page) {
        return new Request.Read(page, 0, Ranges.of(0, PAGE_BYTES));
    }

    private long sum() throws IOException {
        try (RawClient other = RawClient.greeted(server)) {
            return assertInstanceOf(
                            Reply.Fetched.class, other.ask(new Request.Atomic(0, 0, 0, 0, 0, WordFunction.OR, 0, 0)))
                    .old();
        }
    }

    /** All at once, from a client that ends its side and reads only then. */
    private static byte[] pipeline() {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < READS; i++) {
            frames.writeBytes(RawClient.frame(read(1 + i % 63), FrameHeader.requestId(1, i + 1)));
        }
        for (int i = 0; i < ADDITIONS; i++) {
            frames.writeBytes(RawClient.frame(add(), FrameHeader.requestId(2 + i, 1)));
        }
        return frames.toByteArray();
    }

    /** Sends the pipeline beside the one who reads, and ends the client's side of the stream after it where asked to. */
    private static Thread sending(RawClient client, boolean end) {
        return Thread.ofVirtual().start(() -> {
            try {
                client.send(pipeline());
                if (end) {
                    client.socket().shutdownOutput();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void halfClose_afterAPipeline_bringsAllRepliesThenTheEnd() throws Exception {
        try (RawClient client = RawClient.greeted(server)) {
            Thread sender = sending(client, true);
            int reads = 0;
            int additions = 0;
            for (int i = 0; i < READS + ADDITIONS; i++) {
                Reply reply = client.receive().reply();
                reads += reply instanceof Reply.Data ? 1 : 0;
                additions += reply instanceof Reply.Fetched ? 1 : 0;
            }
            assertEquals(READS, reads);
            assertEquals(ADDITIONS, additions);
            client.assertEnded();
            sender.join();
        }
        assertEquals(ADDITIONS, sum());
    }

    /** Replies are taken more slowly than the server lingers for one who takes nothing. */
    @Test
    void halfClose_byASlowReader_bringsAllReplies() throws Exception {
        try (RawClient client = RawClient.greeted(server)) {
            Thread sender = sending(client, true);
            for (int i = 0; i < READS + ADDITIONS; i++) {
                if (i % 500 == 0) {
                    Thread.sleep(300); // the pace of the reader is what is tested
                }
                client.receive();
            }
            client.assertEnded();
            sender.join();
        }
    }

    @Test
    void halfClose_inTheMiddleOfAFrame_answersWhatWasWhole() throws Exception {
        try (RawClient client = RawClient.greeted(server)) {
            byte[] half = RawClient.frame(read(1), client.nextId());
            client.send(add(), FrameHeader.requestId(5, 1));
            client.send(Arrays.copyOf(half, half.length / 2));
            client.socket().shutdownOutput();
            assertInstanceOf(Reply.Fetched.class, client.replyTo(Opcode.ATOMIC, FrameHeader.requestId(5, 1)));
            client.assertEnded();
        }
    }

    @Test
    void halfClose_whileALockIsWaitedFor_endsAtOnceAndTheSessionGoesOn() throws Exception {
        try (RawClient holder = RawClient.greeted(server);
                RawClient waiter = new RawClient(server)) {
            Reply.Granted held =
                    assertInstanceOf(Reply.Granted.class, holder.ask(new Request.Lock(3, 1, 0, false, false, 0)));
            Reply.Welcome session = waiter.greet(RawClient.hello(0));
            long id = waiter.nextId();
            Request lock = new Request.Lock(3, 1, 10_000, false, false, 0);
            waiter.send(lock, id);
            waiter.socket().shutdownOutput();
            waiter.assertEnded();
            try (RawClient again = new RawClient(server)) {
                assertTrue(again.greet(RawClient.resuming(session)).resumed());
                again.send(lock, id);
                holder.ask(new Request.Unlock(3, held.token(), Ranges.NONE, ByteBuffer.allocate(0)));
                assertInstanceOf(Reply.Granted.class, again.replyTo(Opcode.LOCK, id));
            }
        }
    }

    @Test
    void reset_inTheMiddleOfAPipeline_leavesOthersAlone() throws Exception {
        for (int i = 0; i < 20; i++) {
            RawClient client = RawClient.greeted(server);
            client.send(pipeline());
            client.socket().setSoLinger(true, 0);
            client.close();
        }
        try (RawClient other = RawClient.greeted(server)) {
            assertInstanceOf(Reply.Data.class, other.ask(read(1)));
        }
    }

    @Test
    void urgentData_isNoPartOfTheStream() throws Exception {
        try (RawClient client = RawClient.greeted(server)) {
            for (int i = 0; i < 20; i++) {
                client.socket().sendUrgentData(0xFF);
                assertInstanceOf(Reply.Data.class, client.ask(read(1)));
            }
        }
    }

    @Test
    void segments_ofOneByte_areFramesAllTheSame() throws Exception {
        try (RawClient client = new RawClient(server)) {
            for (byte one : RawClient.PREFACE) {
                client.send(one);
            }
            for (byte one : RawClient.frame(RawClient.hello(0), 0)) {
                client.send(one);
            }
            assertInstanceOf(Reply.Welcome.class, client.replyTo(Opcode.HELLO, 0));
            for (int i = 0; i < 20; i++) {
                long id = client.nextId();
                for (byte one : RawClient.frame(add(), id)) {
                    client.send(one);
                }
                assertInstanceOf(Reply.Fetched.class, client.replyTo(Opcode.ATOMIC, id));
            }
        }
    }

    /** A client whose window is closed for longer than one that had ended its stream would be waited for. */
    @Test
    void window_closedForALongTime_losesNothing() throws Exception {
        try (RawClient client = RawClient.greeted(server)) {
            Thread sender = sending(client, false);
            Thread.sleep(2500); // the time that the window is closed is what is tested
            for (int i = 0; i < READS + ADDITIONS; i++) {
                client.receive();
            }
            sender.join();
            assertInstanceOf(Reply.Done.class, client.ask(new Request.Ping()));
        }
    }

    @Test
    void silence_thenEnd_isClosed() throws Exception {
        try (RawClient client = new RawClient(server)) {
            client.socket().shutdownOutput();
            assertThrows(EOFException.class, client::receive);
        }
        while (Objects.requireNonNull(server.stats().get("connections")) > 0) {
            Thread.onSpinWait(); // the test's time limit ends it
        }
    }
}
