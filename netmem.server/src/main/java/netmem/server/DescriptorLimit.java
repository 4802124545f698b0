package netmem.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many files and sockets this process may have open, as Linux tells it. Pure, but for what it reads. */
final class DescriptorLimit {
    /** What a server has open beside its connections: event loops, the arena, logs, the JVM's own. */
    private static final int OTHERS = 64;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d+)");

    private DescriptorLimit() {}

    /** What to tell the operator where the limit is below what so many connections need. */
    static Optional<String> warning(int connectionsMax) {
        try {
            return warning(connectionsMax, Files.readString(LIMITS, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return Optional.empty(); // not a Linux that tells
        }
    }

    static Optional<String> warning(int connectionsMax, String limits) {
        Matcher found = OPEN_FILES.matcher(limits);
        long needed = (long) connectionsMax + OTHERS;
        if (!found.find() || Long.parseLong(found.group(1)) >= needed) {
            return Optional.empty();
        }
        return Optional.of("open files: " + found.group(1) + " (expected: >= " + needed + " for --connections-max "
                + connectionsMax + "); connections beyond wait until others close: raise it with ulimit -n, or"
                + " lower --connections-max");
    }
}
