package netmem.image;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import netmem.api.TransactionResult;
import netmem.api.WordFunction;
import netmem.client.LockGroup;
import netmem.client.NetMem;
import netmem.client.PageLock;
import netmem.client.Watch;

/**
 * Makes the AOT cache of an image: starts its server so that the JVM records what it loads and how often it runs
 * what, puts every operation of both protocols under some load, and stops it, upon which the JVM writes the cache. Pure.
 */
final class Training {
    private static final int ROUNDS = 5_000;
    private static final int PAGES_USED = 100;

    /** Glue between compiled and interpreted code is 0.4 MiB of cache and made at a start in no time that could be measured. */
    private static final String WITHOUT_ADAPTERS = "-XX:+UnlockDiagnosticVMOptions -XX:-AOTAdapterCaching";

    private Training() {}

    /** Arguments: the folder of the image, the file to write the cache to. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path image = Path.of(args[0]);
        Path cache = Path.of(args[1]);
        List<String> command = new ArrayList<>();
        command.addAll(ImageServer.command(image, "--listen", "127.0.0.1:0"));
        String options = "-XX:AOTCacheOutput=" + cache + " -Xlog:disable " + WITHOUT_ADAPTERS;
        try (ImageServer server = ImageServer.start(command, Map.of("JAVA_OPTS", options))) {
            oldWire(server.port());
            ownProtocol(server.uri());
            severalPages(server.uri());
            int exit = server.stop();
            if (exit != 0) {
                throw new IOException("exit: " + exit + " (expected: 0) stderr: " + server.stderr());
            }
        }
    }

    private static void oldWire(int port) throws IOException {
        try (OldWire wire = new OldWire(port)) {
            wire.call(OldWire.GET_VERSION, 0);
            int pageLengthBytes = wire.call(OldWire.GET_PARAMS, 0);
            byte[] page = new byte[pageLengthBytes];
            for (int round = 0; round < ROUNDS; round++) {
                int number = round % PAGES_USED;
                wire.call(OldWire.READ_PAGE, number);
                wire.call(OldWire.LOCK_PAGE, number);
                wire.call(OldWire.UNLOCK_PAGE, number, 0, page);
                wire.call(OldWire.UPDATE_PAGE, number, 0, page);
            }
        }
    }

    private static void ownProtocol(String uri) {
        try (NetMem memory = NetMem.connect(uri)) {
            byte[] word = new byte[Long.BYTES];
            byte[] whole = new byte[memory.pageLengthBytes()];
            for (int round = 0; round < ROUNDS; round++) {
                long page = round % PAGES_USED;
                memory.write(page, 0, word);
                memory.compareAndUpdate(memory.read(page), whole);
                memory.read(page, 0, Long.BYTES);
                memory.readSnapshot(page, page + 1);
                memory.update(page, bytes -> bytes.putInt(0, bytes.getInt(0) + 1));
                try (PageLock lock = memory.lock(page)) {
                    lock.commit();
                }
            }
            memory.info();
            memory.stats();
        }
    }

    /** Words, transactions, locks of several pages, shared locks, and watches that hear of all that. */
    private static void severalPages(String uri) throws IOException {
        try (NetMem memory = NetMem.connect(uri)) {
            byte[] word = new byte[Long.BYTES];
            LongAdder heard = new LongAdder();
            Watch watch = memory.watch(0, PAGES_USED, (_, _) -> heard.increment());
            for (int round = 0; round < ROUNDS; round++) {
                long page = round % PAGES_USED;
                memory.atomic(page, 0, WordFunction.ADD, 1);
                memory.compareAndSet(page, Long.BYTES, round, round + 1);
                TransactionResult result = memory.transaction()
                        .ifUnchanged(memory.read(page))
                        .write(page, 0, word)
                        .add(page + 1, 0, 1)
                        .read(page + 1, 0, Long.BYTES)
                        .run();
                if (!(result instanceof TransactionResult.Committed)) {
                    throw new IOException("transaction: " + result + " (expected: committed)");
                }
                try (LockGroup locks = memory.owner().lockAll(page, page + 1)) {
                    locks.commit();
                }
                try (PageLock lock = memory.owner().lockShared(page)) {
                    memory.awaitNewer(page, lock.version() - 1, Duration.ofSeconds(1));
                }
            }
            watch.close();
            if (heard.sum() == 0) {
                throw new IOException("watch: heard of 0 changes (expected: some)");
            }
        }
    }
}
