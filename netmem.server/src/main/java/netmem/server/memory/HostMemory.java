package netmem.server.memory;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the host says of its free memory. Pure but for the files it reads. */
final class HostMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";

    /** Limits of the control group that a container runs in, version 2 and version 1; "max" or absent: no limit. */
    private static final List<Path> GROUP_LIMITS =
            List.of(Path.of("/sys/fs/cgroup/memory.max"), Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

    private HostMemory() {}

    /** Bytes that this process may still take; Long.MAX_VALUE when the host does not tell. */
    static long availableBytes() {
        long available = memoryAvailableBytes(MEMINFO);
        for (Path limit : GROUP_LIMITS) {
            available = Math.min(available, limitBytes(limit));
        }
        return available;
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

    static long limitBytes(Path limit) {
        try {
            String text = Files.readString(limit).strip();
            return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : Long.MAX_VALUE;
        } catch (IOException unreadable) {
            return Long.MAX_VALUE;
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
