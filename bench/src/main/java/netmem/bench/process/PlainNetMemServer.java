package netmem.bench.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** NetMem's server run from this program's class path, for where the image was not built. Pure value. */
public record PlainNetMemServer(String name, int eventLoops) implements Server {
    private static final int SPARE_CONNECTIONS = 100;

    @Override
    public Optional<String> absence() {
        return Optional.empty();
    }

    @Override
    public ServerProcess start(int pages, int pageLengthBytes, int connections) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx384m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "netmem.server.Main",
                "--listen=127.0.0.1:0",
                "--pages=" + pages,
                "--page-length=" + pageLengthBytes,
                "--event-loops=" + eventLoops,
                "--connections-max=" + (connections + SPARE_CONNECTIONS),
                "--sessions-max=" + (connections + SPARE_CONNECTIONS));
        return ServerProcess.startAnnounced(name, command, NetMemServerKind.READY);
    }

    @Override
    public String version() {
        return "from the class path";
    }
}
