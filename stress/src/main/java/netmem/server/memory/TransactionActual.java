package netmem.server.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two pages changed by one transaction, as the engine does it, and read as a snapshot.
 * The result is the change of either page's version; a snapshot given up counts -1.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "all before the transaction")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "all after the transaction")
@Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "given up: a write was under way")
@Outcome(expect = FORBIDDEN, desc = "one page before and one after")
@State
public class TransactionActual {
    private static final StressedPages PAGES = StressedPages.actual();

    private final int first = PAGES.takePages();
    private final int second = first + 1;
    private final long before = PAGES.memory().version(first);

    @Actor
    public void writer() {
        PAGES.memory().beginWrite(first);
        PAGES.memory().beginWrite(second);
        PAGES.fill(first, before + 1);
        PAGES.fill(second, before + 1);
        PAGES.memory().endWrite(first, before + 1);
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
