package netmem.server.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import netmem.server.config.ServerConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The arguments of the commands that ask a running server. Pure but for the credential's file. */
final class RemoteArguments {
    private static final String SCHEME = "netmem://";
    private static final String TIMEOUT = "--timeout";
    private static final String TIMEOUT_DEFAULT = "5s";
    private static final long TIMEOUT_MILLIS_MAX = 3_600_000;
    private static final String TIMEOUT_FIX = "for example: --timeout 5s";

    private RemoteArguments() {}

    static void addOptions(CommandSpec spec) {
        spec.addOption(OptionSpec.builder(ServerOption.AUTH_FILE.flag())
                .type(String.class)
                .paramLabel("FILE")
                .description("file whose first line is the credential to present")
                .build());
        spec.addOption(OptionSpec.builder(TIMEOUT)
                .type(String.class)
                .paramLabel("TIME")
                .description("how long to wait in all (default: " + TIMEOUT_DEFAULT + ")")
                .build());
    }

    static Invocation.Remote parse(ParseResult command, Map<String, String> environment) throws BadOptionException {
        String address = command.matchedPositionalValue(0, SCHEME + ServerOption.LISTEN.fallback());
        HostPort server = server(address);
        String flag = command.matchedOptionValue(ServerOption.AUTH_FILE.flag(), "");
        String authFile = flag.isEmpty() ? environment.getOrDefault(ServerOption.AUTH_FILE.variable(), "") : flag;
        String token = authFile.isEmpty() ? "" : Credential.read(Path.of(authFile));
        return new Invocation.Remote(
                server.host(), server.port(), token, timeout(command.matchedOptionValue(TIMEOUT, TIMEOUT_DEFAULT)));
    }

    private static HostPort server(String address) throws BadOptionException {
        String plain = address.startsWith(SCHEME) ? address.substring(SCHEME.length()) : address;
        Optional<HostPort> server = HostPort.parse(plain).filter(found -> found.port() >= 1 && found.port() <= 65535);
        return server.orElseThrow(() -> new BadOptionException(
                "server: " + address + " (expected: netmem://HOST:PORT with a port from 1 to 65535)",
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
