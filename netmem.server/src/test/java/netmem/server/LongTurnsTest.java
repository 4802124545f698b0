package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import netmem.api.Status;
import netmem.api.WordFunction;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import netmem.server.config.ServerConfig.Transport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that sends much work at once gives way to others between its requests, and gets all its replies in order. */
@Timeout(60)
class LongTurnsTest {
    private static final int TRANSACTIONS = 1000;

    private static byte[] pipeline() throws IOException {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            steps.add(new Step.Atomic(1, 8 * (i % 8), WordFunction.ADD, 1));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 1; i <= TRANSACTIONS; i++) {
            bytes.write(RawClient.frame(new Request.Transact(0, false, steps), FrameHeader.requestId(0, i)));
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"EPOLL", "NIO"})
    void pipeline_ofMuchWork_isRunInTurnsAndAnsweredInOrder(Transport transport) throws Exception {
        try (NetMemServer server = NetMemServer.builder()
                        .listen("127.0.0.1", 0)
                        .pages(4)
                        .pageLengthBytes(64)
                        .transport(transport)
                        .eventLoops(1)
                        .start();
                RawClient busy = RawClient.greeted(server);
                RawClient other = RawClient.greeted(server)) {
            byte[] pipeline = pipeline();
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    busy.send(pipeline);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            int served = 0;
            while (sender.isAlive()) {
                other.assertAlive();
                served++;
            }
            for (int i = 1; i <= TRANSACTIONS; i++) {
                RawClient.Answered answered = busy.receive();
                assertEquals(FrameHeader.requestId(0, i), answered.requestId());
                assertEquals(Status.OK, answered.reply().status());
            }
            Reply.Data data = (Reply.Data) other.ask(new Request.Read(1, 0, Ranges.of(0, 8)));
            assertEquals(
                    TRANSACTIONS * 32L,
                    data.data().order(ByteOrder.LITTLE_ENDIAN).getLong(0));
            Map<String, Long> stats = server.stats();
            System.out.println("LongTurnsTest: served beside: " + served + ", longest hold: "
                    + stats.get("monitor-longest-micros") + " us");
            assertTrue(served > 0, "served: " + served);
        }
    }
}
