package netmem.server.options;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: its options come from {@link ServerOption}, without annotations, so that nothing is opened for reflection. Pure. */
public final class Arguments {
    private static final int WIDTH = 120;
    private static final String PROGRAM = "netmem-server";
    private static final String CONFIG = "--config";
    private static final String PRINT_CONFIG = "--print-config";
    private static final String STATS = "stats";
    private static final String PING = "ping";

    private Arguments() {}

    /**
     * Reads a command line.
     *
     * @param arguments as given to the program
     * @param environment variables of the process
     * @param version the program's release
     * @return what to do
     * @throws BadOptionException for an argument that is not understood, or a configuration file that cannot be read
     */
    public static Invocation parse(List<String> arguments, Map<String, String> environment, String version)
            throws BadOptionException {
        CommandLine line = model(version);
        ParseResult result;
        try {
            result = line.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw refused(e);
        }
        ParseResult command = result.hasSubcommand() ? result.subcommand() : result;
        CommandLine asked = command.commandSpec().commandLine();
        if (command.isUsageHelpRequested()) {
            return new Invocation.Show(asked.getUsageMessage(Ansi.OFF));
        }
        if (result.isVersionHelpRequested()) {
            return new Invocation.Show(PROGRAM + " " + version + System.lineSeparator());
        }
        return result.hasSubcommand() ? remote(result, command, environment) : serve(result, environment);
    }

    private static Invocation serve(ParseResult result, Map<String, String> environment) throws BadOptionException {
        Map<ServerOption, String> flags = new EnumMap<>(ServerOption.class);
        for (ServerOption option : ServerOption.values()) {
            if (result.hasMatchedOption(option.flag())) {
                flags.put(option, String.valueOf(result.<Object>matchedOptionValue(option.flag(), "")));
            }
        }
        Optional<String> config = Optional.ofNullable(result.matchedOptionValue(CONFIG, null));
        Settings settings = Settings.resolve(flags, config, environment);
        return result.hasMatchedOption(PRINT_CONFIG)
                ? new Invocation.PrintConfig(settings)
                : new Invocation.Serve(settings);
    }

    private static Invocation remote(ParseResult result, ParseResult command, Map<String, String> environment)
            throws BadOptionException {
        String name = command.commandSpec().name();
        if (!result.matchedOptions().isEmpty()) {
            String option = result.matchedOptions().getFirst().longestName();
            throw new BadOptionException(
                    option + ": stands before " + name + " (expected: nothing there)",
                    PROGRAM + " " + name + " --help");
        }
        Invocation.Remote server = RemoteArguments.parse(command, environment);
        return name.equals(STATS) ? new Invocation.Stats(server) : new Invocation.Ping(server);
    }

    private static CommandLine model(String version) {
        CommandSpec serve = CommandSpec.create().name(PROGRAM).version(version);
        for (ServerOption option : ServerOption.values()) {
            serve.addOption(option(option));
        }
        serve.addOption(OptionSpec.builder(CONFIG)
                .type(String.class)
                .paramLabel("FILE")
                .description("file of settings, key = value")
                .build());
        serve.addOption(
                flag(PRINT_CONFIG, "print the settings and where each comes from, as a configuration file; then exit"));
        serve.addOption(OptionSpec.builder("--version")
                .versionHelp(true)
                .type(boolean.class)
                .description("print the version")
                .build());
        serve.addSubcommand(STATS, remote(STATS, "Prints the counters and latencies of a running server."));
        serve.addSubcommand(
                PING, remote(PING, "Asks a running server for a sign of life; exit code 0 when it answers."));
        usage(serve, "Shares pages of memory over the network.");
        serve.usageMessage()
                .footer(
                        "",
                        "Each option can also be given in the environment, --page-length as NETMEM_PAGE_LENGTH, and in a file,",
                        "page-length = 4KiB. A flag wins over the environment, that over the file, and that over the default.",
                        "Exit codes: 0 stopped as asked, 1 cannot start or failed, 2 bad option or setting.");
        return new CommandLine(serve).setExpandAtFiles(false);
    }

    private static CommandSpec remote(String name, String what) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .type(String.class)
                .paramLabel("netmem://HOST:PORT")
                .description("the server; netmem://127.0.0.1:7070 unless told")
                .build());
        RemoteArguments.addOptions(spec);
        usage(spec, what);
        return spec;
    }

    private static void usage(CommandSpec spec, String what) {
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .type(boolean.class)
                .description("print this help")
                .build());
        spec.usageMessage().width(WIDTH).sortOptions(false).description(what);
    }

    private static OptionSpec option(ServerOption option) {
        String text = option.description()
                + (option.fallback().isEmpty() || option.kind() == Kind.SWITCH
                        ? ""
                        : " (default: " + option.fallback() + ")");
        return option.kind() == Kind.SWITCH
                ? flag(option.flag(), text)
                : OptionSpec.builder(option.flag())
                        .type(String.class)
                        .paramLabel(option.kind().placeholder())
                        .description(text)
                        .build();
    }

    private static OptionSpec flag(String name, String text) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .arity("0")
                .description(text)
                .build();
    }

    private static BadOptionException refused(ParameterException refusal) {
        String command = refusal.getCommandLine().getCommandSpec().qualifiedName();
        return new BadOptionException(problem(refusal), command + " --help lists the options");
    }

    private static String problem(ParameterException refusal) {
        return switch (refusal) {
            case UnmatchedArgumentException unmatched ->
                unknown(unmatched.getUnmatched().getFirst());
            case MissingParameterException missing
            when !missing.getMissing().isEmpty() -> {
                CommandLine.Model.ArgSpec spec = missing.getMissing().getFirst();
                String name = spec instanceof OptionSpec option ? option.longestName() : spec.paramLabel();
                yield name + ": no value (expected: " + name + " " + spec.paramLabel() + ")";
            }
            case OverwrittenOptionException twice ->
                (twice.getOverwritten() instanceof OptionSpec option ? option.longestName() : "argument")
                        + ": given twice (expected: once)";
            default -> String.valueOf(refusal.getMessage());
        };
    }

    private static String unknown(String argument) {
        if (!argument.startsWith("-")) {
            return argument + ": unknown argument (expected: options, stats or ping)";
        }
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        String question = Nearest.question(name.replaceFirst("^-+", ""), key -> "--" + key);
        return name + ": unknown option (expected: one that --help lists" + question + ")";
    }
}
