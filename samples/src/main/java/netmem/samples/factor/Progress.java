package netmem.samples.factor;

import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How the workers get on, as a line for people. Pure.
 *
 * @param problem the problem as it is
 * @param seconds time since the start
 * @param workersAlive workers that run
 * @param workers workers that were started
 */
record Progress(Problem problem, double seconds, long workersAlive, int workers) {
    String line() {
        return String.format(
                Locale.ROOT,
                "%5.0f s  curves %d (%.1f/s)  B1 %d  taken over %d  workers %d of %d  %s",
                seconds,
                problem.curvesDone(),
                problem.curvesDone() / seconds,
                Level.bounds(problem.curvesDone()).b1(),
                problem.takeovers(),
                workersAlive,
                workers,
                problem.parts().stream().map(Progress::part).collect(Collectors.joining(" * ")));
    }

    private static String part(Part part) {
        return part.prime() ? part.toString() : "(" + part.base().toString().length() + " digits to split)";
    }
}
