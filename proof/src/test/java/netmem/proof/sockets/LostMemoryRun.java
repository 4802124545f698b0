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
import netmem.proof.history.Made;
import netmem.proof.history.Operation;
import netmem.proof.history.Seen;

/**
 * A run in whose middle the server is killed and started anew with an empty memory, behind a proxy that breaks
 * connections. The pages of the two memories have different numbers in the history: so the checkers know that the
 * second ones begin with zeros, and whatever a client takes from the one for the other is wrong. Faults and load are
 * drawn from the seed; the threads' turns are not. Confined to one test.
 */
final class LostMemoryRun {
    private static final int THREADS = 3;
    private static final int CUT_BYTES_MAX = 20_000;

    private final String classPath;
    private final Path folder;
    private final Random random;

    LostMemoryRun(String classPath, Path folder, long seed) {
        this.classPath = classPath;
        this.folder = folder;
        this.random = new Random(seed);
    }

    /** What came of a run. */
    record Outcome(History history, Map<Long, Long> finalVersions, long lostNanos, List<Integer> staying) {
        List<String> violations() {
            List<String> violations = new ArrayList<>(history.violations(finalVersions));
            history.operations().stream()
                    .filter(operation -> operation.fate() == Fate.DONE && operation.beginNanos() > lostNanos)
                    .filter(operation -> staying.contains(operation.client()))
                    .forEach(operation -> violations.add("went on in another memory: " + operation));
            return violations;
        }

        private static boolean isOfNextMemory(Operation operation) {
            List<Long> pages =
                    new ArrayList<>(operation.seen().stream().map(Seen::page).toList());
            pages.addAll(operation.made().stream().map(Made::page).toList());
            return pages.stream().anyMatch(page -> page >= Recorder.PAGES_APART);
        }

        /** How many were done in the memory that was lost, or in the next one. */
        long done(boolean next) {
            return history.operations().stream()
                    .filter(operation -> operation.fate() == Fate.DONE && isOfNextMemory(operation) == next)
                    .count();
        }

        /** How many were begun by this client after the memory was lost, and had no effect. */
        long refused(int client) {
            return history.operations().stream()
                    .filter(operation -> operation.client() == client && operation.beginNanos() > lostNanos)
                    .filter(operation -> operation.fate() == Fate.NO_EFFECT)
                    .count();
        }

        String summary() {
            return done(false) + " done in the first memory, " + done(true) + " in the second, final versions "
                    + finalVersions.values();
        }
    }

    /** One client of each of these manners; so long with each memory. */
    Outcome run(List<Worker.Manner> manners, long millis) throws IOException, InterruptedException {
        Random ofConnections = new Random(random.nextLong());
        List<WorkerProcess> workers = new ArrayList<>();
        List<Integer> staying = new ArrayList<>();
        ServerProgram server = new ServerProgram(System.getProperty("java.class.path"), folder);
        try (FaultProxy proxy =
                new FaultProxy(server.port(), connection -> Fault.random(ofConnections, CUT_BYTES_MAX, 1))) {
            for (Worker.Manner manner : manners) {
                if (manner == Worker.Manner.STAYS) {
                    staying.add(workers.size() + 1);
                }
                workers.add(new WorkerProcess(
                        classPath,
                        folder,
                        proxy.uri(),
                        workers.size() + 1,
                        random.nextLong(),
                        THREADS,
                        SocketRun.PAGES,
                        SocketRun.LEASE_MILLIS,
                        manner));
            }
            for (WorkerProcess worker : workers) {
                worker.await("started");
            }
            disturb(proxy, millis);
            int port = server.port();
            server.close();
            server = new ServerProgram(System.getProperty("java.class.path"), folder, port);
            long lostNanos = System.nanoTime();
            disturb(proxy, millis);
            return finish(workers, port, lostNanos, staying);
        } finally {
            workers.forEach(WorkerProcess::close);
            server.close();
        }
    }

    private void disturb(FaultProxy proxy, long millis) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(millis)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(300)));
            if (random.nextInt(4) == 0) {
                proxy.cutAll();
            }
        }
    }

    private static Outcome finish(List<WorkerProcess> workers, int port, long lostNanos, List<Integer> staying)
            throws IOException, InterruptedException {
        for (WorkerProcess worker : workers) {
            worker.send("stop");
        }
        for (WorkerProcess worker : workers) {
            worker.await("stopped");
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        List<Long> versions = new ArrayList<>();
        Map<Long, Long> finalVersions = new TreeMap<>();
        try (NetMem direct = NetMem.connect("netmem://127.0.0.1:" + port)) {
            RecordedClient client = new RecordedClient(direct, new Recorder(lines).inNextMemory(), 0);
            for (long page = 0; page < SocketRun.PAGES; page++) {
                client.write(page, true);
                client.read(page);
                versions.add(direct.version(page));
                finalVersions.put(Recorder.PAGES_APART + page, direct.version(page));
            }
        }
        List<History> histories = new ArrayList<>(List.of(HistoryFile.parse(0, lines.toString(UTF_8), false)));
        for (WorkerProcess worker : workers) {
            worker.send(versions.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        }
        for (WorkerProcess worker : workers) {
            worker.await("told");
            worker.awaitExit();
            histories.add(worker.history());
        }
        return new Outcome(History.merged(histories), finalVersions, lostNanos, staying);
    }
}
