package netmem.bench.result;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where and with what was measured. Pure value.
 *
 * @param commit of NetMem; {@code unknown} outside of a git work tree
 * @param dirty the work tree differed from the commit
 * @param jdk vendor and version of the measuring JVM
 * @param flags of the measuring JVM, without those that only say where its own files are
 * @param cpu model of the processor
 * @param cores that the JVM may use
 * @param kernel name and release
 * @param memoryBytes of the machine, 0 where unknown
 * @param loadAverage of the machine when the measurement began: 1, 5 and 15 minutes
 * @param date when it began, UTC
 * @param versions of servers and client libraries that took part, by name
 * @param disturbance what else the machine did; null while nobody looked
 */
public record Environment(
        String commit,
        boolean dirty,
        String jdk,
        List<String> flags,
        String cpu,
        int cores,
        String kernel,
        long memoryBytes,
        String loadAverage,
        String date,
        Map<String, String> versions,
        @Nullable Disturbance disturbance) {
    /** Copies lists and maps. */
    public Environment {
        flags = List.copyOf(flags);
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }

    /**
     * Describes this machine and JVM now.
     *
     * @param root the work tree of NetMem
     * @param versions of what takes part
     */
    public static Environment here(Path root, Map<String, String> versions) {
        return new Environment(
                output(root, "git", "rev-parse", "HEAD").orElse("unknown"),
                output(root, "git", "status", "--porcelain")
                        .filter(text -> !text.isEmpty())
                        .isPresent(),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(flag -> !flag.startsWith("-Dnetmem."))
                        .toList(),
                line("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                totalMemoryBytes(),
                first("/proc/loadavg").map(Environment::threeAverages).orElse("unknown"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                versions,
                null);
    }

    /** Returns the same with what else the machine did. */
    public Environment with(Disturbance found) {
        return new Environment(
                commit, dirty, jdk, flags, cpu, cores, kernel, memoryBytes, loadAverage, date, versions, found);
    }

    /** Why the machine was too busy for a measurement; empty when it was quiet, or nobody looked. */
    public List<String> warnings() {
        return disturbance == null ? List.of() : disturbance.warnings();
    }

    /** Returns the same with the versions of more that took part. */
    public Environment withVersions(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(versions);
        all.putAll(more);
        return new Environment(
                commit, dirty, jdk, flags, cpu, cores, kernel, memoryBytes, loadAverage, date, all, disturbance);
    }

    /**
     * Runs a command and returns what it printed, without blanks at the ends; empty when it cannot be run or fails. For
     * questions about versions.
     */
    public static Optional<String> output(Path folder, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), UTF_8);
            return process.waitFor() == 0 ? Optional.of(text.strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String threeAverages(String line) {
        String[] words = line.split(" ", 4);
        return words.length < 4 ? line : words[0] + " " + words[1] + " " + words[2];
    }

    private static long totalMemoryBytes() {
        return line("/proc/meminfo", "MemTotal")
                .map(text -> Long.parseLong(text.replace(" kB", "")) * 1024)
                .orElse(0L);
    }

    private static Optional<String> first(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What stands behind the colon of the first line that begins with a name. */
    private static Optional<String> line(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
