package netmem.server.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;

/**
 * Runs the stress tests and judges them: no forbidden outcome anywhere, and in each control the outcome that its twin
 * forbids. Exit code 1 otherwise. Confined to its process.
 */
public final class StressRun {
    /** With whether each is a control. */
    private static final Map<String, Boolean> TESTS = new TreeMap<>(Map.of(
            "SequenceLockModel", false,
            "SequenceLockActual", false,
            "SequenceLockWeakened", true,
            "TransactionActual", false,
            "TransactionWeakened", true));

    /** Fewer samples than this prove nothing. */
    private static final long SAMPLES_MIN = 50_000;

    private StressRun() {}

    /** Takes the form, {@code short} or {@code long}, and the folder for the report; results go to the current one. */
    public static void main(String[] arguments) throws Exception {
        Options options = new Options(options(arguments[0], arguments[1]));
        if (!options.parse()) {
            throw new IllegalStateException("options of jcstress: refused");
        }
        List<String> violations = new ArrayList<>();
        try {
            new JCStress(options).run();
        } catch (AssertionError forbidden) {
            violations.add(String.valueOf(forbidden.getMessage()));
        }
        Collection<TestResult> results = results(options.getResultFile());
        TESTS.forEach((test, control) -> judge(test, control, results, violations));
        violations.forEach(violation -> System.out.println("VIOLATION " + violation));
        System.exit(violations.isEmpty() ? 0 : 1);
    }

    /** In about a minute one compilation mode; or all modes that jcstress knows, on all processors. */
    private static String[] options(String form, String report) {
        String options = switch (form) {
            case "short" -> "-af NONE -sc false -f 1 -iters 5 -time 1000 -jvmArgs -XX:+UseSerialGC";
            case "long" -> "-m default";
            default -> throw new IllegalArgumentException("form: " + form + " (expected: short or long)");
        };
        return (options + " -r " + report).split(" ", -1);
    }

    private static Collection<TestResult> results(String file) throws Exception {
        InProcessCollector collector = new InProcessCollector();
        DiskReadCollector reader = new DiskReadCollector(file, collector);
        reader.dump();
        reader.close();
        return collector.getTestResults();
    }

    private static void judge(String test, boolean control, Collection<TestResult> results, List<String> violations) {
        long samples = 0;
        long interesting = 0;
        Map<String, Long> outcomes = new TreeMap<>();
        for (TestResult result : results) {
            if (!result.getName().endsWith("." + test)) {
                continue;
            }
            if (result.status() != Status.NORMAL) {
                violations.add(test + ": " + result.status() + " " + result.getMessages());
            }
            for (GradingResult outcome : result.grading().gradingResults.values()) {
                samples += outcome.count;
                interesting += outcome.expect == Expect.ACCEPTABLE_INTERESTING ? outcome.count : 0;
                outcomes.merge(outcome.id, outcome.count, Long::sum);
                if (outcome.expect == Expect.FORBIDDEN && outcome.count > 0) {
                    violations.add(test + ": " + outcome.id + " " + outcome.count + " times: " + outcome.description);
                }
            }
        }
        System.out.println("STRESS " + test + " samples=" + samples + " " + outcomes);
        if (samples < SAMPLES_MIN) {
            violations.add(test + ": samples: " + samples + " (expected: >= " + SAMPLES_MIN + ")");
        }
        if (control && interesting == 0) {
            violations.add(test + ": the control found nothing, so its twin proves nothing");
        }
    }
}
