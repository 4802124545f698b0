package netmem.bench.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Redis as Debian has it: persistence off, one thread. Pure value. */
public record Redis() implements Server {
    private static final String PROGRAM = "redis-server";
    private static final int SPARE_CONNECTIONS = 100;

    @Override
    public String name() {
        return "Redis";
    }

    @Override
    public Optional<String> absence() {
        return Programs.absence(PROGRAM);
    }

    @Override
    public ServerProcess start(int pages, int pageLengthBytes, int connections) throws IOException {
        int port = ServerProcess.freePort();
        List<String> command = List.of(
                Programs.find(PROGRAM).orElseThrow().toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                System.getProperty("java.io.tmpdir"),
                "--maxclients",
                Integer.toString(connections + SPARE_CONNECTIONS));
        return ServerProcess.startOn(name(), command, port);
    }

    @Override
    public String version() {
        return Programs.version(PROGRAM);
    }
}
