package netmem.samples.bank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import netmem.api.Versioned;
import netmem.client.NetMem;
import netmem.samples.JavaProcess;
import netmem.server.NetMemServer;
import netmem.server.config.ServerLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class BankTest {
    private static final int BRANCHES = 4;
    private static final int CLERKS = 3;
    private static final int DEATHS = 6;
    private static final int TRANSFERS_BETWEEN_DEATHS = 50;

    @Test
    void bank_clerksKilledAtAnyInstant_noMoneyIsLostOrMade() throws Exception {
        ServerLimits limits = ServerLimits.DEFAULTS.with(Map.of("lease-millis", 1_000L));
        try (NetMemServer server = NetMemServer.builder()
                        .listen("127.0.0.1", 0)
                        .pages(BRANCHES)
                        .limits(limits)
                        .start();
                NetMem mem = NetMem.connect(server.uri())) {
            Bank.open(mem);
            List<JavaProcess> clerks = new ArrayList<>();
            try {
                killClerks(mem, server, clerks);
            } finally {
                clerks.forEach(JavaProcess::close);
            }
        }
    }

    private static void killClerks(NetMem mem, NetMemServer server, List<JavaProcess> clerks) throws Exception {
        long total = Bank.total(mem);
        for (int i = 0; i < CLERKS; i++) {
            clerks.add(clerk(server, i));
        }
        for (int death = 0; death < DEATHS; death++) {
            awaitTransfers(mem, clerks, total);
            clerks.removeFirst().kill();
            assertSound(mem, total);
            clerks.add(clerk(server, CLERKS + death));
        }
        awaitTransfers(mem, clerks, total);
    }

    private static JavaProcess clerk(NetMemServer server, int seed) throws Exception {
        return JavaProcess.start(Bank.class, server.uri(), "clerk", Integer.toString(seed));
    }

    /** Returns when the clerks, the newest too, have gone on for a while; looks at the money all the time. */
    private static void awaitTransfers(NetMem mem, List<JavaProcess> clerks, long total) throws Exception {
        long target = Bank.transfers(mem) + TRANSFERS_BETWEEN_DEATHS;
        while (Bank.transfers(mem) < target) {
            assertSound(mem, total);
            assertTrue(clerks.getLast().runsFor(5), "a clerk ended by itself");
        }
    }

    private static void assertSound(NetMem mem, long total) {
        assertEquals(total, Bank.total(mem));
        for (Versioned branch : Bank.branches(mem)) {
            for (int account = 0; account < Branch.accounts(branch.length()); account++) {
                assertTrue(Branch.balance(branch.buffer(), account) >= 0, "account " + account + " of " + branch);
            }
        }
    }
}
