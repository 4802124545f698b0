package netmem.proof.sockets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import netmem.client.NetMem;
import netmem.proof.history.Fate;
import netmem.proof.history.History;
import netmem.proof.history.Operation;

/**
 * One run against a server: processes with a random load behind a proxy that breaks their connections, while some are
 * stopped beyond their lease and some are killed. All of it is drawn from the seed; the threads' turns are not. Confined to
 * one test.
 */
final class SocketRun {
    static final int PAGES = 4;
    static final int PAGE_LENGTH_BYTES = 64;
    static final long LEASE_MILLIS = 400;

    private static final int THREADS = 3;
    private static final int CUT_BYTES_MAX = 6_000;

    private final String classPath;
    private final Path folder;
    private final int serverPort;
    private final Random random;
    private final List<WorkerProcess> running = new ArrayList<>();
    private final List<WorkerProcess> ended = new ArrayList<>();
    private int stops;
    private int kills;
    private int cuts;

    /**
     * Prepares a run.
     *
     * @param classPath of the clients
     * @param folder for what they record
     * @param serverPort where the server is
     * @param seed decides on faults and load
     */
    SocketRun(String classPath, Path folder, int serverPort, long seed) {
        this.classPath = classPath;
        this.folder = folder;
        this.serverPort = serverPort;
        this.random = new Random(seed);
    }

    /** What came of a run. */
    record Outcome(History history, Map<Long, Long> finalVersions, int stops, int kills, int cuts) {
        List<String> violations() {
            return history.violations(finalVersions);
        }

        String summary() {
            Map<Fate, Long> fates = history.operations().stream()
                    .collect(Collectors.groupingBy(Operation::fate, TreeMap::new, Collectors.counting()));
            Map<String, Long> done = history.operations().stream()
                    .filter(operation -> operation.fate() == Fate.DONE)
                    .collect(Collectors.groupingBy(Operation::what, TreeMap::new, Collectors.counting()));
            return fates + ", " + history.grants().size() + " grants, " + cuts + " cuts, " + stops + " stops, " + kills
                    + " kills, final versions " + finalVersions.values() + "\n    " + done;
        }
    }

    /** Lasts so long, or longer until each kind of fault has happened. */
    Outcome run(int workers, long seconds) throws IOException, InterruptedException {
        Random ofConnections = new Random(random.nextLong());
        long stallNanosMax = TimeUnit.MILLISECONDS.toNanos(2 * LEASE_MILLIS);
        try (FaultProxy proxy =
                new FaultProxy(serverPort, connection -> Fault.random(ofConnections, CUT_BYTES_MAX, stallNanosMax))) {
            for (int i = 0; i < workers; i++) {
                start(proxy);
            }
            for (WorkerProcess worker : running) {
                worker.await("started");
            }
            long start = System.nanoTime();
            while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)
                    || proxy.cuts() == 0
                    || stops == 0
                    || kills == 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(300)));
                disturb(proxy);
            }
            cuts = proxy.cuts();
            return finish();
        } finally {
            running.forEach(WorkerProcess::close);
            ended.forEach(WorkerProcess::close);
        }
    }

    private void start(FaultProxy proxy) throws IOException {
        int number = 1 + running.size() + ended.size();
        running.add(new WorkerProcess(
                classPath,
                folder,
                proxy.uri(),
                number,
                random.nextLong(),
                THREADS,
                PAGES,
                LEASE_MILLIS,
                Worker.Manner.STAYS));
    }

    private void disturb(FaultProxy proxy) throws IOException, InterruptedException {
        WorkerProcess victim = running.get(random.nextInt(running.size()));
        switch (random.nextInt(8)) {
            case 0, 1 -> proxy.cutAll();
            case 2, 3 -> {
                victim.signal("STOP");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextLong(2 * LEASE_MILLIS)));
                victim.signal("CONT");
                stops++;
            }
            case 4 -> {
                victim.kill();
                running.remove(victim);
                ended.add(victim);
                start(proxy);
                running.getLast().await("started");
                kills++;
            }
            default -> {}
        }
    }

    /** Ends the load, changes each page once more and reads it, and gives the watches time to tell of that. */
    private Outcome finish() throws IOException, InterruptedException {
        for (WorkerProcess worker : running) {
            worker.send("stop");
        }
        for (WorkerProcess worker : running) {
            worker.await("stopped");
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        Map<Long, Long> finalVersions = new TreeMap<>();
        try (NetMem direct = NetMem.connect("netmem://127.0.0.1:" + serverPort)) {
            RecordedClient client = new RecordedClient(direct, new Recorder(lines), 0);
            for (long page = 0; page < PAGES; page++) {
                client.write(page, true);
                client.read(page);
                finalVersions.put(page, direct.version(page));
            }
        }
        String versions = finalVersions.values().stream().map(String::valueOf).collect(Collectors.joining(" "));
        List<History> histories = new ArrayList<>(List.of(HistoryFile.parse(0, lines.toString(UTF_8), false)));
        for (WorkerProcess worker : running) {
            worker.send(versions);
        }
        for (WorkerProcess worker : running) {
            worker.awaitExit();
            histories.add(worker.history());
        }
        for (WorkerProcess worker : ended) {
            histories.add(worker.history());
        }
        return new Outcome(History.merged(histories), finalVersions, stops, kills, cuts);
    }
}
