package netmem.server.memory;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the host says of its free memory. Pure but for the files it reads. */
final class HostMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";

    private HostMemory() {}

    /** Bytes that this process may still take; Long.MAX_VALUE when the host does not tell. */
    static long availableBytes() {
        return Math.min(memoryAvailableBytes(MEMINFO), ControlGroup.memoryBytesMax());
    }

    static long memoryAvailableBytes(Path meminfo) {
        try {
            return Files.readAllLines(meminfo).stream()
                    .filter(line -> line.startsWith(AVAILABLE))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException unreadable) {
            return Long.MAX_VALUE;
        }
    }

    /** Refuses an arena for which its control group would be killed once it is full. */
    static void checkGroup(ArenaLayout layout, long groupBytesMax) throws IOException {
        if (layout.totalBytes() > groupBytesMax) {
            throw new IOException("arena: " + layout + " (expected: <= " + groupBytesMax
                    + " bytes, the memory limit of this control group or container)");
        }
    }

    /** Why a file of that length cannot be on a file system, if it cannot. */
    static Optional<String> obstacle(Path folder, long lengthBytes) throws IOException {
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            return Optional.of(folder + " is no folder to write to");
        }
        FileStore store = Files.getFileStore(folder);
        long usable = store.getUsableSpace();
        // A memory file system mounted without a bound tells a total of zero.
        if (store.getTotalSpace() != 0 && lengthBytes > usable) {
            return Optional.of(folder + " has " + usable + " bytes free (expected: >= " + lengthBytes + ")");
        }
        return Optional.empty();
    }
}
