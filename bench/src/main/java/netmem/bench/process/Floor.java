package netmem.bench.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The small C server of bench/floor. Pure value.
 *
 * @param program compiled of {@code floor.c}
 */
public record Floor(CProgram program) implements Server {
    private static final Pattern READY = Pattern.compile("READY (\\d+)");

    /**
     * Of a source.
     *
     * @param source {@code floor.c}
     * @param program where it is compiled to
     */
    public Floor(Path source, Path program) {
        this(new CProgram(source, program));
    }

    @Override
    public String name() {
        return "C floor";
    }

    @Override
    public Optional<String> absence() {
        return program.absence();
    }

    @Override
    public ServerProcess start(int pages, int pageLengthBytes, int connections) throws IOException {
        List<String> command =
                List.of(program.program().toString(), Integer.toString(pages), Integer.toString(pageLengthBytes));
        return ServerProcess.startAnnounced(name(), command, READY);
    }

    @Override
    public String version() {
        return CProgram.version();
    }
}
