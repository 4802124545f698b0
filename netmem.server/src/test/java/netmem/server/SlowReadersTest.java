package netmem.server;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import netmem.api.Status;
import netmem.api.wire.FrameHeader;
import netmem.api.wire.Ranges;
import netmem.api.wire.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that ask for much and take nothing: what they cost together, and whether others are served on. */
@Timeout(60)
class SlowReadersTest {
    private static final int PAGE_BYTES = 64 << 10;
    private static final int CLIENTS = 100;
    private static final int READS = 200;

    /** 16 shares of outgoing-max, then one batch and one reply each. */
    private static final long BOUND_BYTES = 16L * (4 << 20) + CLIENTS * (2L * PAGE_BYTES + (64 << 10));

    @Test
    void readers_thatTakeNothing_areBoundedTogetherAndOthersAreServed() throws IOException {
        try (NetMemServer server = NetMemServer.builder()
                .listen("127.0.0.1", 0)
                .pages(4)
                .pageLengthBytes(PAGE_BYTES)
                .start()) {
            List<RawClient> slow = new ArrayList<>();
            long most = 0;
            for (int i = 0; i < CLIENTS; i++) {
                RawClient client = RawClient.greeted(server);
                client.send(manyReads());
                slow.add(client);
                most = Math.max(most, requireNonNull(server.stats().get("outgoing-bytes")));
            }
            try (RawClient honest = RawClient.greeted(server)) {
                for (int i = 0; i < 50; i++) {
                    assertEquals(
                            Status.OK,
                            honest.ask(
                                            new Request.Read(1, 0, Ranges.of(0, PAGE_BYTES)),
                                            FrameHeader.requestId(0, i + 1))
                                    .status());
                    most = Math.max(most, requireNonNull(server.stats().get("outgoing-bytes")));
                }
            }

            assertTrue(most > 32 << 20, "bytes under way: " + most + " (expected: enough to need a bound)");
            assertTrue(most <= BOUND_BYTES, "bytes under way: " + most + " (expected: <= " + BOUND_BYTES + ")");
            for (RawClient client : slow) {
                client.close();
            }
        }
    }

    private static byte[] manyReads() {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < READS; i++) {
            frames.writeBytes(
                    RawClient.frame(new Request.Read(i % 4, 0, Ranges.of(0, PAGE_BYTES)), FrameHeader.requestId(i, 1)));
        }
        return frames.toByteArray();
    }
}
