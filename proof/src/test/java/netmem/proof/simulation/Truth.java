package netmem.proof.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import netmem.api.Incarnation;
import netmem.api.Versioned;
import netmem.proof.history.Fate;
import netmem.proof.history.Made;
import netmem.proof.history.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What the pages of all incarnations really were: each version, as it was committed. Each change of the workload brings a
 * first word that nobody else writes, so a word tells which memory it is of. Confined to its world.
 */
final class Truth {
    /** Pages of one incarnation, in the history, where each has its own. */
    static final long PAGES_APART = 100;

    /** One version of one page. */
    record State(int incarnation, Versioned copy, long word, long nanos) {
        long page() {
            return copy.page();
        }

        long version() {
            return copy.version();
        }

        long historyPage() {
            return incarnation * PAGES_APART + copy.page();
        }
    }

    private final World world;
    private final Map<Long, State> byWord = new HashMap<>();
    private final Map<Long, List<State>> byPage = new HashMap<>();
    private int incarnation;

    Truth(World world) {
        this.world = world;
    }

    /** A memory begins. */
    void begin(int next) {
        incarnation = next;
    }

    int incarnation() {
        return incarnation;
    }

    void committed(long page, long version, byte[] bytes) {
        long word = Words.first(bytes);
        State state = new State(
                incarnation,
                Versioned.owning(new Incarnation(0, incarnation), page, version, bytes),
                word,
                world.now());
        world.log(() -> "page " + page + " v" + version + " = " + Words.text(word));
        State before = byWord.put(word, state);
        if (before != null) {
            world.violation("applied twice: " + Words.text(word) + " as v" + before.version() + " and v" + version
                    + " of page " + page);
        }
        List<State> all = byPage.computeIfAbsent(state.historyPage(), _ -> new ArrayList<>());
        if (!all.isEmpty() && all.getLast().version() + 1 != version) {
            world.violation("versions: " + version + " after " + all.getLast().version() + " page=" + page);
        }
        all.add(state);
    }

    /** The state that a word tells of, or null when no page ever had it. */
    @Nullable
    State of(long word) {
        return byWord.get(word);
    }

    /** What made the pages of each memory, for the history. */
    List<Operation> initial() {
        List<Operation> made = new ArrayList<>();
        byPage.forEach((page, states) -> {
            State first = states.getFirst();
            Made initial = new Made(page, first.version(), first.word);
            made.add(new Operation(
                    0, page, "begin", first.nanos, first.nanos, Fate.DONE, List.of(), List.of(initial), 0));
        });
        return made;
    }

    /** A page's newest state. */
    State newest(long page) {
        return byPage.get(incarnation * PAGES_APART + page).getLast();
    }

    /** Compares what a client was shown with what was; returns the page's state. */
    @Nullable
    State check(String what, long page, long version, int offset, byte[] bytes, long word) {
        State state = byWord.get(word);
        if (state == null || state.page() != page || state.version() != version) {
            world.violation(
                    what + ": page " + page + " v" + version + " was never " + Words.text(word) + " but " + state);
            return null;
        }
        byte[] expected = Arrays.copyOfRange(state.copy.bytes(), offset, offset + bytes.length);
        if (!Arrays.equals(expected, bytes)) {
            HexFormat hex = HexFormat.of();
            world.violation(what + ": page " + page + " v" + version + ": torn: " + hex.formatHex(bytes)
                    + " (expected: " + hex.formatHex(expected) + ")");
        }
        return state;
    }
}
