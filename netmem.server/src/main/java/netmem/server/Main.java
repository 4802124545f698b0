package netmem.server;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import netmem.server.config.ServerConfig;
import netmem.server.latency.LatencyLog;
import netmem.server.latency.LatencyTable;
import netmem.server.options.Arguments;
import netmem.server.options.BadOptionException;
import netmem.server.options.Invocation;
import netmem.server.options.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code netmem-server}, the only class that prints or exits. Standard output has what was asked for; standard error
 * stays empty unless something is wrong. Confined to the main thread, but for what signals do.
 */
public final class Main {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final int SIGNALLED = 128;

    /** Closing a server takes less; a process that was told to stop is gone within 5 seconds whatever happens. */
    private static final long CLOSE_MILLIS_MAX = 4_700;

    private final PrintStream out;
    private final PrintStream err;

    private Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the program and ends the process.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new Main(System.out, System.err).run(List.of(arguments), System.getenv()));
    }

    private int run(List<String> arguments, Map<String, String> environment) {
        try {
            Invocation invocation = Arguments.parse(arguments, environment, ServerVersion.TEXT);
            if (invocation instanceof Invocation.Serve(Settings settings)) {
                return serve(settings); // ahead of the switch, for which the JVM makes code at run time
            }
            return switch (invocation) {
                case Invocation.Show(List<String> lines) -> print(lines);
                case Invocation.PrintConfig(Settings settings) -> printConfig(settings);
                case Invocation.Serve(Settings settings) -> serve(settings);
                case Invocation.Stats(Invocation.Remote server) -> stats(server);
                case Invocation.Ping(Invocation.Remote server) -> ping(server);
            };
        } catch (BadOptionException e) {
            return complain(MISUSED, e.problem(), e.fix());
        } catch (FailureException e) {
            return complain(FAILED, e.problem(), e.fix());
        } catch (IOException e) {
            return complain(FAILED, String.valueOf(e.getMessage()), "try again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return complain(FAILED, "interrupted (expected: a signal to stop)", "send SIGTERM instead");
        }
    }

    private int printConfig(Settings settings) throws BadOptionException {
        settings.serverConfig();
        settings.logLevel();
        settings.latencyLog();
        settings.latencyLogInterval();
        return print(settings.lines());
    }

    private int serve(Settings settings) throws BadOptionException, IOException, InterruptedException {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, e) -> die("the thread " + thread.getName() + " has ended: " + e));
        CompletableFuture<Integer> stop = new CompletableFuture<>();
        AtomicReference<@Nullable LatencyLog> reopened = new AtomicReference<>();
        Thread signals = Thread.ofPlatform()
                .daemon()
                .name("netmem-signals")
                .start(() -> StopSignals.handle(signal -> stopOrHalt(stop, signal), () -> reopen(reopened.get())));
        ServerLogging.prepare(settings.logLevel());
        NetMemServer server = start(settings);
        try (server) {
            Optional<LatencyLog> log = openLog(server, settings);
            reopened.set(log.orElse(null));
            signals.join();
            DescriptorLimit.warning(server.config().limits().connectionsMax()).ifPresent(this::warn);
            print(Banner.lines(server, settings));
            print(List.of(
                    "READY " + server.uri() + " pid=" + ProcessHandle.current().pid()));
            print(List.of("stopping: signal " + stop.join()));
            int code = close(server, log);
            print(LatencyTable.lines(server.latencies().table()));
            return code;
        }
    }

    /** The first signal asks for an orderly end, the second one for an end. */
    private static void stopOrHalt(CompletableFuture<Integer> stop, int signal) {
        if (!stop.complete(signal)) {
            Runtime.getRuntime().halt(SIGNALLED + signal);
        }
    }

    /** SIGHUP, as log rotation sends it. */
    private void reopen(@Nullable LatencyLog log) {
        if (log == null) {
            print(List.of("SIGHUP: the server goes on; it has no file to open anew"));
        } else {
            log.reopen();
            print(List.of("SIGHUP: the server goes on; the latency log is opened anew"));
        }
    }

    private void warn(String warning) {
        err.println("netmem-server: warning: " + warning);
        err.flush();
    }

    /** A server that is deaf in part is worse than none: a supervisor starts another one. */
    private void die(String why) {
        try {
            complain(FAILED, why, "its clients would wait in vain, so it ends; start it again");
        } finally {
            Runtime.getRuntime().halt(FAILED);
        }
    }

    private NetMemServer start(Settings settings) throws BadOptionException, FailureException {
        ServerConfig config = settings.serverConfig();
        settings.latencyLog();
        settings.latencyLogInterval();
        MemoryPlan memory = MemoryPlan.of(config);
        Optional<FailureException> refusal = memory.refusal();
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        memory.warning().ifPresent(this::warn);
        try {
            return NetMemServer.start(config, this::die);
        } catch (IllegalArgumentException e) {
            throw settings.blamed(e);
        } catch (UncheckedIOException e) {
            throw FailureException.atStart(config, e);
        }
    }

    private static Optional<LatencyLog> openLog(NetMemServer server, Settings settings)
            throws BadOptionException, FailureException {
        if (settings.latencyLog().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LatencyLog.open(
                    server.latencies(),
                    settings.latencyLog().get(),
                    settings.latencyLogInterval(),
                    InstantSource.system()));
        } catch (IOException e) {
            throw new FailureException(
                    "latency-log: " + settings.latencyLog().get()
                            + " cannot be opened (expected: a file to append to): " + e,
                    "name another with --latency-log FILE",
                    e);
        }
    }

    private int close(NetMemServer server, Optional<LatencyLog> log) throws InterruptedException {
        FutureTask<Boolean> closing = new FutureTask<>(() -> {
            server.close();
            log.ifPresent(LatencyLog::close);
            return true;
        });
        Thread.ofPlatform().daemon().name("netmem-close").start(closing);
        try {
            closing.get(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
            return DONE;
        } catch (TimeoutException e) {
            return complain(
                    FAILED, "stop: not done after " + CLOSE_MILLIS_MAX + " ms", "clients see their connections end");
        } catch (ExecutionException e) {
            return complain(FAILED, "stop: " + e.getCause(), "clients see their connections end");
        }
    }

    private int stats(Invocation.Remote server) throws IOException {
        try (Exchange exchange = Exchange.open(server)) {
            Reply reply = exchange.ask(new Request.Stats());
            if (reply instanceof Reply.Statistics(Map<String, Long> values)) {
                return print(StatsPage.lines(values));
            }
            throw exchange.unexpected(reply);
        }
    }

    private int ping(Invocation.Remote server) throws IOException {
        try (Exchange exchange = Exchange.open(server)) {
            long start = System.nanoTime();
            Reply reply = exchange.ask(new Request.Ping());
            if (reply instanceof Reply.Done) {
                long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
                return print(List.of(server + " answered in " + micros + " us"));
            }
            throw exchange.unexpected(reply);
        }
    }

    private int print(List<String> lines) {
        lines.forEach(out::println);
        out.flush();
        return DONE;
    }

    private int complain(int code, String problem, String fix) {
        out.flush();
        err.println("netmem-server: " + problem);
        err.println("netmem-server: " + fix);
        err.flush();
        return code;
    }
}
