package netmem.server.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import netmem.server.config.ServerConfig;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class ArgumentsTest {
    @TempDir
    private Path folder = Path.of("unset");

    private final Map<String, String> environment = new HashMap<>();

    private Invocation parse(String... arguments) throws BadOptionException {
        return Arguments.parse(List.of(arguments), environment, "1.2.3");
    }

    private Settings settings(String... arguments) throws BadOptionException {
        return assertInstanceOf(Invocation.Serve.class, parse(arguments)).settings();
    }

    private ServerConfig config(String... arguments) throws BadOptionException {
        return settings(arguments).serverConfig();
    }

    private BadOptionException refusal(String... arguments) {
        return assertThrows(BadOptionException.class, () -> config(arguments));
    }

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    @Test
    void serverConfig_nothingGiven_isTheDefault() throws BadOptionException {
        assertEquals(ServerConfig.DEFAULTS, config());
        assertEquals(Optional.empty(), settings().latencyLog());
        assertEquals(Duration.ofSeconds(1), settings().latencyLogInterval());
    }

    @Test
    void serverConfig_everyFlag_isTaken() throws BadOptionException, IOException {
        Path auth = file("auth", "  hush  \nsecond line\n");
        ServerConfig config = config(
                "--listen=[::1]:0",
                "--pages=7",
                "--page-length=64",
                "--arena-file=/dev/shm/a",
                "--arena-commit",
                "--huge-pages=OFF",
                "--auth-file=" + auth,
                "--insecure",
                "--transport=NIO",
                "--event-loops=3",
                "--lease=2s",
                "--lease-max",
                "5m",
                "--frame-max",
                "4MiB",
                "--connections-max",
                "5");
        assertEquals(
                new ServerConfig(
                        "::1",
                        0,
                        7,
                        64,
                        Optional.of(Path.of("/dev/shm/a")),
                        true,
                        ServerConfig.HugePages.OFF,
                        Optional.of("hush"),
                        true,
                        ServerConfig.Transport.NIO,
                        3,
                        ServerLimits.DEFAULTS.with(Map.of(
                                "lease-millis", 2000L,
                                "lease-max-millis", 300_000L,
                                "frame-max-bytes", 4L << 20,
                                "connections-max", 5L))),
                config);
        assertTrue(!config.toString().contains("hush"), config.toString());
    }

    @Test
    void table_limits_areAllOptions() {
        for (String limit : ServerLimits.DEFAULTS.byName().keySet()) {
            assertEquals(1, count(limit), limit);
        }
    }

    private static long count(String limit) {
        return List.of(ServerOption.values()).stream()
                .filter(option -> option.isLimit() && option.limitName().equals(limit))
                .count();
    }

    @ParameterizedTest
    @EnumSource(ServerOption.class)
    void precedence_anyOption_isFlagThenEnvironmentThenFileThenDefault(ServerOption option)
            throws BadOptionException, IOException {
        Path file = file("netmem.conf", option.key() + " = from-file\n");
        String config = "--config=" + file;
        boolean isSwitch = option.kind() == Kind.SWITCH;

        assertTrue(line(option).endsWith(option.fallback().isEmpty() ? "# not given" : "# default"), line(option));
        assertTrue(line(option, config).matches(".*= from-file +# .*netmem.conf line 1"), line(option, config));
        environment.put(option.variable(), "from-environment");
        assertTrue(
                line(option, config).matches(".*= from-environment +# environment " + option.variable()),
                line(option, config));
        String flag = isSwitch ? option.flag() : option.flag() + "=from-flag";
        assertTrue(
                line(option, config, flag).matches(".*= (from-flag|true) +# flag " + option.flag()),
                line(option, config, flag));
    }

    private String line(ServerOption option, String... arguments) throws BadOptionException {
        return settings(arguments).lines().stream()
                .filter(line -> line.matches("(# )?" + option.key() + " =.*"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void precedence_configFile_byFlagBeforeEnvironment() throws BadOptionException, IOException {
        environment.put("NETMEM_CONFIG", file("a", "pages = 5").toString());
        assertEquals(5, config().pages());
        assertEquals(6, config("--config", file("b", "pages = 6").toString()).pages());
    }

    @Test
    void precedence_emptyVariable_countsAsNone() throws BadOptionException {
        environment.put("NETMEM_PAGES", "");
        assertEquals(1024, config().pages());
    }

    @Test
    void notes_variableLikeAnOption_isPointedOut() throws BadOptionException {
        environment.put("NETMEM_PAGE_SIZE", "8KiB");
        environment.put("NETMEM_PAGES", "8");
        environment.put("NETMEM_JDK_DIRS", "/opt");
        environment.put("PATH", "/bin");
        assertEquals(
                List.of("environment NETMEM_PAGE_SIZE is no option; did you mean NETMEM_PAGE_LENGTH?"),
                settings().notes());
    }

    @Test
    void insecure_inTheEnvironment_isTrueOrFalse() throws BadOptionException {
        environment.put("NETMEM_INSECURE", "true");
        assertTrue(config("--listen=0.0.0.0:0").insecure());
        environment.put("NETMEM_INSECURE", "yes");
        assertEquals("insecure: yes (expected: true or false)", refusal().getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen=7070 | listen: 7070 (expected: HOST:PORT, such as 127.0.0.1:7070 or [::1]:7070)",
                "--listen=:7070 | listen: :7070 (expected: HOST:PORT",
                "--listen=::1:7070 | listen: ::1:7070 (expected: HOST:PORT",
                "--listen=[::1] | listen: [::1] (expected: HOST:PORT",
                "--listen=127.0.0.1:x | listen: 127.0.0.1:x (expected: HOST:PORT",
                "--listen=127.0.0.1:70000 | listen: port 70000 (expected: 0 to 65535)",
                "--listen=0.0.0.0:7070 | listen: 0.0.0.0 is not a loopback address",
                "--listen=[::g]:1 | listen: ::g (expected: an address of this machine",
                "--pages=0 | pages: 0 (expected: >= 1)",
                "--pages=-1 | pages: -1 (expected: a whole number, such as 1024)",
                "--pages=many | pages: many (expected: a whole number, such as 1024)",
                "--pages=9223372036854775808 | pages: 9223372036854775808 (expected: a whole number",
                "--pages= | pages:  (expected: a whole number",
                "--page-length=100 | page-length: 100 (expected: a multiple of 64 from 64 to 1048576)",
                "--page-length=2MiB | page-length: 2097152 (expected: a multiple of 64 from 64 to 1048576)",
                "--page-length=4KB | page-length: 4KB (expected: bytes, or a whole number with KiB, MiB or GiB",
                "--page-length=1.5KiB | page-length: 1.5KiB (expected: bytes, or a whole number with",
                "--page-length=4GiB | page-length: 4294967296 (expected: <= 2147483647)",
                "--page-length=9999999999TiB | page-length: 9999999999TiB (expected: bytes",
                "--arena-file= | arena-file: empty (expected: the name of a file)",
                "--auth-file=/no/such/file | auth-file: /no/such/file does not exist (expected: a file)",
                "--config=/no/such/file | config: /no/such/file does not exist (expected: a file)",
                "--config=/tmp | config: /tmp is a directory (expected: a file)",
                "--transport=kqueue | transport: kqueue (expected: auto, epoll or nio)",
                "--event-loops=257 | event-loops: 257 (expected: 0 to 256)",
                "--lease=10 | lease: 10 (expected: a whole number with its unit, ms, s, m or h, such as 10s)",
                "--lease=10d | lease: 10d (expected: a whole number with its unit",
                "--lease=1ms | lease: 1 ms (expected: 1000 to 300000 ms)",
                "--lease-max=2s | lease: 10000 ms (expected: 1000 to 2000 ms)",
                "--greeting=2h | greeting: 7200000 ms (expected: 10 to 60000 ms)",
                "--frame-max=1KiB | frame-max: 1024 bytes (expected: 1064960 to 268435456 bytes)",
                "--slots=2 | slots: 2 (expected: 3 to 65536)",
                "--connections-max=99999999999 | connections-max: 99999999999 (expected: <= 2147483647)",
                "--page-size=64 | --page-size: unknown option (expected: one that --help lists; did you mean --page-length?)",
                "--port=1 | --port: unknown option (expected: one that --help lists; did you mean --listen?)",
                "--page-lenght=64 | --page-lenght: unknown option (expected: one that --help lists; did you mean --page-length",
                "--zzz | --zzz: unknown option (expected: one that --help lists)",
                "-x | -x: unknown option (expected: one that --help lists)",
                "serve | serve: unknown argument (expected: stats or ping as the first argument, or options)",
                "--pages | --pages: no value (expected: --pages N)",
                "--insecure=x | --insecure: x (expected: no value)",
            })
    void serverConfig_badValue_isNamedWithTheBound(String argument, String message) {
        BadOptionException refusal = refusal(argument);
        assertTrue(refusal.problem().contains(message), refusal.problem());
        assertTrue(!refusal.fix().isBlank(), refusal.fix());
    }

    @Test
    void serverConfig_everyLimitOfZero_isNamedByItsOption() {
        for (ServerOption option : ServerOption.values()) {
            if (option.isLimit()) {
                String zero = option.kind() == Kind.TIME ? "0ms" : "0";
                BadOptionException refusal = refusal(option.flag() + "=" + zero);
                assertTrue(refusal.problem().startsWith(option.key() + ": 0"), refusal.problem());
                assertTrue(refusal.fix().startsWith("given by the flag " + option.flag()), refusal.fix());
            }
        }
    }

    @Test
    void latencyLogInterval_outOfBounds_isNamed() throws BadOptionException {
        Settings settings = settings("--latency-log-interval=10ms");
        BadOptionException refusal = assertThrows(BadOptionException.class, settings::latencyLogInterval);
        assertEquals("latency-log-interval: 10 ms (expected: 100 to 3600000 ms)", refusal.problem());
    }

    @Test
    void fix_eachSource_saysHowToWriteIt() throws IOException {
        assertEquals(
                "given by the flag --pages; for example: --pages 1024",
                refusal("--pages=0").fix());
        Path file = file("x.conf", "\npages = 0");
        assertEquals(
                "given by " + file + " line 2; for example: pages = 1024",
                refusal("--config=" + file).fix());
        environment.put("NETMEM_PAGES", "0");
        assertEquals(
                "given by the environment NETMEM_PAGES; for example: NETMEM_PAGES=1024",
                refusal().fix());
        environment.clear();
        assertEquals(
                "it has its default, which does not fit the other settings; give it with --lease TIME",
                refusal("--lease-max=2s").fix());
    }

    @Test
    void parse_optionTwice_isRefused() {
        BadOptionException refusal = assertThrows(BadOptionException.class, () -> parse("--pages=1", "--pages=2"));
        assertEquals("--pages: given twice (expected: once)", refusal.problem());
    }

    @Test
    void parse_optionWhereAValueShouldBe_isRefused() {
        BadOptionException refusal = assertThrows(BadOptionException.class, () -> parse("--lease", "--pages=1"));
        assertEquals("--lease: no value (expected: --lease TIME)", refusal.problem());
    }

    @Test
    void parse_help_listsEveryOption() throws BadOptionException {
        String help = String.join(
                "\n",
                assertInstanceOf(Invocation.Show.class, parse("--pages", "-h")).lines());
        for (ServerOption option : ServerOption.values()) {
            assertTrue(help.contains(option.flag()), option.flag());
        }
        assertTrue(help.contains("stats") && help.contains("ping") && help.contains("--config"), help);
    }

    @Test
    void parse_version_showsIt() throws BadOptionException {
        assertEquals(new Invocation.Show(List.of("netmem-server 1.2.3")), parse("--version"));
    }

    @Test
    void parse_printConfig_canBeReadBack() throws BadOptionException, IOException {
        Invocation.PrintConfig shown = assertInstanceOf(
                Invocation.PrintConfig.class,
                parse("--print-config", "--pages=9", "--lease=2s", "--arena-file=/dev/shm/x y"));
        Path file = file("shown.conf", String.join("\n", shown.settings().lines()));
        assertEquals(shown.settings().serverConfig(), config("--config=" + file));
    }

    @Test
    void parse_stats_takesAddressCredentialAndTimeout() throws BadOptionException, IOException {
        String auth = file("auth", "hush").toString();
        assertEquals(
                new Invocation.Stats(new Invocation.Remote("127.0.0.1", 7070, "", Duration.ofSeconds(5))),
                parse("stats"));
        assertEquals(
                new Invocation.Stats(new Invocation.Remote("::1", 1, "hush", Duration.ofMillis(200))),
                parse("stats", "netmem://[::1]:1", "--auth-file", auth, "--timeout", "200ms"));
        environment.put("NETMEM_AUTH_FILE", auth);
        assertEquals(
                new Invocation.Ping(new Invocation.Remote("h", 1, "hush", Duration.ofSeconds(5))),
                parse("ping", "h:1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stats nonsense | server: nonsense (expected: netmem://HOST:PORT with a port from 1 to 65535)",
                "ping netmem://h:0 | server: netmem://h:0 (expected: netmem://HOST:PORT",
                "ping http://h:1 | server: http://h:1 (expected: netmem://HOST:PORT",
                "ping --timeout=0s | timeout: 0 ms (expected: 1 to 3600000 ms)",
                "ping --timeout=5 | timeout: 5 (expected: a whole number with its unit",
                "ping --pages=5 | --pages: unknown option",
                "ping h:1 h:2 | h:2: unknown argument",
                "--pages=5 stats | stats: unknown argument (expected: stats or ping as the first argument, or options)",
                "ping --auth-file= h:1 | auth-file: empty (expected: the name of a file)",
            })
    void parse_badRemote_isNamedWithTheBound(String line, String message) {
        BadOptionException refusal = assertThrows(BadOptionException.class, () -> parse(line.split(" ")));
        assertTrue(refusal.problem().startsWith(message), refusal.problem());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ping netmem://me:s3cret@h:1",
                "ping s3cret@h:1",
                "stats netmem://me:s3cret@h",
                "ping h:1 netmem://me:s3cret@h:1",
                "netmem://me:s3cret@h:1",
                "--listen me:s3cret@h:1",
                "--listen=s3cret@h:1",
            })
    void parse_addressWithCredential_isRefusedAndNotRepeated(String line) {
        BadOptionException refusal = assertThrows(BadOptionException.class, () -> {
            Invocation made = parse(line.split(" "));
            if (made instanceof Invocation.Serve serve) {
                serve.settings().serverConfig();
            }
        });
        assertFalse((refusal.problem() + refusal.fix()).contains("s3cret"), refusal.problem() + refusal.fix());
    }
}
