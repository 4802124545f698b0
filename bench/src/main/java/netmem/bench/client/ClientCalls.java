package netmem.bench.client;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import netmem.server.NetMemServer;

/**
 * What a call of the client library costs its process: latency of one caller beside a bare blocking socket, throughput of
 * several, CPU time and garbage. Contestants are builds of the library, so that a change is measured against what was
 * before it: they take turns, each round in a new process, against one server in a process of its own.
 *
 * <pre>
 * java -cp netmem-bench.jar netmem.bench.client.ClientCalls ROUNDS NAME=CLASSPATH [NAME=CLASSPATH ...]
 * </pre>
 *
 * CLASSPATH is a path list as for java; it holds netmem.client, netmem.api and this class. Printed are medians over the
 * rounds.
 */
public final class ClientCalls {
    private static final int PAGES = 64;
    private static final int PAGE_LENGTH = 4096;
    private static final int COLUMNS = 5;

    private ClientCalls() {}

    /**
     * Runs all rounds and prints a table.
     *
     * @param arguments see above
     * @throws IOException when a process cannot be started
     * @throws InterruptedException when interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case "" -> throw new IllegalArgumentException("arguments: 0 (expected: ROUNDS NAME=CLASSPATH ...)");
            case "serve" -> serve();
            case "pass" -> Pass.run(URI.create(arguments[1]));
            default ->
                compare(Integer.parseInt(arguments[0]), List.of(arguments).subList(1, arguments.length));
        }
    }

    /** A server until standard input ends. */
    private static void serve() throws IOException {
        try (NetMemServer server = NetMemServer.builder()
                .pages(PAGES)
                .pageLengthBytes(PAGE_LENGTH)
                .listen("127.0.0.1", 0)
                .start()) {
            System.out.println(server.uri());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static void compare(int rounds, List<String> contestants) throws IOException, InterruptedException {
        Process server = java(System.getProperty("java.class.path"), List.of("serve"));
        Map<String, List<double[]>> figures = new LinkedHashMap<>();
        try (BufferedReader out = server.inputReader()) {
            String uri = out.readLine();
            for (int round = 0; round < rounds; round++) {
                for (String contestant : contestants) {
                    int split = contestant.indexOf('=');
                    String name = contestant.substring(0, split);
                    pass(contestant.substring(split + 1), uri)
                            .forEach((load, row) -> figures.computeIfAbsent(load + "|" + name, _ -> new ArrayList<>())
                                    .add(row));
                }
            }
        } finally {
            server.destroy();
        }
        System.out.printf(
                "%-32s %-8s %8s %8s %8s %8s %8s%n",
                "load, callers", "build", "p50 us", "p99 us", "k/s", "CPU us", "B/op");
        figures.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
            String[] key = entry.getKey().split("\\|", 2);
            double[] m = medians(entry.getValue());
            System.out.printf(
                    "%-32s %-8s %8.2f %8.2f %8.1f %8.2f %8.0f%n", key[0], key[1], m[0], m[1], m[2], m[3], m[4]);
        });
    }

    private static Map<String, double[]> pass(String classPath, String uri) throws IOException, InterruptedException {
        Map<String, double[]> rows = new LinkedHashMap<>();
        Process process = java(classPath, List.of("pass", uri));
        try (BufferedReader out = process.inputReader()) {
            out.lines().forEach(line -> {
                String[] cells = line.split("\\|", -1);
                double[] row = new double[COLUMNS];
                for (int i = 0; i < COLUMNS; i++) {
                    row[i] = Double.parseDouble(cells[i + 1]);
                }
                rows.put(cells[0], row);
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (process.waitFor() != 0) {
            throw new IOException("pass: exit code " + process.exitValue() + " (expected: 0)");
        }
        return rows;
    }

    private static Process java(String classPath, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                ClientCalls.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static double[] medians(List<double[]> rows) {
        double[] medians = new double[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            int column = i;
            double[] sorted =
                    rows.stream().mapToDouble(row -> row[column]).sorted().toArray();
            medians[i] = sorted[sorted.length / 2];
        }
        return medians;
    }
}
