package netmem.server.options;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads the command line; its options are those of {@link ServerOption} and a few that steer the program itself. Pure but for the files that are named. */
public final class Arguments {
    private static final Flag CONFIG =
            new Flag("--config", "FILE", "file of settings, key = value (also NETMEM_CONFIG)");
    private static final Flag PRINT_CONFIG = new Flag(
            "--print-config", "", "print the settings and where each comes from, as a configuration file; then exit");
    private static final Flag VERSION = new Flag("--version", "", "print the version");
    private static final String STATS = "stats";
    private static final String PING = "ping";
    private static final String FIX = "netmem-server --help lists the options";

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
        String first = arguments.isEmpty() ? "" : arguments.getFirst();
        boolean remote = first.equals(STATS) || first.equals(PING);
        if (arguments.contains("-h") || arguments.contains(Flag.HELP.name())) {
            return new Invocation.Show(remote ? RemoteArguments.help(first) : help());
        }
        if (remote) {
            Invocation.Remote server =
                    RemoteArguments.parse(first, arguments.subList(1, arguments.size()), environment);
            return first.equals(STATS) ? new Invocation.Stats(server) : new Invocation.Ping(server);
        }
        Words words = Words.parse(arguments, flags(), FIX);
        words.other("stats or ping as the first argument, or options", 0);
        if (words.has(VERSION)) {
            return new Invocation.Show(List.of("netmem-server " + version));
        }
        Settings settings = Settings.resolve(given(words), words.value(CONFIG.name()), environment);
        return words.has(PRINT_CONFIG) ? new Invocation.PrintConfig(settings) : new Invocation.Serve(settings);
    }

    private static Map<ServerOption, String> given(Words words) {
        Map<ServerOption, String> given = new EnumMap<>(ServerOption.class);
        for (ServerOption option : ServerOption.values()) {
            words.value(option.flag()).ifPresent(text -> given.put(option, text));
        }
        return given;
    }

    private static List<Flag> flags() {
        List<Flag> flags = new ArrayList<>();
        for (ServerOption option : ServerOption.values()) {
            flags.add(Flag.of(option));
        }
        flags.addAll(List.of(CONFIG, PRINT_CONFIG, VERSION, Flag.HELP));
        return flags;
    }

    private static List<String> help() {
        return Help.lines(
                List.of(
                        "netmem-server [OPTIONS]               shares pages of memory over the network",
                        "netmem-server stats [netmem://HOST:PORT]   prints the counters and latencies of a running server",
                        "netmem-server ping [netmem://HOST:PORT]    asks a running server for a sign of life"),
                flags(),
                List.of(
                        "Each option can also be given in the environment, --page-length as NETMEM_PAGE_LENGTH, and in a file,",
                        "page-length = 4KiB. A flag wins over the environment, that over the file, and that over the default.",
                        "Sizes: bytes, or with KiB, MiB, GiB. Times: with ms, s, m, h. --name VALUE and --name=VALUE are the same.",
                        "Exit codes: 0 stopped as asked, 1 cannot start or failed, 2 bad option or setting."));
    }
}
