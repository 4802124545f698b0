package netmem.server.memory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes native memory without a name. Pure but for the files it touches.
 *
 * <p>A file on the host's memory file system is mapped and its name removed at once: that commits page by page when
 * touched, is freed by the system however the process ends, and takes no restricted method. Without such a file
 * system, or with one too small, the memory is allocated.
 */
final class AnonymousArena {
    private static final Path MEMORY_FILES = Path.of("/dev/shm");
    private static final System.Logger LOG = System.getLogger(AnonymousArena.class.getName());

    private AnonymousArena() {}

    static NativePages create(ArenaLayout layout, long incarnationHigh, long incarnationLow) throws IOException {
        return create(layout, incarnationHigh, incarnationLow, MEMORY_FILES, HostMemory.availableBytes());
    }

    /** The same with another memory file system and another host. */
    static NativePages create(
            ArenaLayout layout, long incarnationHigh, long incarnationLow, Path memoryFiles, long availableBytes)
            throws IOException {
        HostMemory.checkGroup(layout, ControlGroup.memoryBytesMax());
        Optional<String> obstacle = HostMemory.obstacle(memoryFiles, layout.totalBytes());
        ArenaBacking backing =
                obstacle.isEmpty() ? unnamed(memoryFiles, layout) : allocated(layout, obstacle.get(), availableBytes);
        ArenaHeader.write(backing.segment(), layout, incarnationHigh, incarnationLow);
        return new NativePages(backing, layout);
    }

    /** The same in huge pages. */
    static NativePages huge(ArenaLayout layout, long incarnationHigh, long incarnationLow) throws IOException {
        HostMemory.checkGroup(layout, ControlGroup.memoryBytesMax());
        ArenaBacking backing = ArenaBacking.huge(layout);
        ArenaHeader.write(backing.segment(), layout, incarnationHigh, incarnationLow);
        return new NativePages(backing, layout);
    }

    /** Why memory of that length cannot be had in huge pages, if it cannot, where so much is available. */
    static Optional<String> hugeObstacle(ArenaLayout layout, long availableBytes) {
        Optional<String> obstacle = HugePages.obstacle();
        return obstacle.isPresent() || layout.totalBytes() <= availableBytes
                ? obstacle
                : Optional.of("the arena takes " + layout.totalBytes() + " bytes (expected: <= " + availableBytes
                        + ", the memory available, since no write could be refused later)");
    }

    private static ArenaBacking unnamed(Path memoryFiles, ArenaLayout layout) throws IOException {
        Path file = Files.createTempFile(memoryFiles, "netmem-", ".arena");
        try {
            return mapped("memory without a name on " + memoryFiles, file, layout);
        } finally {
            Files.delete(file);
        }
    }

    private static ArenaBacking mapped(String name, Path path, ArenaLayout layout) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            return ArenaBacking.mapped(name, file, layout, file);
        } catch (IOException | RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
    }

    private static ArenaBacking allocated(ArenaLayout layout, String obstacle, long availableBytes) throws IOException {
        if (layout.totalBytes() > availableBytes) {
            throw new IOException("arena: " + layout + " (expected: <= " + availableBytes
                    + " bytes, the memory available; and " + obstacle + ")");
        }
        LOG.log(Level.WARNING, "arena is allocated and filled at once, which takes time and memory: {0}", obstacle);
        return ArenaBacking.allocated(layout.totalBytes());
    }
}
