package netmem.bench.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import netmem.bench.result.Environment;

/** Finds and runs programs of this system. Stateless. */
final class Programs {
    private Programs() {}

    /** Where a program is, by the PATH and by the folder for servers that users' PATHs leave out. */
    static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** What to tell of a program that was not found. */
    static Optional<String> absence(String name) {
        return find(name).isPresent()
                ? Optional.empty()
                : Optional.of(name + " is not installed (apt-get install -y redis-server memcached)");
    }

    /** What a program says of its version. */
    static String version(String name) {
        return find(name)
                .map(program -> firstLine(program.toString(), "--version"))
                .orElse("absent");
    }

    /** Runs a command to its end; what it said, without blanks at the ends, where it failed. */
    static Optional<String> failure(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return process.waitFor() == 0 ? Optional.empty() : Optional.of(said.strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.getFirst() + " runs", e);
        }
    }

    /** The first line that a command prints, or "unknown". */
    static String firstLine(String... command) {
        return Environment.output(Path.of("."), command)
                .flatMap(text -> text.lines().findFirst())
                .orElse("unknown");
    }
}
