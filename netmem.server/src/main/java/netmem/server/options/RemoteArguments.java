package netmem.server.options;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import netmem.server.config.ServerConfig;

/** The arguments of the commands that ask a running server. Pure but for the credential's file. */
final class RemoteArguments {
    private static final String SCHEME = "netmem://";
    private static final String TIMEOUT_DEFAULT = "5s";
    private static final long TIMEOUT_MILLIS_MAX = 3_600_000;
    private static final String TIMEOUT_FIX = "for example: --timeout 5s";
    private static final Flag TIMEOUT =
            new Flag("--timeout", "TIME", "how long to wait in all (default: " + TIMEOUT_DEFAULT + ")");
    private static final Flag AUTH_FILE = new Flag(
            ServerOption.AUTH_FILE.flag(),
            "FILE",
            "file whose first line is the credential to present (also " + ServerOption.AUTH_FILE.variable() + ")");
    private static final List<Flag> FLAGS = List.of(AUTH_FILE, TIMEOUT, Flag.HELP);

    private RemoteArguments() {}

    static List<String> help(String command) {
        return Help.lines(
                List.of("netmem-server " + command + " [OPTIONS] [netmem://HOST:PORT]"),
                FLAGS,
                List.of(
                        "Without an address it asks the server at " + SCHEME + ServerOption.LISTEN.fallback() + ".",
                        "Exit codes: 0 answered, 1 no answer or a refusal, 2 bad option."));
    }

    static Invocation.Remote parse(String command, List<String> arguments, Map<String, String> environment)
            throws BadOptionException {
        Words words = Words.parse(arguments, FLAGS, "netmem-server " + command + " --help lists the options");
        HostPort server = server(words.other("one address", 1).orElse(ServerOption.LISTEN.fallback()));
        Optional<String> authFile = words.value(AUTH_FILE.name())
                .or(() -> Settings.variable(environment, ServerOption.AUTH_FILE.variable()));
        String token = authFile.isEmpty()
                ? ""
                : Credential.read(
                        Settings.path(ServerOption.AUTH_FILE.key(), authFile.get(), "name a file: --auth-file FILE"));
        Duration timeout = timeout(words.value(TIMEOUT.name()).orElse(TIMEOUT_DEFAULT));
        return new Invocation.Remote(server.host(), server.port(), token, timeout);
    }

    private static HostPort server(String address) throws BadOptionException {
        String plain = address.startsWith(SCHEME) ? address.substring(SCHEME.length()) : address;
        Optional<HostPort> server = HostPort.parse(plain).filter(found -> found.port() >= 1 && found.port() <= 65535);
        return server.orElseThrow(() -> new BadOptionException(
                "server: " + Words.shown(address) + " (expected: netmem://HOST:PORT with a port from 1 to 65535)",
                "for example: " + SCHEME + "127.0.0.1:" + ServerConfig.PORT));
    }

    private static Duration timeout(String text) throws BadOptionException {
        long millis = Kind.TIME
                .number(text)
                .orElseThrow(() -> new BadOptionException(
                        "timeout: " + text + " (expected: " + Kind.TIME.expected() + ")", TIMEOUT_FIX));
        if (millis < 1 || millis > TIMEOUT_MILLIS_MAX) {
            throw new BadOptionException(
                    "timeout: " + millis + " ms (expected: 1 to " + TIMEOUT_MILLIS_MAX + " ms)", TIMEOUT_FIX);
        }
        return Duration.ofMillis(millis);
    }
}
