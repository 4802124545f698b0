package netmem.server.net;

import static netmem.server.net.Wire02Client.LOCK_PAGE;
import static netmem.server.net.Wire02Client.READ_PAGE;
import static netmem.server.net.Wire02Client.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.nio.ByteBuffer;
import java.util.Map;
import netmem.server.config.ServerConfig;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A 0.2 client that asks for much and reads nothing: it is not run, others are, memory stays bounded, and nothing is lost when it reads at last. */
@Timeout(60)
final class Wire02SlowReaderTest {
    private static final int PAGE_LENGTH = 64 << 10;
    private static final int READS = 800;
    private static final long MEMORY_BYTES_MAX = 16 << 20;

    @RegisterExtension
    final Wire02Fixture server = new Wire02Fixture(Wire02Fixture.limits(Map.of("outgoing-max-bytes", 256L << 10)));

    @ParameterizedTest
    @EnumSource(ServerConfig.Transport.class)
    void client_notReading_isNotRunUntilItReads(ServerConfig.Transport transport) {
        server.start(builder -> builder.transport(transport).pageLengthBytes(PAGE_LENGTH));
        long before = directBytes();
        Wire02Client slow = server.connect();
        byte[] read = frame(READ_PAGE, 0, 0, 0);
        ByteBuffer reads = ByteBuffer.allocate(READS * read.length);
        while (reads.hasRemaining()) {
            reads.put(read);
        }
        slow.send(reads.array(), frame(LOCK_PAGE, 0, 0, 1));
        Wire02Client other = server.connect();
        for (int i = 0; i < 200; i++) {
            assertEquals(PAGE_LENGTH, other.read(1, 0).length());
        }
        assertEquals(0, server.stat("locks-held"), "what comes after the replies is not run");
        long kept = directBytes() - before;
        assertTrue(kept < MEMORY_BYTES_MAX, "kept: " + kept + " bytes (expected: < " + MEMORY_BYTES_MAX + ")");
        for (int i = 0; i < READS; i++) {
            assertEquals(PAGE_LENGTH, slow.receive().length());
        }
        assertEquals(Wire02Client.bare(LOCK_PAGE, 0, 1), slow.receive());
    }

    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
