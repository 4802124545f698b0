package netmem.proof.sockets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import netmem.api.NetMemException;
import netmem.client.NetMem;
import netmem.proof.history.Fate;
import netmem.proof.history.History;
import netmem.proof.history.Operation;
import netmem.server.NetMemServer;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each kind of operation over a connection that is cut after byte n of the requests, and of the replies, for each n until
 * nothing is cut any more. Each call must say OK, and have happened once.
 */
@Timeout(300)
class CutSweepTest {
    private static final int PAGES = 4;
    private static final long HOLD_NANOS = 0;
    /** Long enough for a busy machine; a client that cannot even say goodbye leaves its locks to the end of it. */
    private static final Duration LEASE = Duration.ofSeconds(4);

    private static final Duration WAIT = Duration.ofSeconds(15);

    /** What is done over the connection that is cut. */
    enum Script {
        READ,
        WRITE,
        UPDATE,
        COMPARE_AND_UPDATE,
        ATOMIC,
        COMPARE_AND_SET,
        TRANSACTION,
        TRANSACT,
        LOCK_AND_COMMIT,
        LOCK_AND_UNLOCK,
        LOCK_AND_TRANSACTION,
        LOCK_SHARED,
        LOCK_ALL,
        NESTED_LOCKS,
        AWAIT_NEWER,
        WATCH;

        void run(RecordedClient client) {
            switch (this) {
                case READ -> {
                    client.read(0);
                    client.snapshot(0, 1, 2);
                }
                case WRITE -> client.write(0, true);
                case UPDATE -> client.update(0);
                case COMPARE_AND_UPDATE -> client.compareAndUpdate(0);
                case ATOMIC -> client.add(0, client.unique());
                case COMPARE_AND_SET -> client.compareAndSet(0);
                case TRANSACTION -> client.transaction(0, 1, 2);
                case TRANSACT -> client.transact(2, 0, 1, 2);
                case LOCK_AND_COMMIT -> exclusive(client, RecordedLocks.Ending.COMMIT);
                case LOCK_AND_UNLOCK -> exclusive(client, RecordedLocks.Ending.CLOSE);
                case LOCK_AND_TRANSACTION -> exclusive(client, RecordedLocks.Ending.TRANSACTION);
                case LOCK_SHARED -> new RecordedLocks(client).shared(client.mem(), 0, WAIT, HOLD_NANOS);
                case LOCK_ALL -> new RecordedLocks(client).all(HOLD_NANOS, 2, 0, 1);
                case NESTED_LOCKS -> new RecordedLocks(client).nested(1, 0, WAIT, HOLD_NANOS);
                case AWAIT_NEWER -> {
                    client.awaitNewer(0, 0, WAIT);
                    client.awaitNewer(0, 1, Duration.ofMillis(2));
                }
                case WATCH -> watch(client);
            }
        }
    }

    private static void exclusive(RecordedClient client, RecordedLocks.Ending ending) {
        new RecordedLocks(client).exclusive(client.mem(), 0, WAIT, HOLD_NANOS, ending);
    }

    /** Watches, and makes the last change itself: its own watch must tell it. */
    private static void watch(RecordedClient client) {
        Load load = new Load(client, PAGES);
        load.start(0, 0);
        client.write(0, false);
        if (!load.awaitTold(List.of(client.mem().version(0)), WAIT)) {
            client.recorder().complain("not told of its own change");
        }
    }

    @ParameterizedTest
    @EnumSource(Script.class)
    void operation_cutAtEachByte_happensOnceAndSaysSo(Script script) throws IOException {
        ServerLimits limits = ServerLimits.DEFAULTS.with(Map.of("sessions-max", 100_000L, "connections-max", 100_000L));
        List<History> histories = new ArrayList<>();
        try (NetMemServer server = NetMemServer.builder()
                .pages(PAGES)
                .pageLengthBytes(64)
                .limits(limits)
                .listen("127.0.0.1", 0)
                .start()) {
            int requests = sweep(server.port(), script, Fault::afterRequests, FaultProxy::requestBytes, histories);
            int replies = sweep(server.port(), script, Fault::afterReplies, FaultProxy::replyBytes, histories);
            System.out.println(script + ": cut at " + requests + " bytes of requests and " + replies + " of replies");
            assertTrue(requests > 20 && replies > 20, () -> "cuts: " + requests + ", " + replies);
            History all = History.merged(histories);
            List<String> violations = all.violations(Map.of());
            assertEquals(List.of(), violations, () -> script + ", replay: -Dtest=CutSweepTest");
            List<Operation> failed = all.operations().stream()
                    .filter(operation -> operation.fate() != Fate.DONE || isLockNotGranted(operation))
                    .toList();
            assertEquals(List.of(), failed, () -> script + ": each connection was soon back, and each lock free");
        }
    }

    private static boolean isLockNotGranted(Operation operation) {
        return operation.what().startsWith("lock") && operation.seen().isEmpty();
    }

    /**
     * Cuts at each byte until the whole script passes; returns how often it was cut. The bytes of the greeting are cut
     * under one script only.
     */
    static int sweep(
            int serverPort,
            Script script,
            LongFunction<Fault> fault,
            ToLongFunction<FaultProxy> bytes,
            List<History> histories)
            throws IOException {
        long begin = script == Script.READ ? 0 : greetingBytes(serverPort, bytes);
        for (long n = begin; ; n++) {
            Fault first = fault.apply(n);
            try (FaultProxy proxy = new FaultProxy(serverPort, connection -> connection == 0 ? first : Fault.NONE)) {
                histories.add(play(proxy, script, 1 + histories.size()));
                if (proxy.cuts() == 0) {
                    return (int) (n - begin);
                }
            }
        }
    }

    private static long greetingBytes(int serverPort, ToLongFunction<FaultProxy> bytes) throws IOException {
        try (FaultProxy proxy = new FaultProxy(serverPort, connection -> Fault.NONE);
                NetMem mem = NetMem.connect(proxy.uri())) {
            assertEquals(PAGES, mem.pageCount());
            return bytes.applyAsLong(proxy);
        }
    }

    private static History play(FaultProxy proxy, Script script, int number) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        try (NetMem mem = NetMem.builder(proxy.uri())
                .deadline(Duration.ofSeconds(20))
                .lease(LEASE)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
                .connect()) {
            script.run(new RecordedClient(mem, new Recorder(lines), number));
        } catch (NetMemException e) {
            throw new AssertionError(script + " of client " + number, e);
        }
        return HistoryFile.parse(number, lines.toString(UTF_8), false);
    }
}
