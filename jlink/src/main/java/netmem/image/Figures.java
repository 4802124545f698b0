package netmem.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Prints what an image weighs and how it starts, each time as the median of several starts. Pure. */
final class Figures {
    private static final double MEBIBYTE = 1 << 20;
    private static final long SETTLE_NANOS = 1_000_000_000L;
    private static final long IDLE_NANOS = 12_000_000_000L;
    private static final int IDLE_STARTS = 3;

    private Figures() {}

    /** Arguments: the folder of the image, its archive, how many starts. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path image = Path.of(args[0]);
        int starts = Integer.parseInt(args[2]);
        print("image on disk", "MiB", sizeBytes(image) / MEBIBYTE);
        print("  of it the AOT cache", "MiB", sizeBytes(image.resolve("lib/netmem-server.aot")) / MEBIBYTE);
        print("tar.gz", "MiB", Files.size(Path.of(args[1])) / MEBIBYTE);
        hello(image, starts);
        server(image, starts);
        idle(image);
    }

    /** The JVM gives back what it took to start within some seconds. */
    private static void idle(Path image) throws IOException, InterruptedException {
        double[] residentMebibytes = new double[IDLE_STARTS];
        for (int i = 0; i < IDLE_STARTS; i++) {
            try (ImageServer server =
                    ImageServer.start(ImageServer.command(image, "--listen", "127.0.0.1:0"), Map.of())) {
                LockSupport.parkNanos(IDLE_NANOS);
                residentMebibytes[i] = server.residentBytes() / MEBIBYTE;
                server.stop();
            }
        }
        print("server, memory when idle", "MiB", residentMebibytes);
    }

    private static void server(Path image, int starts) throws IOException, InterruptedException {
        double[] readyMillis = new double[starts];
        double[] cpuMillis = new double[starts];
        double[] firstReplyMillis = new double[starts];
        double[] residentMebibytes = new double[starts];
        for (int i = 0; i < starts; i++) {
            try (ImageServer server =
                    ImageServer.start(ImageServer.command(image, "--listen", "127.0.0.1:0"), Map.of())) {
                readyMillis[i] = server.readyNanos() / 1e6;
                cpuMillis[i] = cpuNanos(server.pid()) / 1e6;
                LockSupport.parkNanos(SETTLE_NANOS);
                residentMebibytes[i] = server.residentBytes() / MEBIBYTE;
                long startedNanos = System.nanoTime();
                try (OldWire wire = new OldWire(server.port())) {
                    wire.call(OldWire.GET_PARAMS, 0);
                }
                firstReplyMillis[i] = (System.nanoTime() - startedNanos) / 1e6;
                server.stop();
            }
        }
        print("server, exec to READY", "ms", readyMillis);
        print("server, CPU to READY", "ms", cpuMillis);
        print("server, memory 1 s after READY", "MiB", residentMebibytes);
        print("server, first connect and reply", "ms", firstReplyMillis);
    }

    /** A hello world on the JVM of the image with an AOT cache of its own: what no server can go below. */
    private static void hello(Path image, int starts) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("netmem-figures");
        Path jar = work.resolve("hello.jar");
        Path cache = work.resolve("hello.aot");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            String name = Hello.class.getName().replace('.', '/') + ".class";
            out.putNextEntry(new ZipEntry(name));
            try (var in = Hello.class.getClassLoader().getResourceAsStream(name)) {
                if (in == null) {
                    throw new IOException(name + ": not found");
                }
                in.transferTo(out);
            }
        }
        String java = image.resolve("bin/java").toString();
        List<String> program = List.of("-Xlog:disable", "-cp", jar.toString(), Hello.class.getName());
        start(java, "-XX:AOTCacheOutput=" + cache, program);
        double[] readyMillis = new double[starts];
        for (int i = 0; i < starts; i++) {
            readyMillis[i] = start(java, "-XX:AOTCache=" + cache, program);
        }
        print("hello world, exec to output", "ms", readyMillis);
        for (Path file : List.of(jar, cache, work)) {
            Files.delete(file);
        }
    }

    private static double start(String java, String option, List<String> program)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java, option));
        command.addAll(program);
        try (ImageServer server = ImageServer.start(command, Map.of())) {
            server.stop();
            return server.readyNanos() / 1e6;
        }
    }

    private static long cpuNanos(long pid) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return tasks.mapToLong(Figures::taskNanos).sum();
        }
    }

    private static long taskNanos(Path task) {
        try {
            String text = Files.readString(task.resolve("schedstat"));
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sizeBytes(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static void print(String what, String unit, double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        String range = sorted.length == 1
                ? ""
                : String.format("   (%.1f to %.1f, n=%d)", sorted[0], sorted[sorted.length - 1], sorted.length);
        System.out.printf("%-34s %8.1f %s%s%n", what, median, unit, range);
    }
}
