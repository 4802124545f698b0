package netmem.proof.sockets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import netmem.server.Main;

/** A server in a JVM of its own, on a given class path. Confined to one test. */
final class ServerProgram implements AutoCloseable {
    private final Process process;
    private final int port;

    ServerProgram(String classPath, Path folder) throws IOException {
        this(classPath, folder, 0);
    }

    /** On this port, 0 for any. */
    ServerProgram(String classPath, Path folder, int listenPort) throws IOException {
        Path errors = folder.resolve("server.err");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                Main.class.getName(),
                "--listen=127.0.0.1:" + listenPort,
                "--pages=" + SocketRun.PAGES,
                "--page-length=" + SocketRun.PAGE_LENGTH_BYTES,
                "--lease-min=100ms",
                "--sessions-max=100000"));
        builder.environment().keySet().removeIf(name -> name.startsWith("NETMEM_"));
        process = builder.redirectError(errors.toFile()).start();
        port = awaitReady(process.inputReader(UTF_8), errors);
    }

    private static int awaitReady(BufferedReader output, Path errors) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("READY ")) {
                return Integer.parseInt(line.replaceFirst(".*:(\\d+) .*", "$1"));
            }
        }
        throw new IOException("the server did not start\n" + Files.readString(errors));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
