package netmem.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own, on the module path or class path of this test. Confined to one test. */
final class ServerProcess implements AutoCloseable {
    private static final long EXIT_SECONDS_MAX = 30;

    private final Process process;
    private final Path errors;
    private final BufferedReader output;
    private final List<String> lines = new ArrayList<>();

    private ServerProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    static ServerProcess start(Path folder, String... arguments) throws IOException {
        return start(folder, Main.class, arguments);
    }

    /** The program, or a server, with a fault; the first argument says which. */
    static ServerProcess startPlanted(Path folder, String... arguments) throws IOException {
        return start(folder, PlantedFault.class, arguments);
    }

    private static ServerProcess start(Path folder, Class<?> program, String... arguments) throws IOException {
        Path errors = Files.createTempFile(folder, "stderr", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command(program, arguments));
        builder.environment().keySet().removeIf(name -> name.startsWith("NETMEM_") || name.startsWith("JAVA_TOOL"));
        return new ServerProcess(builder.redirectError(errors.toFile()).start(), errors);
    }

    private static List<String> command(Class<?> program, String... arguments) {
        // Where the build runs under nohup, SIGHUP is ignored, and would be by the program too.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx400m", "--sun-misc-unsafe-memory-access=allow", "-ea"));
        String modules = System.getProperty("jdk.module.path");
        if (modules == null) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
            command.add(program.getName());
        } else {
            command.addAll(List.of("--enable-native-access=io.netty.common", "-p", modules));
            Path tests = Path.of(System.getProperty("basedir", "."), "target", "test-classes");
            command.addAll(List.of("--patch-module", "netmem.server=" + tests.toAbsolutePath()));
            command.addAll(List.of("-m", "netmem.server/" + program.getName()));
        }
        command.addAll(List.of(arguments));
        return command;
    }

    /** Reads the output up to a line that starts so, and returns the rest of that line. */
    String awaitLine(String start) throws IOException {
        while (true) {
            String line = output.readLine();
            if (line == null) {
                throw new AssertionError("output ended without '" + start + "':\n" + this);
            }
            lines.add(line);
            if (line.startsWith(start)) {
                return line.substring(start.length());
            }
        }
    }

    /** The port of the READY line. */
    int awaitReady() throws IOException {
        String address = awaitLine("READY netmem://").replaceFirst(" pid=" + process.pid() + "$", "");
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Writes a line to its standard input. */
    void tell(String line) throws IOException {
        process.outputWriter().write(line + "\n");
        process.outputWriter().flush();
    }

    /** Sends a signal by its name. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Reads the rest of the output and returns the exit code. */
    int exitCode() throws IOException, InterruptedException {
        output.lines().forEach(lines::add);
        if (!process.waitFor(EXIT_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new AssertionError("no exit:\n" + this);
        }
        return process.exitValue();
    }

    /** What was read of standard output so far. */
    List<String> lines() {
        return lines;
    }

    /** All of standard error. */
    String errors() throws IOException {
        return Files.readString(errors);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        try {
            return String.join("\n", lines) + "\nstderr:\n" + errors();
        } catch (IOException e) {
            return String.join("\n", lines) + "\n" + e;
        }
    }
}
