package netmem.proof.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many random operations, valid by construction, are checked in seconds; one wrong among them is found. */
@Timeout(120)
class CheckersSpeedTest {
    private static final int OPERATIONS = 500_000;
    private static final int PAGES = 64;
    private static final int CLIENTS = 16;
    private static final long SECONDS_MAX = 20;

    /** Each operation takes effect at some instant between its begin and its end; clients overlap. */
    private static History random(int operations, long seed) {
        Random random = new Random(seed);
        History history = new History();
        long[] versions = new long[PAGES];
        long[] values = new long[PAGES];
        long[] free = new long[CLIENTS];
        Arrays.fill(versions, 1);
        for (int i = 1; i <= operations; i++) {
            int client = i % CLIENTS;
            long effect = 1_000L * i;
            long begin = Math.max(free[client] + 1, effect - random.nextInt(14_000));
            long end = effect + random.nextInt(1_000);
            free[client] = end;
            List<Seen> seen = new ArrayList<>();
            List<Made> made = new ArrayList<>();
            for (int k = random.nextInt(4) == 0 ? 3 : 1; k > 0; k--) {
                int page = random.nextInt(PAGES / 4) * 4 + k;
                seen.add(new Seen(page, versions[page], values[page]));
                if (random.nextBoolean()) {
                    values[page] = 8L * i + k;
                    made.add(new Made(page, ++versions[page], values[page]));
                }
            }
            history.add(
                    new Operation(client, i, "random", begin, end, Fate.DONE, List.copyOf(seen), List.copyOf(made), 0));
        }
        return history;
    }

    @Test
    void operations_halfAMillion_areCheckedInSeconds() {
        History history = random(OPERATIONS, 1);
        for (int round = 0; round < 2; round++) {
            long start = processorNanos();
            assertEquals(List.of(), LinearChecker.check(history));
            long linear = processorNanos();
            assertEquals(List.of(), TransactionChecker.check(history));
            long order = processorNanos();
            System.out.println(OPERATIONS + " operations: linear " + (linear - start) / 1_000_000 + " ms, order "
                    + (order - linear) / 1_000_000 + " ms of processor time");
            assertTrue(order - start < TimeUnit.SECONDS.toNanos(SECONDS_MAX), "seconds");
        }
    }

    /** What this thread took, whatever else runs on the machine. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Test
    void one_wrongAmongMany_isFound() {
        for (long seed = 1; seed <= 10; seed++) {
            History history = random(5_000, seed);
            History wrong = new History();
            int victim = 2_000 + new Random(seed).nextInt(1_000);
            long later = 1_000L * victim;
            for (Entry entry : history.entries()) {
                Operation operation = (Operation) entry;
                // Seen and made at an instant that is long over: real time is violated.
                wrong.add(
                        operation.id() == victim
                                ? new Operation(
                                        operation.client(),
                                        operation.id(),
                                        operation.what(),
                                        later + 1_000_000,
                                        later + 1_000_100,
                                        Fate.DONE,
                                        operation.seen(),
                                        operation.made(),
                                        0)
                                : operation);
            }
            long shown = seed;
            assertTrue(!LinearChecker.check(wrong).isEmpty(), () -> "linear, seed " + shown);
            assertTrue(!TransactionChecker.check(wrong).isEmpty(), () -> "order, seed " + shown);
        }
    }
}
