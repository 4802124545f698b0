package netmem.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import netmem.client.NetMem;
import netmem.client.PageLock;

/**
 * Makes the AOT cache of an image: starts its server so that the JVM records what it loads and how often it runs
 * what, puts every operation of both protocols under some load, and stops it, upon which the JVM writes the cache. Pure.
 */
final class Training {
    private static final int ROUNDS = 5_000;
    private static final int PAGES_USED = 100;

    private Training() {}

    /** Arguments: the folder of the image, the file to write the cache to. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path image = Path.of(args[0]);
        Path cache = Path.of(args[1]);
        List<String> command = new ArrayList<>();
        command.addAll(ImageServer.command(image, "--listen", "127.0.0.1:0"));
        String options = "-XX:AOTCacheOutput=" + cache + " -Xlog:disable";
        try (ImageServer server = ImageServer.start(command, Map.of("JAVA_OPTS", options))) {
            oldWire(server.port());
            ownProtocol(server.uri());
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
                long version = memory.write(page, 0, word);
                memory.compareAndUpdate(page, version, whole);
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
}
