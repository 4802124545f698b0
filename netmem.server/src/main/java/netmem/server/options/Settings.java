package netmem.server.options;

import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import netmem.server.config.ServerConfig;
import netmem.server.config.ServerLimits;

/** The value of every option and where it came from: flag before environment before file before default. Immutable once made. */
public final class Settings {
    static final String CONFIG_VARIABLE = "NETMEM_CONFIG";
    private static final int ORIGIN_COLUMN = 40;

    private final Map<ServerOption, Given> values;
    private final Optional<Path> configFile;
    private final List<String> notes;

    private Settings(Map<ServerOption, Given> values, Optional<Path> configFile, List<String> notes) {
        this.values = values;
        this.configFile = configFile;
        this.notes = notes;
    }

    /** Brings the places together. */
    static Settings resolve(
            Map<ServerOption, String> flags, Optional<String> configFlag, Map<String, String> environment)
            throws BadOptionException {
        Optional<String> name = configFlag.or(() -> variable(environment, CONFIG_VARIABLE));
        Optional<Path> configFile = name.isEmpty()
                ? Optional.empty()
                : Optional.of(path("config", name.get(), "name a file: --config FILE"));
        Map<ServerOption, Given> file = configFile.isEmpty() ? Map.of() : ConfigFile.read(configFile.get());
        Map<ServerOption, Given> values = new EnumMap<>(ServerOption.class);
        for (ServerOption option : ServerOption.values()) {
            values.put(
                    option,
                    Optional.ofNullable(flags.get(option))
                            .map(text -> Given.byFlag(option, text))
                            .or(() -> variable(environment, option.variable())
                                    .map(text -> Given.byVariable(option, text)))
                            .or(() -> Optional.ofNullable(file.get(option)))
                            .orElseGet(() -> Given.byDefault(option)));
        }
        return new Settings(values, configFile, StrayVariables.notes(environment));
    }

