package netmem.bench.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** memcached as Debian has it: one thread, TCP only. Pure value. */
public record Memcached() implements Server {
    private static final String PROGRAM = "memcached";
    private static final int SPARE_CONNECTIONS = 100;
    private static final long ITEM_OVERHEAD_BYTES = 512;
    private static final long MEGABYTES_MIN = 256;

    @Override
    public String name() {
        return "memcached";
    }

    @Override
    public Optional<String> absence() {
        return Programs.absence(PROGRAM);
    }

    @Override
    public ServerProcess start(int pages, int pageLengthBytes, int connections) throws IOException {
        int port = ServerProcess.freePort();
        long megabytes = MEGABYTES_MIN + 2L * pages * (pageLengthBytes + ITEM_OVERHEAD_BYTES) / (1 << 20);
        List<String> command = List.of(
                Programs.find(PROGRAM).orElseThrow().toString(),
                "-l",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-U",
                "0",
                "-t",
                "1",
                "-u",
                System.getProperty("user.name"),
                "-m",
                Long.toString(megabytes),
                "-c",
                Integer.toString(connections + SPARE_CONNECTIONS));
        return ServerProcess.startOn(name(), command, port);
    }

    @Override
    public String version() {
        return Programs.version(PROGRAM);
    }
}
