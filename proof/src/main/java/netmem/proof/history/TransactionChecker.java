package netmem.proof.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks that all operations together were strictly serializable: that there is one order of them all, in which each sees
 * what the ones before it left, and which agrees with real time. Pure.
 *
 * <p>The direct serialization graph of A. Adya, <i>Weak Consistency: A Generalized Theory and Optimistic Implementations
 * for Distributed Transactions</i> (MIT, 1999), whose version order need not be guessed since the server tells the
 * versions: who made a version comes before who saw it (write-read) and before who made the next one (write-write), who
 * saw it comes before who made the next one (read-write). Strict by one more kind of edge: who ended comes before who
 * began later. The order exists if and only if the graph has no circle. To keep edges few, versions and instants are nodes
 * of their own: each version is one node before those who saw it and one behind them, and the instants at which
 * operations ended are a chain.
 */
public final class TransactionChecker {
    /** What a node of the chain of instants means. */
    private static final Object INSTANT = "in real time";

    private final OrderGraph graph = new OrderGraph();
    private final List<Object> meanings = new ArrayList<>();
    private final IdentityHashMap<Operation, Integer> nodes = new IdentityHashMap<>();
    private final Violations violations = new Violations("order");
    private final Map<Long, PageTrace> traces;

    private TransactionChecker(History history) {
        traces = PageTrace.of(history, new Violations("told by LinearChecker"));
    }

    /**
     * Checks operations of one page and of several.
     *
     * @param history of one server memory
     * @return what was wrong; empty when nothing was
     */
    public static List<String> check(History history) {
        TransactionChecker checker = new TransactionChecker(history);
        checker.traces.values().forEach(checker::addVersions);
        checker.traces.values().forEach(checker::addRequirements);
        checker.addInstants();
        List<Integer> circle = checker.graph.circle();
        if (!circle.isEmpty()) {
            checker.violations.add("no order of these is possible", checker.explained(circle));
        }
        checker.traces.values().forEach(checker::checkHalves);
        return checker.violations.texts();
    }

    private int node(Object meaning) {
        meanings.add(meaning);
        return graph.node();
    }

    private int nodeOf(Operation operation) {
        return nodes.computeIfAbsent(operation, this::node);
    }

    private void addVersions(PageTrace trace) {
        int next = 0;
        PageState before = null;
        for (PageState state : trace.states) {
            state.came = node(state);
            state.over = node(state);
            graph.edge(state.came, state.over);
            int beginning = state.maker == null ? state.came : nodeOf(state.maker.operation());
            if (state.maker != null) {
                graph.edge(beginning, state.came);
            }
            if (before != null) {
                graph.edge(before.over, beginning);
            }
            for (; next < trace.accesses.size() && trace.accesses.get(next).version() == state.version; next++) {
                Access access = trace.accesses.get(next);
                if (!access.made()) {
                    addSeen(access.operation(), trace.page, state);
                }
            }
            before = state;
        }
    }

    private void addSeen(Operation operation, long page, PageState state) {
        int node = nodeOf(operation);
        graph.edge(state.came, node);
        // Who changes what it saw is ordered before the end of that version by making the next one.
        if (operation.made().stream().noneMatch(made -> made.page() == page && made.version() == state.version + 1)) {
            graph.edge(node, state.over);
        }
    }

    /** What an operation of unknown fate required of other pages was so, if it happened. */
    private void addRequirements(PageTrace trace) {
        for (PageState state : trace.states) {
            Operation maker = state.maker == null ? null : state.maker.operation();
            if (maker == null || maker.fate() != Fate.UNKNOWN) {
                continue;
            }
            for (Seen seen : maker.seen()) {
                PageTrace other = traces.get(seen.page());
                PageState required = other == null ? null : other.stateAt(seen.version());
                if (required != null && maker.made().stream().noneMatch(made -> made.page() == seen.page())) {
                    graph.edge(required.came, nodeOf(maker));
                    graph.edge(nodeOf(maker), required.over);
                }
            }
        }
    }

    /** Who ended, then the instant of it, then later instants, then who began after them. */
    private void addInstants() {
        List<Operation> all = List.copyOf(nodes.keySet());
        long[] ends = all.stream()
                .filter(operation -> operation.fate() == Fate.DONE)
                .mapToLong(Operation::endNanos)
                .sorted()
                .distinct()
                .toArray();
        int[] instants = new int[ends.length];
        for (int i = 0; i < ends.length; i++) {
            instants[i] = node(INSTANT);
            if (i > 0) {
                graph.edge(instants[i - 1], instants[i]);
            }
        }
        for (Operation operation : all) {
            int node = nodeOf(operation);
            if (operation.fate() == Fate.DONE) {
                graph.edge(node, instants[Arrays.binarySearch(ends, operation.endNanos())]);
            }
            int before = LinearChecker.countBelow(ends, operation.beginNanos());
            if (before > 0) {
                graph.edge(instants[before - 1], node);
            }
        }
    }

    /** The operations of a circle, and what puts each before the next one. */
    private String explained(List<Integer> circle) {
        StringBuilder text = new StringBuilder();
        Object last = "";
        for (int node : circle) {
            Object meaning = meanings.get(node);
            if (meaning instanceof Operation) {
                text.append("\n    ").append(meaning);
            } else if (!meaning.equals(last)) {
                text.append("\n      by ").append(meaning);
            }
            last = meaning;
        }
        return text.append("\n    and again the first").toString();
    }

    /** An operation of unknown fate happened on all its pages or on none. */
    private void checkHalves(PageTrace trace) {
        for (PageState state : trace.states) {
            Access maker = state.maker;
            if (maker == null || maker.operation().fate() != Fate.UNKNOWN) {
                continue;
            }
            for (Made made : maker.operation().made()) {
                PageTrace other = traces.get(made.page());
                if (other != null && isMissing(made, other, shownNanos(trace, state))) {
                    violations.add(
                            "half of a transaction: page " + trace.page + " shows it, page " + made.page()
                                    + " does not",
                            maker.operation(),
                            PageTrace.shown(state));
                }
            }
        }
    }

    /** When at the latest a state was there: somebody who saw it had ended. */
    private static long shownNanos(PageTrace trace, PageState state) {
        return trace.accesses.stream()
                .filter(access -> access.version() == state.version)
                .mapToLong(access -> access.operation().endNanos())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Whether all states of a page are known up to an operation that began after an instant, and none is this one. */
    private static boolean isMissing(Made made, PageTrace trace, long nanos) {
        if (made.value() == Operation.NO_VALUE || trace.byValue.containsKey(made.value()) || !trace.isComplete()) {
            return false;
        }
        long newest = trace.states.getLast().version;
        return trace.accesses.stream()
                .anyMatch(access ->
                        access.version() == newest && access.operation().beginNanos() > nanos);
    }
}