    /** An environment variable; an empty one counts as none. */
    static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isEmpty());
    }

    /**
     * Makes the settings of the server.
     *
     * @return checked settings
     * @throws BadOptionException for a value in the wrong form, out of bounds, or that does not fit the others
     */
    public ServerConfig serverConfig() throws BadOptionException {
        HostPort listen =
                HostPort.parse(given(ServerOption.LISTEN).text()).orElseThrow(() -> wrongForm(ServerOption.LISTEN));
        Optional<Path> authFile = file(ServerOption.AUTH_FILE);
        Optional<String> token = authFile.isEmpty() ? Optional.empty() : Optional.of(Credential.read(authFile.get()));
        Optional<Path> arenaFile = file(ServerOption.ARENA_FILE);
        long pages = number(ServerOption.PAGES);
        int pageLength = integer(ServerOption.PAGE_LENGTH);
        int eventLoops = integer(ServerOption.EVENT_LOOPS);
        boolean arenaCommit = isOn(ServerOption.ARENA_COMMIT);
        boolean insecure = isOn(ServerOption.INSECURE);
        ServerConfig.HugePages hugePages = choice(ServerOption.HUGE_PAGES, List.of(ServerConfig.HugePages.values()));
        ServerConfig.Transport transport = choice(ServerOption.TRANSPORT, List.of(ServerConfig.Transport.values()));
        Map<String, Long> limits = limits();
        try {
            return new ServerConfig(
                    listen.host(),
                    listen.port(),
                    pages,
                    pageLength,
                    arenaFile,
                    arenaCommit,
                    hugePages,
                    token,
                    insecure,
                    transport,
                    eventLoops,
                    ServerLimits.DEFAULTS.with(limits));
        } catch (IllegalArgumentException e) {
            throw blamed(e);
        }
    }

    /**
     * Says which setting a server refused to start with.
     *
     * @param refusal with the setting's name at the front of its message
     * @return the same with the way out
     */
    public BadOptionException blamed(IllegalArgumentException refusal) {
        String problem = String.valueOf(refusal.getMessage());
        return new BadOptionException(
                problem,
                ServerOption.blamedBy(problem)
                        .map(option -> given(option).fix(option))
                        .orElse("netmem-server --help lists the options"));
    }

    /**
     * Returns the file to log latencies to.
     *
     * @return empty where none is wanted
     * @throws BadOptionException for a value in the wrong form
     */
    public Optional<Path> latencyLog() throws BadOptionException {
        return file(ServerOption.LATENCY_LOG);
    }

    /**
     * Returns how often to log latencies.
     *
     * @return 100 milliseconds to an hour
     * @throws BadOptionException for a value out of bounds
     */
    public Duration latencyLogInterval() throws BadOptionException {
        long millis = number(ServerOption.LATENCY_LOG_INTERVAL);
        if (millis < 100 || millis > 3_600_000) {
            throw new BadOptionException(
                    "latency-log-interval: " + millis + " ms (expected: 100 to 3600000 ms)",
                    given(ServerOption.LATENCY_LOG_INTERVAL).fix(ServerOption.LATENCY_LOG_INTERVAL));
        }
        return Duration.ofMillis(millis);
    }

    /**
     * Shows every option with its value and where it came from; what is shown can be used as a configuration file.
     *
     * @return lines
     */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("# configuration file: " + configFile.map(Path::toString).orElse("none"));
        for (ServerOption option : ServerOption.values()) {
            lines.add(line(option));
        }
        return lines;
    }

    /**
     * Shows the limits alone, as {@link #lines()} does.
     *
     * @return lines
     */
    public List<String> limitLines() {
        List<String> lines = new ArrayList<>();
        for (ServerOption option : ServerOption.values()) {
            if (option.isLimit()) {
                lines.add(line(option));
            }
        }
        return lines;
    }

    /**
     * Returns what deserves a second look, though the server can run so.
     *
     * @return lines, mostly none
     */
    public List<String> notes() {
        return notes;
    }

    private String line(ServerOption option) {
        Given given = given(option);
        String start = given.text().isEmpty() ? "# " + option.key() + " =" : option.key() + " = " + given.text();
        String place = given.text().isEmpty() ? "not given" : given.place();
        return start + " ".repeat(Math.max(1, ORIGIN_COLUMN - start.length())) + "# " + place;
    }

    /**
     * Returns the file of the credential.
     *
     * @return as given
     */
    public Optional<String> authFile() {
        return Optional.of(given(ServerOption.AUTH_FILE).text()).filter(text -> !text.isEmpty());
    }

    private Given given(ServerOption option) {
        return values.getOrDefault(option, Given.byDefault(option));
    }

    private Map<String, Long> limits() throws BadOptionException {
        Map<String, Long> limits = new HashMap<>();
        for (ServerOption option : ServerOption.values()) {
            if (option.isLimit()) {
                limits.put(option.limitName(), number(option));
            }
        }
        return limits;
    }

    private long number(ServerOption option) throws BadOptionException {
        return option.number(given(option).text()).orElseThrow(() -> wrongForm(option));
    }

    private int integer(ServerOption option) throws BadOptionException {
        long number = number(option);
        if (number > Integer.MAX_VALUE) {
            throw new BadOptionException(
                    option.key() + ": " + number + " (expected: <= " + Integer.MAX_VALUE + ")",
                    given(option).fix(option));
        }
        return (int) number;
    }

    private boolean isOn(ServerOption option) throws BadOptionException {
        return switch (given(option).text().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrongForm(option);
        };
    }

    /** The one of these that is named as the option says, in letters of either case. */
    private <T extends Enum<T>> T choice(ServerOption option, List<T> choices) throws BadOptionException {
        String text = given(option).text().toUpperCase(Locale.ROOT);
        return choices.stream()
                .filter(choice -> choice.name().equals(text))
                .findFirst()
                .orElseThrow(() -> wrongForm(option));
    }

    /** The least level of lines that are logged. */
    public Level logLevel() throws BadOptionException {
        return choice(ServerOption.LOG_LEVEL, List.of(Level.ERROR, Level.WARNING, Level.INFO, Level.DEBUG));
    }

    private Optional<Path> file(ServerOption option) throws BadOptionException {
        Given given = given(option);
        if (given.text().isEmpty() && given.source() == Given.Source.DEFAULT) {
            return Optional.empty();
        }
        return Optional.of(path(option.key(), given.text(), given.fix(option)));
    }

    static Path path(String name, String text, String fix) throws BadOptionException {
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw new BadOptionException(name + ": " + e.getMessage() + " (expected: the name of a file)", fix);
        }
        throw new BadOptionException(name + ": empty (expected: the name of a file)", fix);
    }

    private BadOptionException wrongForm(ServerOption option) {
        Given given = given(option);
        String text = option == ServerOption.LISTEN ? Words.shown(given.text()) : given.text();
        return new BadOptionException(
                option.key() + ": " + text + " (expected: " + option.kind().expected() + ")", given.fix(option));
    }
}
