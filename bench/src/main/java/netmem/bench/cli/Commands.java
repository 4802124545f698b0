package netmem.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import netmem.bench.result.Environment;
import netmem.bench.result.MachineWatch;
import netmem.bench.result.Report;
import netmem.bench.result.Result;
import netmem.bench.result.ResultFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What commands share. Stateless. */
final class Commands {
    private Commands() {}

    /** Runs a session with the streams of its command. */
    static int run(Session session, String title, @Nullable CommandSpec spec) throws IOException, InterruptedException {
        CommandLine line = line(spec);
        PrintWriter out = line.getOut();
        return session.run(title, out, line.getErr());
    }

    /** The command line that a command was read from. */
    static CommandLine line(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("spec: not set (expected: run by picocli)");
        }
        return spec.commandLine();
    }

    /** This machine, as results tell of it. */
    static Environment environment() {
        return Environment.here(Path.of(System.getProperty("netmem.root", "")).toAbsolutePath(), Map.of());
    }

    /**
     * Writes results.json and report.html.
     *
     * @param environment as it was before
     * @param watch what has disturbed the machine meanwhile
     * @return the report
     */
    static Path write(
            Path folder,
            String title,
            Environment environment,
            MachineWatch watch,
            Map<String, String> versions,
            List<Result> results,
            List<String> skipped)
            throws IOException {
        ResultFile file = new ResultFile(environment.withVersions(versions).with(watch.found()), results, skipped);
        file.write(folder.resolve("results.json"));
        Path report = folder.resolve("report.html");
        Report.write(report, title, file, folder);
        return report;
    }
}
