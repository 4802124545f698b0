package netmem.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import netmem.bench.result.Result;
import netmem.bench.result.ResultFile;

/** Client libraries beside each other (P4, P5, P8), measured by {@code netmem-bench peers} in a process of its own. Pure. */
final class ClientExperiment implements Experiment {
    static final String CLOSED_LOOP = "Closed loop";
    private static final String MAIN = "netmem.bench.cli.NetMemBench";

    private final Path launcher;
    private final Path folder;

    ClientExperiment(Path launcher, Path folder) {
        this.launcher = launcher;
        this.folder = folder;
    }

    @Override
    public String title() {
        return "client libraries beside each other";
    }

    @Override
    public List<Result> run(Effort effort, Field field) throws IOException {
        if (!Files.isExecutable(launcher)) {
            field.skip("client libraries: they are measured against the image, and " + launcher + " is not there");
            return List.of();
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dnetmem.root=" + field.root().toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                MAIN,
                "peers",
                "--launcher=" + launcher,
                "--out=" + folder));
        command.addAll(effort.clientArguments());
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (exitCode(process) != 0) {
            field.skip("client libraries: netmem-bench peers ended with " + process.exitValue());
            return List.of();
        }
        ResultFile file = ResultFile.read(folder.resolve("results.json"));
        file.skipped().forEach(field::skip);
        field.versions().putAll(file.environment().versions());
        return file.results().stream().map(this::withHlogBelow).toList();
    }

    private Result withHlogBelow(Result result) {
        return result.hlog() == null ? result : result.withHlog(folder.getFileName() + "/" + result.hlog());
    }

    private static int exitCode(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while client libraries were measured", e);
        }
    }
}
