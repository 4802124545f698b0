package netmem.bench.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import netmem.bench.result.Environment;

/** Finds programs of this system. Stateless. */
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

    /** The first line that a command prints, or "unknown". */
    static String firstLine(String... command) {
        return Environment.output(Path.of("."), command)
                .flatMap(text -> text.lines().findFirst())
                .orElse("unknown");
    }
}
