package netmem.server.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What memory the control group of this process may take, with those above it: past it the kernel kills the process.
 * Memory of the arena counts wherever it lies, files of /dev/shm included. Pure but for the files it reads.
 */
public final class ControlGroup {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");
    private static final Path OWN = Path.of("/proc/self/cgroup");

    private ControlGroup() {}

    /**
     * Finds the lowest limit.
     *
     * @return bytes; {@link Long#MAX_VALUE} where there is no limit, or the host does not tell
     */
    public static long memoryBytesMax() {
        return memoryBytesMax(OWN, GROUPS);
    }

    /**
     * The same of other files. Version 2 has one hierarchy, named by the line {@code 0::/path}; version 1 one for memory,
     * {@code N:memory:/path}, in a folder of its own. In a container the path may be one of the host, which is not there
     * to be seen: then the top is the container's own.
     */
    static long memoryBytesMax(Path own, Path groups) {
        long max = Long.MAX_VALUE;
        for (String line : lines(own)) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[1].isEmpty()) {
                max = Math.min(max, lowest(groups, parts[2], "memory.max"));
            } else if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains("memory")) {
                max = Math.min(max, lowest(groups.resolve("memory"), parts[2], "memory.limit_in_bytes"));
            }
        }
        return max;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static long lowest(Path top, String group, String limit) {
        long max = limitBytes(top.resolve(limit));
        Path folder = top;
        for (Path name : Path.of(group)) {
            folder = folder.resolve(name);
            max = Math.min(max, limitBytes(folder.resolve(limit)));
        }
        return max;
    }

    /** A limit of version 1 that is no limit is about 2^63. */
    static long limitBytes(Path limit) {
        String text = String.join("", lines(limit)).strip();
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : Long.MAX_VALUE;
    }
}
