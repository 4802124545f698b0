package netmem.server.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/**
 * The sequence lock as it is, on native pages: a page read beside a write of it.
 * The result is the version's change (-1: given up) and whether the copy was whole.
 */
@JCStressTest
@Outcome(id = "0, true", expect = ACCEPTABLE, desc = "whole, of the version before")
@Outcome(id = "1, true", expect = ACCEPTABLE, desc = "whole, of the new version")
@Outcome(id = "-1, true", expect = ACCEPTABLE, desc = "given up: a write was under way")
@Outcome(expect = FORBIDDEN, desc = "torn, or not of the version that came with it")
@State
public class SequenceLockActual {
    private static final StressedPages PAGES = StressedPages.actual();

    private final int page = PAGES.takePages();
    private final long before = PAGES.memory().version(page);

    @Actor
    public void writer() {
        PAGES.memory().beginWrite(page);
        PAGES.fill(page, before + 1);
        PAGES.memory().endWrite(page, before + 1);
    }

    @Actor
    public void reader(IZ_Result result) {
        long version = PAGES.read(page);
        boolean contended = version == PageMemory.CONTENDED;
        result.r1 = contended ? -1 : (int) (version - before);
        result.r2 = contended || PAGES.isWhole(version);
    }
}
