package netmem.proof.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import netmem.server.NetMemServer;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real server and real client processes over connections that break, processes that stop and die: histories are right. */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class HistoriesOverSocketTest {
    private static final long SECONDS = Long.getLong("netmem.histories.seconds", 10);
    private static final int WORKERS = Integer.getInteger("netmem.histories.workers", 3);

    static NetMemServer start() {
        return NetMemServer.builder()
                .pages(SocketRun.PAGES)
                .pageLengthBytes(SocketRun.PAGE_LENGTH_BYTES)
                .limits(ServerLimits.DEFAULTS.with(Map.of("lease-min-millis", 100L)))
                .listen("127.0.0.1", 0)
                .start();
    }

    @Test
    void histories_clientsCutStoppedAndKilled_areRight() throws Exception {
        long seed = Long.getLong("netmem.seed", System.nanoTime());
        String replay = "./build -pl proof -am test -Dtest=HistoriesOverSocketTest"
                + " -Dnetmem.test.options='-Dnetmem.seed=" + seed + " -Dnetmem.histories.seconds=" + SECONDS + "'";
        Path folder = Files.createDirectories(Path.of("target", "histories", Long.toString(seed)));
        System.out.println("histories: " + folder + ", again: " + replay);
        try (NetMemServer server = start()) {
            SocketRun.Outcome outcome = new SocketRun(
                            System.getProperty("java.class.path"), folder, server.port(), seed)
                    .run(WORKERS, SECONDS);
            System.out.println("histories: " + outcome.summary());
            List<String> violations = outcome.violations();
            assertEquals(List.of(), violations, () -> String.join("\n", violations) + "\nagain: " + replay);
            assertTrue(outcome.history().operations().size() > 100 * SECONDS / 15, outcome::summary);
            assertTrue(outcome.cuts() > 0 && outcome.stops() > 0 && outcome.kills() > 0, outcome::summary);
        }
    }
}
