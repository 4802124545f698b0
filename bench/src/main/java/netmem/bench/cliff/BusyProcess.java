package netmem.bench.cliff;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import netmem.bench.load.Access;
import netmem.bench.process.ServerProcess;
import netmem.client.NetMem;
import org.jspecify.annotations.Nullable;

/**
 * A load in a process of its own, so that its garbage and its locks do not hold up those who are measured: the program,
 * and the handle of whoever started it. It does steps between the lines {@code on} and {@code off} of its standard input.
 */
public final class BusyProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("READY busy:(\\d+)");
    /** How many pages the writers change: from page 0. */
    public static final int CONTENDED_PAGES = 4;

    private static final String WRITERS = "writers";
    private static final int WRITERS_OFFSET = 8;
    private static final long SETTLE_MILLIS = 200;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private static volatile boolean on;

    private final ServerProcess process;

    private BusyProcess(ServerProcess process) {
        this.process = process;
    }

    /** Starts a load, connected and with all who wait waiting. */
    public static BusyProcess start(Cliff cliff, String address, @Nullable Path authFile) throws IOException {
        return start(List.of(cliff.name(), "0"), address, authFile);
    }

    /** Starts so many who change pages, each as fast as it is answered. */
    public static BusyProcess startWriters(int writers, String address, @Nullable Path authFile) throws IOException {
        return start(List.of(WRITERS, Integer.toString(writers)), address, authFile);
    }

    private static BusyProcess start(List<String> what, String address, @Nullable Path authFile) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                BusyProcess.class.getName()));
        command.addAll(what);
        command.add(address);
        if (authFile != null) {
            command.add(authFile.toString());
        }
        return new BusyProcess(ServerProcess.startAnnounced("busy", command, READY));
    }

    /**
     * The program: a {@link Cliff} or the word for writers, how many of these, the server's address and, where it wants a
     * credential, the file that has it.
     */
    public static void main(String[] arguments) throws Exception {
        Access access = arguments.length > 3 ? new Access(Path.of(arguments[3])) : Access.FREE;
        Crowd crowd = new Crowd(arguments[2], access);
        Thread.ofPlatform().daemon().start(BusyProcess::obey);
        if (arguments[0].equals(WRITERS)) {
            runWriters(Integer.parseInt(arguments[1]), crowd);
        } else {
            Cliff cliff = Cliff.valueOf(arguments[0]);
            BusyLoad load = cliff.open(crowd);
            System.out.println("READY busy:1");
            run(load, NANOS_PER_SECOND / cliff.perSecond());
        }
    }

    /** Each on its own connection, in turn over the pages. */
    private static void runWriters(int writers, Crowd crowd) throws Exception {
        List<NetMem> clients = crowd.clients(writers);
        for (int i = 1; i < writers; i++) {
            int page = i;
            Thread.ofPlatform().daemon().start(() -> write(clients.get(page), page));
        }
        System.out.println("READY busy:1");
        write(clients.getFirst(), 0);
    }

    private static void write(NetMem client, int first) {
        for (int i = first; ; ) {
            if (on) {
                client.addAndGet(i++ % CONTENDED_PAGES, WRITERS_OFFSET, 1);
            } else {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private static void obey() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                on = line.equals("on");
            }
        } catch (IOException e) {
            System.out.println(e);
        }
        Runtime.getRuntime().halt(0); // whoever started it has ended
    }

    /** Steps at equal intervals; those that a long one leaves no time for are left out. */
    private static void run(BusyLoad load, long intervalNanos) throws Exception {
        for (long due = System.nanoTime(); ; ) {
            long now = System.nanoTime();
            if (!on) {
                LockSupport.parkNanos(LOOK_NANOS);
                due = now;
            } else if (now < due) {
                LockSupport.parkNanos(due - now);
            } else {
                load.step();
                due = Math.max(due + intervalNanos, now);
            }
        }
    }

    /** Begins, and returns when that shows. */
    public void on() throws IOException, InterruptedException {
        process.tell("on");
        Thread.sleep(SETTLE_MILLIS);
    }

    /** Stops, and returns when nothing of it should be left. */
    public void off() throws IOException, InterruptedException {
        process.tell("off");
        Thread.sleep(SETTLE_MILLIS);
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
