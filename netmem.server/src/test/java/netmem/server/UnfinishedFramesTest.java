package netmem.server;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.config.ServerConfig.Transport;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that begin frames and do not end them: what they cost together, how long they may, and that others go on. */
@Timeout(60)
class UnfinishedFramesTest {
    private static final int PAGE_BYTES = 1 << 20;
    private static final int FRAME_BYTES = 2 << 20;
    private static final long INCOMING_BYTES = 8 << 20;

    private static NetMemServer server(Transport transport, long frameMillis) {
        return NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(64)
                .pageLengthBytes(PAGE_BYTES)
                .transport(transport)
                .eventLoops(2)
                .limits(ServerLimits.DEFAULTS.with(
                        Map.of("incoming-max-bytes", INCOMING_BYTES, "frame-time-millis", frameMillis)))
                .start();
    }

    private static long stat(NetMemServer server, String name) {
        return requireNonNull(server.stats().get(name));
    }

    private static void awaitStat(NetMemServer server, String name, long atLeast) {
        while (stat(server, name) < atLeast) {
            Thread.onSpinWait();
        }
    }

    /** All of a frame but its last bytes, of which the socket takes what it takes; ends when the connection does. */
    private static void sendMost(Socket socket, byte[] frame, int bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            for (int sent = 0; sent < bytes; sent += 64 << 10) {
                out.write(frame, sent, Math.min(64 << 10, bytes - sent));
            }
        } catch (IOException ended) {
            assertTrue(socket.isConnected(), ended::toString);
        }
    }

    private static byte[] longFrame(boolean v02) {
        return v02
                ? ByteBuffer.allocate(FRAME_BYTES)
                        .put((byte) 5)
                        .putInt(0)
                        .putInt(FRAME_BYTES - 13)
                        .array()
                : RawClient.frame(FRAME_BYTES, Opcode.WRITE.code(), 0, 0, 1, new byte[FRAME_BYTES - FrameHeader.BYTES]);
    }

    private static Request write(int page, int value) {
        ByteBuffer bytes = ByteBuffer.allocate(PAGE_BYTES);
        bytes.put(0, (byte) value);
        return new Request.Write(page, 0, 0, 0, false, Ranges.of(0, PAGE_BYTES), bytes);
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"EPOLL", "NIO"})
    void clients_thatSendAllButTheLastByte_areBoundedCutAndOthersServed(Transport transport) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (NetMemServer server = server(transport, 2000);
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                RawClient honest = RawClient.greeted(server)) {
            for (int i = 0; i < 64; i++) {
                boolean v02 = i % 2 == 0;
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                sockets.add(socket);
                if (!v02) {
                    socket.getOutputStream().write(RawClient.PREFACE);
                    socket.getOutputStream().write(RawClient.frame(RawClient.hello(0), 0));
                }
                threads.execute(() -> sendMost(socket, longFrame(v02), FRAME_BYTES - 1));
            }
            awaitStat(server, "incoming-waiting", 20);
            for (int i = 0; i < 200; i++) {
                assertEquals(
                        Status.OK,
                        honest.ask(new Request.Read(1, 0, Ranges.of(0, 4096))).status());
                assertTrue(stat(server, "incoming-bytes") <= INCOMING_BYTES * 4 / 3);
            }
            // A long frame has its turn behind them all: each of those before it is cut in its time.
            assertEquals(Status.OK, honest.ask(write(2, 9)).status());
            for (Socket socket : sockets) {
                socket.close();
            }
            while (stat(server, "incoming-bytes") > 0 || stat(server, "connections") > 1) {
                Thread.onSpinWait();
            }
            assertEquals(0, stat(server, "incoming-waiting"));
        }
    }

    @Test
    void frame_notCompleteInItsTime_endsTheConnectionWithAnError() throws IOException {
        try (NetMemServer server = server(Transport.AUTO, 400);
                RawClient client = RawClient.greeted(server);
                RawClient idle = RawClient.greeted(server)) {
            byte[] frame = RawClient.frame(new Request.Ping(), 1);
            client.send(frame[0], frame[1], frame[2], frame[3], frame[4]);

            Reply.Failed failed = client.assertRefused(Status.BAD_FRAME);

            assertEquals("frame: not complete after 400 ms", failed.message());
            idle.assertAlive();
        }
    }

    @Test
    void frame_thatComesInPiecesInTime_isRun() throws Exception {
        try (NetMemServer server = server(Transport.AUTO, 2000);
                RawClient client = RawClient.greeted(server)) {
            byte[] frame = RawClient.frame(write(3, 7), client.nextId());
            for (int sent = 0; sent < frame.length; sent += 100_000) {
                client.socket().getOutputStream().write(frame, sent, Math.min(100_000, frame.length - sent));
                client.socket().getOutputStream().flush();
            }
            assertEquals(Status.OK, client.receive().reply().status());
        }
    }

    /**
     * More honest writers than there is memory for their frames at once: each waits for its turn, and none is
     * refused.
     */
    @Test
    void writers_moreThanFit_allHaveTheirTurn() throws Exception {
        try (NetMemServer server = server(Transport.AUTO, 30_000);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                int page = i;
                writers.add(threads.submit(() -> {
                    try (RawClient client = RawClient.greeted(server)) {
                        for (int round = 0; round < 4; round++) {
                            assertEquals(
                                    Status.OK, client.ask(write(page, round)).status());
                        }
                    }
                    return page;
                }));
            }
            for (Future<Integer> writer : writers) {
                writer.get();
            }
            assertEquals(0, stat(server, "incoming-bytes"));
        }
    }
}
