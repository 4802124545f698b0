package netmem.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import netmem.bench.raw.Dialect;
import netmem.bench.raw.MemcachedWire;
import netmem.bench.raw.OldWire;
import netmem.bench.raw.RawClient;
import netmem.bench.raw.RawLoad;
import netmem.bench.raw.RedisWire;
import netmem.bench.raw.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ServersTest {
    private static final int PAGES = 16;
    private static final long MILLIS = 30;

    @TempDir
    Path folder;

    private static void serves(Server server, Dialect wire, int pageLengthBytes) throws IOException {
        Optional<String> absence = server.absence();
        assumeTrue(absence.isEmpty(), () -> absence.orElse(""));
        try (ServerProcess process = server.start(PAGES, pageLengthBytes, 10)) {
            RawClient.fill(wire, process.port(), PAGES, pageLengthBytes);
            CpuTime before = process.cpu();
            for (Work work : Work.values()) {
                if (wire.offers(work)) {
                    RawLoad load = RawLoad.ownPages(work, 2, 7, PAGES, pageLengthBytes);
                    try (RawClient client = RawClient.open(wire, load, process.port())) {
                        assertTrue(client.run(MILLIS).operations() >= 14, work.title());
                    }
                }
            }
            assertTrue(before.nanosUntil(process.cpu()) > 0, "processor time");
            assertTrue(process.residentBytes() > 100_000, "memory: " + process.residentBytes());
        }
    }

    private Floor floor() {
        return new Floor(Path.of("floor/floor.c"), folder.resolve("floor"));
    }

    @Test
    void floor_smallAndLargePages_areServed() throws IOException {
        for (int pageLengthBytes : new int[] {64, 4096, 1 << 20}) {
            serves(floor(), new OldWire(), pageLengthBytes);
        }
    }

    @Test
    void redis_eachWork_isServed() throws IOException {
        serves(new Redis(), new RedisWire(), 4096);
    }

    @Test
    void memcached_eachWork_isServed() throws IOException {
        serves(new Memcached(), new MemcachedWire(), 4096);
    }

    @Test
    void launcher_thatIsNotThere_isToldWithWhatToDo() {
        NetMemServerKind absent = new NetMemServerKind("NetMem", folder.resolve("bin/netmem-server"), 1);

        assertTrue(absent.absence().orElse("").contains("./build"), "absence: " + absent.absence());
    }

    @Test
    void server_thatEndsAtOnce_isToldWithItsOutput() {
        IOException failure = assertThrows(
                IOException.class, () -> ServerProcess.startOn("sh", List.of("sh", "-c", "echo no luck; exit 3"), 1));

        assertTrue(failure.toString().contains("no luck"), failure.toString());
    }

    @Test
    void cpuTime_ofAnIdleSpell_isLessThanOfABusyOne() throws IOException {
        long pid = ProcessHandle.current().pid();
        CpuTime start = CpuTime.of(pid);
        long end = System.nanoTime() + 50_000_000;
        long spins = 0;
        while (System.nanoTime() < end) {
            spins++;
        }
        assertTrue(start.nanosUntil(CpuTime.of(pid)) > 1_000_000, spins + " spins");
        assertEquals(0, start.nanosUntil(start));
    }
}
