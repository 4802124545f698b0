package netmem.bench.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import netmem.bench.peers.Tables;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code netmem-bench}. Stateless. */
@Command(
        name = "netmem-bench",
        description = "Measures NetMem on this machine, alone or beside Redis.",
        subcommands = {
            Quick.class,
            Open.class,
            Closed.class,
            Peers.class,
            Contention.class,
            Cliffs.class,
            Tables.class,
            ReportCommand.class
        },
        mixinStandardHelpOptions = true,
        version = "netmem-bench 1.0.0-SNAPSHOT",
        footer = {
            "",
            "Without a command: quick. Each command prints a table and writes results.json,",
            "histograms (.hlog) and report.html.",
            "How to measure, and how to read it: docs/operations/benchmarking.md."
        })
public final class NetMemBench {
    private static final List<String> OWN_OPTIONS = List.of("-h", "--help", "-V", "--version");

    private NetMemBench() {}

    /** Exits with 0 when it was measured, whatever came out; 1 when it could not be; 2 when the command line is wrong. */
    public static void main(String[] arguments) {
        System.exit(run(new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8), arguments));
    }

    /** Runs a command line and returns the exit code. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        if (words.isEmpty() || (words.getFirst().startsWith("-") && !OWN_OPTIONS.contains(words.getFirst()))) {
            words.addFirst("quick");
        }
        CommandLine command = new CommandLine(new NetMemBench()).setOut(out).setErr(err);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setExecutionExceptionHandler((failure, _, _) -> {
            err.println("netmem-bench: " + failure.getMessage());
            for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
                err.println("netmem-bench: because of " + cause);
            }
            return failure instanceof IllegalArgumentException ? 2 : 1;
        });
        return command.execute(words.toArray(String[]::new));
    }
}
