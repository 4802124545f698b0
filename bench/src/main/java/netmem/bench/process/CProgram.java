package netmem.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A small C program of bench/floor, compiled when it is first wanted. Pure value.
 *
 * @param source its only file
 * @param program where it is compiled to
 */
public record CProgram(Path source, Path program) {
    private static final List<String> COMPILER =
            List.of("cc", "-std=c17", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror");

    /** Compiles it where that was not done since the source changed; tells why it cannot be had. */
    public Optional<String> absence() {
        try {
            if (!Files.exists(source)) {
                return Optional.of(source + " is not there");
            }
            if (Files.exists(program)
                    && Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) >= 0) {
                return Optional.empty();
            }
            if (Programs.find("cc").isEmpty()) {
                return Optional.of("cc is not installed (apt-get install -y gcc libc6-dev)");
            }
            Files.createDirectories(program.toAbsolutePath().getParent());
            return compiled();
        } catch (IOException e) {
            return Optional.of(source + " cannot be compiled: " + e.getMessage());
        }
    }

    private Optional<String> compiled() throws IOException {
        List<String> command = new ArrayList<>(COMPILER);
        command.addAll(List.of("-o", program.toString(), source.toString()));
        return Programs.failure(command).map(said -> "cc refuses " + source + ": " + said);
    }

    /** That of the compiler. */
    public static String version() {
        return Programs.version("cc");
    }
}
