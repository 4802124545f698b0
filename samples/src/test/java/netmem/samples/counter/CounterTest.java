package netmem.samples.counter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import netmem.client.NetMem;
import netmem.samples.JavaProcess;
import netmem.server.NetMemServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CounterTest {
    private static final int PROCESSES = 8;
    private static final int TIMES = 250;

    @ParameterizedTest
    @ValueSource(strings = {"lock", "compare"})
    void counter_eightProcesses_nothingIsLost(String way) throws Exception {
        try (NetMemServer server =
                        NetMemServer.builder().listen("127.0.0.1", 0).pages(2).start();
                NetMem mem = NetMem.connect(server.uri())) {
            List<JavaProcess> counters = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                counters.add(JavaProcess.start(Counter.class, server.uri(), way, Integer.toString(TIMES)));
            }
            long largestSeen = 0;
            for (JavaProcess counter : counters) {
                largestSeen =
                        Math.max(largestSeen, Long.parseLong(counter.output().strip()));
                assertEquals(0, counter.exitCode());
            }
            assertEquals(PROCESSES * TIMES, mem.read(1).buffer().getLong(0));
            assertEquals(PROCESSES * TIMES, largestSeen);
            assertEquals(1 + PROCESSES * TIMES, mem.version(1));
        }
    }

    @Test
    void counter_badArguments_exitWith2() throws Exception {
        try (JavaProcess counter = JavaProcess.start(Counter.class, "netmem://127.0.0.1:1", "luck", "3")) {
            assertEquals(2, counter.exitCode());
        }
    }
}
