package netmem.server;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.Optional;
import netmem.api.Incarnation;
import netmem.server.config.ServerConfig;
import netmem.server.log.Log;
import netmem.server.memory.PageMemory;

/** Makes the memory that a server was told to have. Pure but for the host's memory. */
final class ConfiguredMemory {
    private static final Log LOG = Log.of(ConfiguredMemory.class);

    /** Below it huge pages save nothing, and a start need not bind the functions of the system that they take. */
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
            case ON -> hugeAsTold(count, length, high, low);
            case AUTO -> hugeWhereItPays(count, length, high, low);
        };
    }

    private static PageMemory hugeAsTold(long count, int length, long high, long low) throws IOException {
        try {
            return huge(count, length, 1, high, low);
        } catch (IOException e) {
            throw new IOException("huge-pages: on, but " + e.getMessage(), e);
        }
    }

    private static PageMemory hugeWhereItPays(long count, int length, long high, long low) throws IOException {
        if (PageMemory.bytes(count, length) >= HUGE_BYTES_MIN) {
            try {
                return huge(count, length, AUTO_SHARE, high, low);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "the arena is not in huge pages: " + e.getMessage());
            }
        }
        return PageMemory.anonymous(count, length, high, low);
    }

    private static PageMemory huge(long count, int length, int share, long high, long low) throws IOException {
        Optional<String> obstacle = PageMemory.hugeObstacle(count, length, share);
        if (obstacle.isPresent()) {
            throw new IOException(obstacle.get());
        }
        return PageMemory.huge(count, length, high, low);
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
