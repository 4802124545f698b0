package netmem.server.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The sequence lock of {@link VersionWords} on two fields, which the Java memory model covers. The result is the version's
 * change and the two fields; a copy given up counts -1.
 */
@JCStressTest
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "whole, of the version before")
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "whole, of the new version")
@Outcome(id = "-1, -1, -1", expect = ACCEPTABLE, desc = "given up: a write was under way")
@Outcome(expect = FORBIDDEN, desc = "torn, or not of the version that came with it")
@State
public class SequenceLockModel {
    private static final VarHandle WORD = handle("word");

    @SuppressWarnings("UnusedVariable") // through WORD
    private long word;

    private int first;
    private int last;

    @Actor
    public void writer() {
        // pairs with the reader's second load: who sees a field of this write finds the word changed
        WORD.setOpaque(this, 1L);
        // pairs with the reader's fence: no field before the odd word
        VarHandle.storeStoreFence();
        first = 1;
        last = 1;
        // pairs with the reader's first load: no even word before the fields
        WORD.setRelease(this, 2L);
    }

    @Actor
    public void reader(III_Result result) {
        // pairs with the writer's last store: no field before the word
        long before = (long) WORD.getAcquire(this);
        int copyOfLast = last;
        int copyOfFirst = first;
        // pairs with the writer's fence: no field after the second load
        VarHandle.acquireFence();
        // pairs with the writer's first store
        boolean whole = VersionWords.isStable(before) && (long) WORD.getOpaque(this) == before;
        result.r1 = whole ? (int) (VersionWords.versionOf(before) - PageMemory.VERSION_FIRST) : -1;
        result.r2 = whole ? copyOfFirst : -1;
        result.r3 = whole ? copyOfLast : -1;
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(SequenceLockModel.class, field, long.class);
        } catch (ReflectiveOperationException missing) {
            throw new ExceptionInInitializerError(missing);
        }
    }
}
