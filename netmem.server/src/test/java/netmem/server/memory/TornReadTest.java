package netmem.server.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import netmem.server.memory.TornReads.Findings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/**
 * One reader beside one writer at full speed, on native memory. Each search for torn copies has its control, which is
 * weakened in one point and must find some. Not covered here: the access orders one by one (stress/).
 *
 * <p>{@code ./build -Dnetmem.test.options=-Dnetmem.torn.samples=100000000} for the long form.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class TornReadTest {
    private static final long SAMPLES = Long.getLong("netmem.torn.samples", 2_000_000);
    private static final long SEED = Long.getLong("netmem.seed", 7);
    private static final int PAGES = 4;
    private static final int PAGE_LENGTH = 1024;

    /** Changes that a search must meet, or it would prove nothing. */
    private static final long CHANGES_MIN = 1_000;

    /** Torn copies that a control must find, and samples after which it has failed to. */
    private static final long TORN_MIN = 10;

    private static final long CONTROL_SAMPLES = 50_000_000;

    @Test
    void read_besideAWriter_isNeverTorn(TestInfo test) throws IOException {
        try (PageMemory memory = PageMemory.anonymous(PAGES, PAGE_LENGTH, 1, 2)) {
            Findings findings = new TornReads(memory, SEED).ofPages(SAMPLES, CHANGES_MIN, 1);
            assertNoneTorn(findings, test);
        }
    }

    @Test
    void read_withoutTheSecondCheck_isFoundTorn(TestInfo test) {
        try (PageMemory memory = unvalidated()) {
            assertFoundTorn(new TornReads(memory, SEED).ofPages(CONTROL_SAMPLES, 0, TORN_MIN), test);
        }
    }

    @Test
    void snapshot_besideTransactions_isNeverMixed(TestInfo test) throws IOException {
        try (PageMemory memory = PageMemory.anonymous(PAGES, PAGE_LENGTH, 1, 2)) {
            Findings findings = new TornReads(memory, SEED).ofSnapshots(SAMPLES / 4, CHANGES_MIN, 1);
            assertNoneTorn(findings, test);
        }
    }

    @Test
    void snapshot_withoutTheSecondCheck_isFoundMixed(TestInfo test) {
        try (PageMemory memory = unvalidated()) {
            assertFoundTorn(new TornReads(memory, SEED).ofSnapshots(CONTROL_SAMPLES, 0, TORN_MIN), test);
        }
    }

    /** Native pages whose readers believe any copy. */
    private static PageMemory unvalidated() {
        ArenaLayout layout = ArenaLayout.of(PAGES, PAGE_LENGTH);
        ArenaBacking backing = ArenaBacking.allocated(layout.totalBytes());
        return new NativePages(backing, layout, new VersionWords.InArena(backing.segment()) {
            @Override
            boolean validate(long page, long word) {
                return true;
            }
        });
    }

    private static void assertNoneTorn(Findings findings, TestInfo test) {
        report(findings, test);
        assertEquals(0, findings.torn(), () -> "seed " + SEED + " " + findings);
        assertTrue(findings.changes() >= CHANGES_MIN, () -> "the writer failed: " + findings);
    }

    private static void assertFoundTorn(Findings findings, TestInfo test) {
        report(findings, test);
        assertEquals(TORN_MIN, findings.torn(), () -> "the search cannot fail: " + findings);
    }

    private static void report(Findings findings, TestInfo test) {
        System.out.println(test.getDisplayName() + " seed=" + SEED + " " + findings);
    }
}
