package netmem.server.net;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The engine behind its gate, as event loops use it, under interleavings that Lincheck chooses: what each thread is told must be what a plain model
 * tells when it runs the same commands one after the other, in some order that keeps to what came before what. The controls leave the monitor out, or hand effects
 * out after it, and must be found. {@code -Dnetmem.lincheck.times=N} takes N times as many, and model checking besides.
 */
@Timeout(3600)
class EngineGateLincheckTest {
    private static final String LONG_FORM = "netmem.lincheck.times";
    private static final int TIMES = Integer.getInteger(LONG_FORM, 1);

    /** So many at most, until what is wrong shows. */
    private static final int CONTROL_ITERATIONS = 5_000;

    /** Threads as the machine runs them: many runs of each scenario. */
    private static StressOptions stress(Class<?> model) {
        return options(new StressOptions(), model).iterations(200 * TIMES).invocationsPerIteration(100);
    }

    /** Threads one at a time, with switches where Lincheck wants them: few runs, and slow ones. */
    private static ModelCheckingOptions switches(Class<?> model) {
        return options(new ModelCheckingOptions(), model).iterations(2 * TIMES).invocationsPerIteration(50);
    }

    private static <T extends Options<T, ?>> T options(T options, Class<?> model) {
        return options.threads(3)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0)
                .minimizeFailedScenario(false)
                .sequentialSpecification(model);
    }

    private static void assertFound(Options<?, ?> options, Class<?> wrong) {
        LincheckAssertionError found = assertThrows(LincheckAssertionError.class, () -> options.check(wrong));
        String text = String.valueOf(found.getMessage());
        assertTrue(
                text.contains("Invalid execution results") || text.contains("failed with an unexpected exception"),
                text);
    }

    @Test
    void lockers_racing_areToldWhatOneOrderTells() {
        stress(Lockers.Model.class).check(Lockers.BehindTheGate.class);
    }

    @Test
    void lockers_withoutTheMonitor_areFound() {
        assertFound(stress(Lockers.Model.class).iterations(CONTROL_ITERATIONS), Lockers.WithoutMonitor.class);
    }

    @Test
    void lockers_whoseEffectsLeaveAfterTheMonitor_areFound() {
        assertFound(stress(Lockers.Model.class).iterations(CONTROL_ITERATIONS), Lockers.EffectsTooLate.class);
    }

    @Test
    void retries_racingWithResumptionsAndTheLease_runOnce() {
        stress(Retries.Model.class).iterations(100 * TIMES).check(Retries.BehindTheGate.class);
    }

    @Test
    void retries_withoutTheMonitor_areFound() {
        assertFound(stress(Retries.Model.class).iterations(CONTROL_ITERATIONS), Retries.WithoutMonitor.class);
    }

    @Test
    @EnabledIfSystemProperty(named = LONG_FORM, matches = "\\d+")
    void gate_switchedAtEachAccess_showsOneOrder() {
        switches(Lockers.Model.class).check(Lockers.BehindTheGate.class);
        switches(Retries.Model.class).check(Retries.BehindTheGate.class);
    }
}
