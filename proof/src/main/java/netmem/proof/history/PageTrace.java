package netmem.proof.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a history says of one page, by version. What contradicts itself already here (two values of one version, two
 * makers, one value under two versions) is told to the violations given. Confined to one check.
 */
final class PageTrace {
    final long page;

    /** What operations that are done saw and made, by version. */
    final List<Access> accesses = new ArrayList<>();

    /** Changes that may have happened. */
    final List<Access> unknown = new ArrayList<>();

    /** Changes that did not happen. */
    final List<Access> without = new ArrayList<>();

    /** Each version that anybody named, ascending; the first is version 1. */
    final List<PageState> states = new ArrayList<>();

    /** Where each value was. */
    final Map<Long, PageState> byValue = new HashMap<>();

    private PageTrace(long page) {
        this.page = page;
    }

    /** Sorts a history by page and by version. */
    static Map<Long, PageTrace> of(History history, Violations violations) {
        Map<Long, PageTrace> traces = new TreeMap<>();
        for (Operation operation : history.operations()) {
            boolean done = operation.fate() == Fate.DONE;
            for (Seen seen : done ? operation.seen() : List.<Seen>of()) {
                traces.computeIfAbsent(seen.page(), PageTrace::new)
                        .accesses
                        .add(new Access(operation, seen.version(), seen.value(), false));
            }
            for (Made made : operation.made()) {
                PageTrace trace = traces.computeIfAbsent(made.page(), PageTrace::new);
                trace.listFor(operation.fate(), made.version())
                        .add(new Access(operation, made.version(), made.value(), true));
            }
        }
        traces.values().forEach(trace -> trace.build(violations));
        return traces;
    }

    private List<Access> listFor(Fate fate, long version) {
        if (fate == Fate.NO_EFFECT) {
            return without;
        }
        return fate == Fate.UNKNOWN || version == 0 ? unknown : accesses;
    }

    private void build(Violations violations) {
        accesses.sort(Access.BY_VERSION);
        PageState state = new PageState(page, 1);
        states.add(state);
        for (Access access : accesses) {
            if (access.version() != state.version) {
                state = new PageState(page, access.version());
                states.add(state);
            }
            note(state, access, violations);
        }
        for (PageState each : states) {
            PageState other = each.value() == Operation.NO_VALUE ? null : byValue.putIfAbsent(each.value(), each);
            if (other != null) {
                violations.add("one value under two versions, page " + page, shown(other), shown(each));
            }
        }
        unknown.forEach(access -> resolve(access, violations));
    }

    private void note(PageState state, Access access, Violations violations) {
        if (access.made() && state.maker != null) {
            violations.add("one version made twice, page " + page, state.maker.operation(), access.operation());
        }
        if (access.made() && Long.compareUnsigned(access.version(), 1) <= 0) {
            violations.add("a version made that was there from the start, page " + page, access.operation());
        }
        if (access.made() && state.maker == null) {
            state.maker = access;
        }
        if (!access.hasValue()) {
            return;
        }
        if (state.value() != Operation.NO_VALUE && state.value() != access.value()) {
            violations.add("one version with two values, page " + page, shown(state), access.operation());
        }
        if (state.shownBy == null) {
            state.shownBy = access;
        }
    }

    /** A change of unknown fate has happened when its value was there. */
    private void resolve(Access access, Violations violations) {
        PageState state = stateOf(access);
        if (state == null) {
            return;
        }
        if (state.maker == null && state.version > 1) {
            state.maker = access;
        } else {
            violations.add("one state made by two operations, page " + page, shown(state), access.operation());
        }
    }

    /** The state that a change of unknown version has made; null when nobody saw its value. */
    @Nullable
    PageState stateOf(Access access) {
        return access.hasValue() ? byValue.get(access.value()) : null;
    }

    /** The state of a version; null when nobody named it. */
    @Nullable
    PageState stateAt(long version) {
        int low = 0;
        int high = states.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (states.get(middle).version < version) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < states.size() && states.get(low).version == version ? states.get(low) : null;
    }

    /** Whether each version up to the newest has a known value. */
    boolean isComplete() {
        return states.getLast().version == states.size()
                && states.stream().allMatch(state -> state.value() != Operation.NO_VALUE);
    }

    static Object shown(PageState state) {
        return state.shownBy == null ? state + ", as at the start" : state.shownBy.operation();
    }
}
