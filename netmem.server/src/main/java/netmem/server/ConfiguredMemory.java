package netmem.server;

import java.io.IOException;
import java.security.SecureRandom;
import netmem.api.Incarnation;
import netmem.server.config.ServerConfig;
import netmem.server.memory.PageMemory;

/** Makes the memory that a server was told to have. Pure but for the host's memory. */
final class ConfiguredMemory {
    private ConfiguredMemory() {}

    /** A name for a memory that is new, which no other has. */
    static Incarnation incarnation() {
        SecureRandom random = new SecureRandom();
        return new Incarnation(random.nextLong(), random.nextLong());
    }

    static PageMemory of(ServerConfig config, Incarnation incarnation) throws IOException {
        long high = incarnation.high();
        long low = incarnation.low();
        PageMemory pages = config.arenaFile().isPresent()
                ? PageMemory.file(config.arenaFile().get(), config.pages(), config.pageLengthBytes(), high, low)
                : PageMemory.anonymous(config.pages(), config.pageLengthBytes(), high, low);
        if (config.arenaCommit()) {
            commit(pages);
        }
        return pages;
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
