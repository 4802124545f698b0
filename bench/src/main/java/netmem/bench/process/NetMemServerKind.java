package netmem.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * NetMem's own server, started by its launcher. Pure value.
 *
 * @param launcher {@code bin/netmem-server} of an image, or anything that takes the same options
 * @param options more of them
 */
public record NetMemServerKind(String name, Path launcher, int eventLoops, List<String> options) implements Server {
    static final Pattern READY = Pattern.compile("READY netmem://[^ ]+:(\\d+) ");
    private static final int SPARE_CONNECTIONS = 100;

    /** Copies the options. */
    public NetMemServerKind {
        options = List.copyOf(options);
    }

    /** Without further options. */
    public NetMemServerKind(String name, Path launcher, int eventLoops) {
        this(name, launcher, eventLoops, List.of());
    }

    @Override
    public Optional<String> absence() {
        return Files.isExecutable(launcher)
                ? Optional.empty()
                : Optional.of(launcher + " is not there (build the image: ./build -q -DskipTests package)");
    }

    @Override
    public ServerProcess start(int pages, int pageLengthBytes, int connections) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                launcher.toAbsolutePath().toString(),
                "--listen=127.0.0.1:0",
                "--pages=" + pages,
                "--page-length=" + pageLengthBytes,
                "--event-loops=" + eventLoops,
                "--connections-max=" + (connections + SPARE_CONNECTIONS),
                "--sessions-max=" + (connections + SPARE_CONNECTIONS)));
        command.addAll(options);
        return ServerProcess.startAnnounced(name, command, READY);
    }

    @Override
    public String version() {
        return Programs.firstLine(launcher.toAbsolutePath().toString(), "--version");
    }
}
