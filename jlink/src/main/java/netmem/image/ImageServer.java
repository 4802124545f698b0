package netmem.image;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server started from an image's launcher, ready to be connected to. Confined to one thread. */
final class ImageServer implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("READY (netmem://[^ ]+:(\\d+)) pid=(\\d+)\\b.*");
    private static final int READY_SECONDS_MAX = 60;
    private static final int EXIT_SECONDS_MAX = 60;

    private final Process process;
    private final BufferedReader stdout;
    private final Path stderr;
    private final String readyLine;
    private final long readyNanos;

    private ImageServer(Process process, Path stderr, long startedNanos) throws IOException {
        this.process = process;
        this.stderr = stderr;
        this.stdout = process.inputReader();
        this.readyLine = awaitReadyLine();
        this.readyNanos = System.nanoTime() - startedNanos;
        if (readyLine.isEmpty()) {
            process.destroyForcibly();
            throw new IOException("ended before READY, stderr: " + stderr());
        }
    }

    /** Runs {@code command}, with {@code environment} added to this process's own, and waits for its READY line. */
    static ImageServer start(List<String> command, Map<String, String> environment) throws IOException {
        Path stderr = Files.createTempFile("netmem-image", ".stderr");
        stderr.toFile().deleteOnExit();
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        long startedNanos = System.nanoTime();
        return new ImageServer(builder.start(), stderr, startedNanos);
    }

    /** The image's launcher with {@code arguments}. */
    static List<String> command(Path image, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(image.resolve("bin/netmem-server").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private String awaitReadyLine() throws IOException {
        try {
            return CompletableFuture.supplyAsync(this::readReadyLine).get(READY_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("no READY within " + READY_SECONDS_MAX + " s, stderr: " + stderr(), e);
        } catch (ExecutionException e) {
            process.destroyForcibly();
            throw new IOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for READY", e);
        }
    }

    /** Passes over what the server says of itself before it is ready; empty when it ended instead. */
    private String readReadyLine() {
        try {
            String line = stdout.readLine();
            while (line != null && !READY.matcher(line).matches()) {
                line = stdout.readLine();
            }
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From just before the fork to the READY line. */
    long readyNanos() {
        return readyNanos;
    }

    /** Where the server listens, for a client. */
    String uri() {
        return ready(1);
    }

    int port() {
        return Integer.parseInt(ready(2));
    }

    /** As the READY line names it. */
    long announcedPid() {
        return Long.parseLong(ready(3));
    }

    long pid() {
        return process.pid();
    }

    private String ready(int group) {
        Matcher matcher = READY.matcher(readyLine);
        if (!matcher.matches()) {
            throw new IllegalStateException("readyLine: " + readyLine);
        }
        return matcher.group(group);
    }

    /** Memory resident now, as the kernel counts it. */
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("VmRSS: absent in the status of process " + process.pid());
    }

    /** Everything the server wrote to stderr so far. */
    String stderr() throws IOException {
        return Files.readString(stderr);
    }

    /** Sends SIGTERM and waits for the end. */
    int stop() throws IOException, InterruptedException {
        process.toHandle().destroy(); // unlike process.destroy() it leaves the output open
        stdout.lines().forEach(line -> {}); // so that a full pipe cannot hold the server back
        if (!process.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("no exit within " + EXIT_SECONDS_MAX + " s of SIGTERM");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
