package netmem.bench.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the bench finds of others on its machine, from files like those of Linux. */
@Timeout(30)
class MachineWatchTest {
    @TempDir
    Path proc;

    private final AtomicLong ownNanos = new AtomicLong();
    private final StringWriter err = new StringWriter();

    /** Ticks of a hundredth of a second: user, nice, system, idle, io wait, interrupts, soft interrupts, steal. */
    private void now(double load, long user, long idle, long steal) throws IOException {
        Files.writeString(proc.resolve("loadavg"), load + " 1.00 1.00 1/100 1234\n");
        Files.writeString(
                proc.resolve("stat"),
                "cpu  " + user + " 0 0 " + idle + " 0 0 0 " + steal + " 0 0\ncpu0 1 0 0 1\ncpu1 1 0 0 1\nintr 1\n");
    }

    @Test
    void found_timeOfOthersAndOfTheHost_isToldAndItsOwnIsNot() throws IOException {
        now(0.1, 1000, 1000, 0);
        try (MachineWatch watch = new MachineWatch(proc, ownNanos::get, new PrintWriter(err))) {
            assertEquals("", err.toString(), "it is quiet");
            now(2, 1150, 1030, 20); // of 200 ticks 150 were busy, and 20 taken
            ownNanos.set(1_000_000_000); // 100 of them were the bench's
            Disturbance found = watch.found();
            assertEquals(new Disturbance(2, 0.1, 2, 0.25, 0.1), found);
            assertTrue(err.toString().contains("Other processes used 25.0 %"), err::toString);
        }
    }

    @Test
    void loadBefore_aboveHalfTheProcessors_isToldAtOnce() throws IOException {
        now(3.7, 1000, 1000, 0);
        try (MachineWatch watch = new MachineWatch(proc, ownNanos::get, new PrintWriter(err))) {
            assertTrue(err.toString().contains("busy before the measurement began: load average 3.70"), err::toString);
            assertEquals(3.7, watch.found().loadBefore());
        }
    }

    @Test
    void system_thatTellsNothing_isUnknownAndNoReasonToWarn() {
        try (MachineWatch watch = new MachineWatch(proc.resolve("none"), ownNanos::get, new PrintWriter(err))) {
            Disturbance found = watch.found();
            assertEquals(List.of(), found.warnings());
            assertTrue(found.words().contains("processor time of other processes unknown"), found.words());
        }
    }
}
