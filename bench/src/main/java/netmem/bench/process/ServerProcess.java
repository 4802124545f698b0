package netmem.bench.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running server that this program started; it ends with this program. Confined to one thread. */
public final class ServerProcess implements AutoCloseable {
    private static final long READY_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_MILLIS = 5;
    private static final int STOP_SECONDS_MAX = 10;
    private static final int CONNECT_MILLIS_MAX = 1000;

    private final String name;
    private final Process process;
    private final Path output;
    private final Thread killer;
    private final long startedNanos = System.nanoTime();
    private long readyNanos;
    private int port;

    private ServerProcess(String name, List<String> command) throws IOException {
        this.name = name;
        this.output = Files.createTempFile("netmem-bench-" + name.replaceAll("[^A-Za-z0-9]", "-"), ".out");
        this.process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        this.killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Starts a server that says on standard output when it is ready; the pattern's first group is its port. */
    public static ServerProcess startAnnounced(String name, List<String> command, Pattern ready) throws IOException {
        ServerProcess server = new ServerProcess(name, command);
        server.await(() -> {
            Matcher matcher = ready.matcher(Files.readString(server.output));
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        });
        return server;
    }

    /** Starts a server that listens on a port which it is told, see {@link #freePort}; ready when it accepts. */
    public static ServerProcess startOn(String name, List<String> command, int port) throws IOException {
        ServerProcess server = new ServerProcess(name, command);
        server.await(() -> accepts(port) ? port : 0);
        return server;
    }

    /** A port that nobody listens on just now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS_MAX);
            return true;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    /** Asks again and again for the port until it is not 0. */
    private void await(PortQuestion question) throws IOException {
        try {
            port = question.port();
            while (port == 0) {
                if (!process.isAlive() || System.nanoTime() - startedNanos > READY_NANOS_MAX) {
                    throw new IOException(name + " did not get ready: "
                            + Files.readString(output).strip());
                }
                process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
                port = question.port();
            }
            readyNanos = System.nanoTime() - startedNanos;
        } catch (IOException e) {
            close();
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted while " + name + " starts", e);
        }
    }

    /** Asks a starting server where it listens; 0 is not yet. */
    @FunctionalInterface
    private interface PortQuestion {
        int port() throws IOException;
    }

    /** Writes a line to its standard input; where it has ended, fails with what it said. */
    public void tell(String line) throws IOException {
        if (!process.isAlive()) {
            throw new IOException(
                    name + " has ended: " + Files.readString(output).strip());
        }
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Where it listens, on loopback. */
    public int port() {
        return port;
    }

    /** Of the operating system. */
    public long pid() {
        return process.pid();
    }

    /** From the fork until it was seen to be ready, to some 5 ms. */
    public long readyNanos() {
        return readyNanos;
    }

    /** Its processor time so far. */
    public CpuTime cpu() throws IOException {
        return CpuTime.of(process.pid());
    }

    /** Its memory that is resident now. */
    public long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("VmRSS: absent in the status of process " + process.pid());
    }

    /** Ends it: as asked, or by force when it takes too long. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            return; // this program is ending and the hook runs
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
