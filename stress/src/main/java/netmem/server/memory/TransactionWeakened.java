package netmem.server.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The control of {@link TransactionActual}: when a page is ended before the next is begun, mixed snapshots must be found.
 * The result is the change of either page's version; a snapshot given up counts -1.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "all before the transaction")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "all after the transaction")
@Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "given up: a write was under way")
@Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "one page after and one before: what the order forbids")
@Outcome(expect = FORBIDDEN, desc = "versions that never were")
@State
public class TransactionWeakened {
    /** Pauses between the two writes: room for a snapshot, so that the control finds some on a busy machine too. */
    private static final int GAP = 20;

    private static final StressedPages PAGES = StressedPages.actual();

    private final int first = PAGES.takePages();
    private final int second = first + 1;
    private final long before = PAGES.memory().version(first);

    @Actor
    public void writer() {
        PAGES.memory().beginWrite(first);
        PAGES.fill(first, before + 1);
        PAGES.memory().endWrite(first, before + 1);
        for (int i = 0; i < GAP; i++) {
            Thread.onSpinWait();
        }
        PAGES.memory().beginWrite(second);
        PAGES.fill(second, before + 1);
        PAGES.memory().endWrite(second, before + 1);
    }

    @Actor
    public void reader(II_Result result) {
        long versionOfFirst = PAGES.read(first);
        long versionOfSecond = PAGES.read(second);
        boolean together = PAGES.memory().isCurrent(first, versionOfFirst)
                && PAGES.memory().isCurrent(second, versionOfSecond);
        result.r1 = together ? (int) (versionOfFirst - before) : -1;
        result.r2 = together ? (int) (versionOfSecond - before) : -1;
    }
}
