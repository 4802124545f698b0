package netmem.proof.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks that each page by itself was linearizable: one scan over its versions. Pure.
 *
 * <p>The server tells the version with every answer, so the order of a page's changes need not be searched for. Left to
 * check: each version has one value and one maker; a change moved from exactly the version that it saw; nobody was shown
 * less than what was complete before it began, nor what nobody could have begun by its end; what had no effect was never
 * there; no change happened twice, or without anybody who asked for it.
 */
public final class LinearChecker {
    private final PageTrace trace;
    private final Violations violations;

    private LinearChecker(PageTrace trace, Violations violations) {
        this.trace = trace;
        this.violations = violations;
    }

    /**
     * Checks all pages.
     *
     * @param history of one server memory, with each change that anybody asked for
     * @return what was wrong; empty when nothing was
     */
    public static List<String> check(History history) {
        Violations violations = new Violations("linear");
        Map<Long, PageTrace> traces = PageTrace.of(history, violations);
        for (PageTrace trace : traces.values()) {
            LinearChecker checker = new LinearChecker(trace, violations);
            checker.checkRecency();
            checker.checkFuture();
            checker.checkOrigins();
            checker.checkWithout();
        }
        history.operations().forEach(operation -> checkCompares(operation, traces, violations));
        return violations.texts();
    }

    /** What an operation saw is at least as new as all that was complete when it began; what it made is newer. */
    private void checkRecency() {
        List<Access> byEnd = new ArrayList<>(trace.accesses);
        byEnd.sort(Access.BY_END);
        long[] ends = new long[byEnd.size()];
        Access[] newest = new Access[byEnd.size()];
        for (int i = 0; i < ends.length; i++) {
            Access access = byEnd.get(i);
            ends[i] = access.operation().endNanos();
            newest[i] = i == 0 || newest[i - 1].version() < access.version() ? access : newest[i - 1];
        }
        for (Access access : trace.accesses) {
            int before = countBelow(ends, access.operation().beginNanos());
            if (before > 0 && newest[before - 1].version() >= access.version() + (access.made() ? 0 : 1)) {
                violations.add(
                        (access.made() ? "made an old version, page " : "stale read, page ") + trace.page,
                        access.operation(),
                        "although before it began: " + newest[before - 1].operation());
            }
        }
    }

    /** How many elements of an ascending array are less than a value. */
    static int countBelow(long[] ascending, long value) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** All changes up to the version that an operation saw or made had been begun when it ended. */
    private void checkFuture() {
        int next = 0;
        Access latest = null;
        for (PageState state : trace.states) {
            Access maker = state.maker;
            if (maker != null
                    && (latest == null
                            || maker.operation().beginNanos()
                                    > latest.operation().beginNanos())) {
                latest = maker;
            }
            for (; next < trace.accesses.size() && trace.accesses.get(next).version() == state.version; next++) {
                Operation operation = trace.accesses.get(next).operation();
                if (latest != null && latest.operation().beginNanos() > operation.endNanos()) {
                    violations.add(
                            "read from the future, page " + trace.page,
                            operation,
                            "although after it ended: " + latest.operation());
                }
            }
        }
    }

    /** Each version after the first was made by somebody, or may have been by an operation of unknown fate. */
    private void checkOrigins() {
        long unresolved = 0;
        long anonymous = 0;
        for (Access access : trace.unknown) {
            unresolved += trace.stateOf(access) == null ? 1 : 0;
            anonymous += access.hasValue() ? 0 : 1;
        }
        long made = 0;
        List<Object> orphans = new ArrayList<>();
        for (PageState state : trace.states) {
            if (state.maker != null) {
                made++;
            } else if (state.version > 1 && state.shownBy != null) {
                orphans.add(state.shownBy.operation());
            }
        }
        if (orphans.size() > anonymous) {
            violations.add(
                    "values that nobody made, page " + trace.page + ": " + orphans.size() + " (expected: <= "
                            + anonymous + ")",
                    orphans.subList(0, Math.min(3, orphans.size())).toArray());
        }
        PageState newest = trace.states.getLast();
        long missing = newest.version - 1 - made;
        if (missing > unresolved) {
            violations.add(
                    "changes that nobody made, or that happened twice, page " + trace.page + ": " + missing
                            + " (expected: <= " + unresolved + " of unknown fate)",
                    gaps());
        }
    }

    /** The first versions without a maker. */
    private String gaps() {
        List<String> gaps = new ArrayList<>();
        long expected = 2;
        for (PageState state : trace.states) {
            if (state.version > expected) {
                gaps.add(
                        expected == state.version - 1
                                ? "v" + expected
                                : "v" + expected + " to v" + (state.version - 1));
            }
            if (state.version > 1 && state.maker == null) {
                gaps.add("v" + state.version);
            }
            expected = state.version + 1;
            if (gaps.size() >= 10) {
                break;
            }
        }
        return "made by nobody: " + String.join(", ", gaps);
    }

    /** What an operation without effect would have made was never there. */
    private void checkWithout() {
        for (Access access : trace.without) {
            PageState state = trace.stateOf(access);
            if (state != null) {
                violations.add(
                        "an operation without effect had one, page " + trace.page,
                        access.operation(),
                        PageTrace.shown(state));
            }
        }
    }

    /** An operation that saw a page and changed it did both at one instant. */
    private static void checkCompares(Operation operation, Map<Long, PageTrace> traces, Violations violations) {
        if (operation.fate() == Fate.NO_EFFECT || operation.seen().isEmpty()) {
            return;
        }
        for (Made made : operation.made()) {
            long version = made.version();
            PageTrace trace = traces.get(made.page());
            if (version == 0 && trace != null) {
                PageState state = trace.stateOf(new Access(operation, 0, made.value(), true));
                version = state == null ? 0 : state.version;
            }
            for (Seen seen : operation.seen()) {
                if (version != 0 && seen.page() == made.page() && seen.version() + 1 != version) {
                    violations.add(
                            "changed v" + (version - 1) + " although it saw or required v" + seen.version() + ", page "
                                    + made.page(),
                            operation);
                }
            }
        }
    }
}
