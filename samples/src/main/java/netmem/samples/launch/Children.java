package netmem.samples.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The processes that a launcher starts: a server and programs beside it. None of them is left when the launcher ends, also on Ctrl-C.
 * Shared with the shutdown hook.
 */
public final class Children implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("READY (netmem://\\S+)");
    private static final long READY_SECONDS_MAX = 30;
    private static final long EXIT_SECONDS_MAX = 5;

    private final List<Process> all = new ArrayList<>();
    private boolean closed;

    public Children() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Starts the server of the run-time image on a free port of this host; returns its address when it accepts connections. */
    public String startServer(long pages, int pageLengthBytes) throws InterruptedException {
        List<String> command = List.of(
                System.getProperty("netmem.server", "jlink/target/netmem/bin/netmem-server"),
                "--listen=127.0.0.1:0",
                "--pages=" + pages,
                "--page-length=" + pageLengthBytes);
        Process server = start(command, ProcessBuilder.Redirect.PIPE);
        CompletableFuture<String> uri = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> readServer(server, uri));
        try {
            return uri.get(READY_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "server: " + command + " (expected: a line READY within " + READY_SECONDS_MAX + " s)", e);
        }
    }

    private static void readServer(Process server, CompletableFuture<String> uri) {
        try (BufferedReader lines = server.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher ready = READY.matcher(line);
                if (ready.lookingAt()) {
                    uri.complete(ready.group(1));
                }
            }
            uri.completeExceptionally(new IllegalStateException("the server ended"));
        } catch (IOException e) {
            uri.completeExceptionally(e);
        }
    }

    /** Starts a program, in a JVM like this one. */
    public Process startProgram(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC"));
        command.addAll(program(main));
        command.addAll(List.of(arguments));
        return start(command, ProcessBuilder.Redirect.INHERIT);
    }

    /** The options that start a main class the way this JVM was started, from modules or from the class path. */
    private static List<String> program(Class<?> main) {
        Module module = main.getModule();
        return module.isNamed()
                ? List.of("-p", System.getProperty("jdk.module.path"), "-m", module.getName() + "/" + main.getName())
                : List.of("-cp", System.getProperty("java.class.path"), main.getName());
    }

    private synchronized Process start(List<String> command, ProcessBuilder.Redirect output) {
        if (closed) {
            throw new IllegalStateException("stopping");
        }
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(output)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            all.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops what still runs: politely, then not. */
    @Override
    public synchronized void close() {
        closed = true;
        all.forEach(Process::destroy);
        boolean interrupted = false;
        for (Process process : all) {
            try {
                if (!process.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
