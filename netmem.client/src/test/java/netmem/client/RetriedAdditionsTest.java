package netmem.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import netmem.api.Fetched;
import netmem.api.WordFunction;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Additions over a connection that is cut again and again, most of them while one is under way. {@code -Dnetmem.cuts=100000} is the long form. */
@Timeout(7200)
class RetriedAdditionsTest {
    private static final long SEED = Long.getLong("netmem.seed", new Random().nextLong());
    private static final int CUTS = Integer.getInteger("netmem.cuts", 1_000);

    /** Greeting and welcome take some 150 bytes, an addition and its reply 80: few connections outlive five of them. */
    private static final int BYTES_MAX = 600;

    @Test
    void additions_cutAThousandTimes_eachRunsOnce() throws Exception {
        try (NetMemServer server = NetMemServer.builder()
                        .pages(2)
                        .pageLengthBytes(64)
                        .listen("127.0.0.1", 0)
                        .start();
                CuttingProxy proxy = new CuttingProxy(server.port(), BYTES_MAX, SEED);
                NetMem mem = NetMem.builder(proxy.uri())
                        .deadline(Duration.ofSeconds(60))
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
                        .connect()) {
            long added = 0;
            for (; proxy.cuts() < CUTS; added++) {
                Fetched fetched = mem.atomic(1, 8, WordFunction.ADD, 1);
                assertEquals(added, fetched.old(), () -> "seed " + SEED);
                assertEquals(added + 2, fetched.version(), () -> "seed " + SEED);
            }
            long all = added;
            try (NetMem direct = NetMem.connect(server.uri())) {
                assertEquals(all, direct.read(1).buffer().getLong(8), () -> "seed " + SEED);
            }
            assertTrue(all > CUTS / 2, () -> "additions: " + all + " seed " + SEED);
        }
    }
}
