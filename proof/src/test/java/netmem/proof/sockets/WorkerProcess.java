package netmem.proof.sockets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import netmem.proof.history.History;

/** A {@link Worker} in a JVM of its own, to be stopped, continued and killed. Confined to one test. */
final class WorkerProcess implements AutoCloseable {
    private static final long EXIT_SECONDS_MAX = 60;

    private final int number;
    private final Path file;
    private final Process process;
    private final BufferedReader output;
    private boolean killed;

    WorkerProcess(
            String classPath,
            Path folder,
            String uri,
            int number,
            long seed,
            int threads,
            int pages,
            long leaseMillis,
            Worker.Manner manner)
            throws IOException {
        this.number = number;
        file = folder.resolve("client-" + number + ".txt");
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        classPath,
                        Worker.class.getName(),
                        uri,
                        Integer.toString(number),
                        Long.toString(seed),
                        Integer.toString(threads),
                        Integer.toString(pages),
                        Long.toString(leaseMillis),
                        file.toString(),
                        manner.name()))
                .redirectError(folder.resolve("client-" + number + ".err").toFile())
                .start();
        output = process.inputReader(UTF_8);
    }

    /** Sends STOP or CONT. */
    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + ": exit " + code + " (expected: 0)");
        }
    }

    void kill() throws InterruptedException {
        killed = true;
        process.destroyForcibly().waitFor();
    }

    /** Reads a line that the worker prints. */
    void await(String line) throws IOException {
        String read = output.readLine();
        if (!line.equals(read)) {
            throw new IOException("worker " + number + ": " + read + " (expected: " + line + ")\n"
                    + Files.readString(file.resolveSibling("client-" + number + ".err")));
        }
    }

    void send(String line) throws IOException {
        Writer input = process.outputWriter(UTF_8);
        input.write(line + "\n");
        input.flush();
    }

    void awaitExit() throws InterruptedException, IOException {
        if (!process.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("worker " + number + " goes on, or failed: " + process + "\n"
                    + Files.readString(file.resolveSibling("client-" + number + ".err")));
        }
    }

    /** What it recorded up to now. */
    History history() throws IOException {
        return HistoryFile.parse(number, Files.exists(file) ? Files.readString(file) : "", killed);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
