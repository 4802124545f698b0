package netmem.server;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import netmem.api.Incarnation;
import netmem.server.config.ServerConfig;
import netmem.server.memory.PageMemory;

/** Makes the memory that a server was told to have. Pure but for the host's memory. */
final class ConfiguredMemory {
    /** Below it huge pages save nothing, and the functions that they take cost a start 30 ms. */
    private static final long HUGE_BYTES_MIN = 64L << 20;

    /** Which part of the available memory an arena may take that is in huge pages without having been asked for. */
    private static final int AUTO_SHARE = 2;

    private ConfiguredMemory() {}

    /** A name for a memory that is new, which no other has. */
    static Incarnation incarnation() {
        SecureRandom random = new SecureRandom();
        return new Incarnation(random.nextLong(), random.nextLong());
    }

    static PageMemory of(ServerConfig config, Incarnation incarnation) throws IOException {
        PageMemory pages = make(config, incarnation.high(), incarnation.low());
        if (config.arenaCommit()) {
            commit(pages);
        }
        return pages;
    }

    private static PageMemory make(ServerConfig config, long high, long low) throws IOException {
        long count = config.pages();
        int length = config.pageLengthBytes();
        if (config.arenaFile().isPresent()) {
            return PageMemory.file(config.arenaFile().get(), count, length, high, low);
        }
        return switch (config.hugePages()) {
            case OFF -> PageMemory.anonymous(count, length, high, low);
            case ON -> {
                Optional<String> obstacle = PageMemory.hugeObstacle(count, length, 1);
                if (obstacle.isPresent()) {
                    throw new IOException("huge-pages: on, but " + obstacle.get());
                }
                yield PageMemory.huge(count, length, high, low);
            }
            case AUTO ->
                PageMemory.bytes(count, length) >= HUGE_BYTES_MIN
                                && PageMemory.hugeObstacle(count, length, AUTO_SHARE)
                                        .isEmpty()
                        ? PageMemory.huge(count, length, high, low)
                        : PageMemory.anonymous(count, length, high, low);
        };
    }

    private static void commit(PageMemory pages) throws IOException {
        try {
            pages.commitAll();
        } catch (IOException e) {
            pages.close();
            throw new IOException("arena-commit: no room for " + pages + ": " + e.getMessage(), e);
        }
    }
}
