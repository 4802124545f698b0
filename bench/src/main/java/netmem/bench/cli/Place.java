package netmem.bench.cli;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import netmem.bench.load.Access;
import netmem.bench.process.CProgram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that all measuring commands have: where the server is, what it holds, where results go. Filled by picocli. */
final class Place {
    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "measure this server instead of one started for it; its pages are overwritten")
    @Nullable
    String server;

    @Option(
            names = "--auth-file",
            paramLabel = "FILE",
            description = "with --server: file whose first line is the credential to present (also NETMEM_AUTH_FILE)",
            defaultValue = "${env:NETMEM_AUTH_FILE}")
    @Nullable
    Path authFile;

    @Option(names = "--pages", paramLabel = "N", description = "pages that are used (default: ${DEFAULT-VALUE})")
    int pages = 1024;

    @Option(
            names = "--page-length",
            paramLabel = "BYTES",
            description = "length of each, a multiple of 64; with --server what it has (default: ${DEFAULT-VALUE})")
    int pageLengthBytes = 4096;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "where results go (default: bench-results/ and the time, UTC)")
    @Nullable
    Path out;

    @Option(
            names = "--launcher",
            paramLabel = "FILE",
            description = "bin/netmem-server of the image to start (default: the image that was built)")
    Path launcher = Path.of(System.getProperty("netmem.server", "jlink/target/netmem/bin/netmem-server"));

    /** How to get in; a server that was started for the measurement wants no credential. */
    Access access() {
        Path file = authFile;
        return server == null || file == null ? Access.FREE : new Access(file);
    }

    /** The bare socket in C, compiled beside what else was built. */
    CProgram cSocket() {
        Path bench = Path.of(System.getProperty("netmem.root", "")).resolve("bench");
        return new CProgram(bench.resolve("floor/socket.c"), bench.resolve("target/socket"));
    }

    /** Where results go. */
    Path folder() {
        Path chosen = out;
        return chosen != null
                ? chosen
                : Path.of(
                        "bench-results",
                        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now(ZoneOffset.UTC)));
    }
}
