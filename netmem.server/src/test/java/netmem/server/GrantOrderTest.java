package netmem.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Opcode;
import netmem.api.wire.Ranges;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand grants of one page that ten sessions want all the time, over raw sockets. */
@Timeout(120)
class GrantOrderTest {
    private static final long SEED = Long.getLong("netmem.seed", new Random().nextLong());
    private static final int PAGE = 4;
    private static final int SESSIONS = 10;
    private static final int LINE = 500;
    private static final int GRANTS = 10_000;

    private record Waiting(RawClient client, long requestId) {}

    @Test
    void page_wantedByManyAllTheTime_isGrantedInExactOrderOfArrival() throws IOException {
        Random random = new Random(SEED);
        try (NetMemServer server =
                NetMemServer.builder().listen("127.0.0.1", 0).pages(8).start()) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                clients.add(RawClient.greeted(server));
            }
            Reply.Granted held = assertInstanceOf(
                    Reply.Granted.class, clients.getFirst().ask(new Request.Lock(PAGE, 0, 0, false, 0)));
            RawClient holder = clients.getFirst();
            int granted = 0;
            for (int round = 1; granted < GRANTS; round++) {
                List<Waiting> line = queue(clients, random, round);
                for (Waiting next : line) {
                    holder.ask(new Request.Unlock(PAGE, held.token(), Ranges.NONE, ByteBuffer.allocate(0)));
                    Reply.Granted grant = assertInstanceOf(
                            Reply.Granted.class,
                            next.client.replyTo(Opcode.LOCK, next.requestId),
                            () -> "seed " + SEED);
                    assertEquals(held.token() + 1, grant.token(), () -> "seed " + SEED);
                    held = grant;
                    holder = next.client;
                    granted++;
                }
            }
            for (RawClient client : clients) {
                client.assertAlive();
                client.close();
            }
        }
    }

    /** Lets random sessions join the line, each when the one before it stands there. */
    private static List<Waiting> queue(List<RawClient> clients, Random random, int round) throws IOException {
        List<Waiting> line = new ArrayList<>();
        for (int place = 1; place <= LINE; place++) {
            RawClient client = clients.get(random.nextInt(SESSIONS));
            long requestId = FrameHeader.requestId(place, round);
            client.send(new Request.Lock(PAGE, requestId, 60_000, false, 0), requestId);
            client.assertAlive();
            line.add(new Waiting(client, requestId));
        }
        return line;
    }
}
