package netmem.proof.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import netmem.api.NetMemException;
import netmem.api.Outcome;
import netmem.api.Versioned;
import netmem.proof.history.Fate;
import netmem.proof.history.Made;
import netmem.proof.history.Operation;
import netmem.proof.history.Seen;
import org.jspecify.annotations.Nullable;

/** One call, as its user records it; it goes to the history when the play is over and all is known. Confined to its world. */
final class Draft {
    private record State(long page, long version, long word) {}

    private final Truth truth;
    private final int client;
    private final String what;
    private final long beginNanos;
    private final int beginIncarnation;
    private final List<State> seen = new ArrayList<>();
    private final Map<Long, State> made = new LinkedHashMap<>();
    private long endNanos = Long.MAX_VALUE;
    private Fate fate = Fate.UNKNOWN;
    private @Nullable Outcome settled;
    private long token;
    private long shownIncarnation;

    Draft(Truth truth, int client, String what, long beginNanos) {
        this.truth = truth;
        this.client = client;
        this.what = what;
        this.beginNanos = beginNanos;
        this.beginIncarnation = truth.incarnation();
    }

    void sees(Versioned page) {
        byte[] bytes = page.bytes();
        shownIncarnation = page.incarnation().high();
        sees(page.page(), page.version(), Words.first(bytes));
        truth.check(what, page.page(), page.version(), 0, bytes, Words.first(bytes));
    }

    void sees(long page, long version, long word) {
        seen.add(new State(page, version, word));
    }

    /** It would make this state; where it is made by another try, what the first would have made is forgotten. */
    void wouldMake(long page, long word) {
        made.put(page, new State(page, 0, word));
    }

    void made(long page, long version, long word) {
        made.put(page, new State(page, version, word));
    }

    /** The memory of the page that it saw last; 0 where it saw none. */
    long shownIncarnation() {
        return shownIncarnation;
    }

    /** A new try of the same call. */
    void again() {
        seen.clear();
        made.clear();
    }

    /** It turned out to make nothing. */
    void madeNothing() {
        made.clear();
    }

    /** The versions that it made. */
    void versions(Map<Long, Long> versions) {
        made.replaceAll((page, state) -> new State(page, versions.getOrDefault(page, 0L), state.word));
    }

    /** Each page that it saw and changed was changed once, at the version that it saw. */
    void madeOfWhatWasSeen() {
        for (State state : seen) {
            made.computeIfPresent(state.page, (page, to) -> new State(page, state.version + 1, to.word));
        }
    }

    /** It was answered, all on one connection: watches must have been told before. */
    void replied(List<Watching> watches) {
        for (Watching watching : watches) {
            if (watching.standsSince(beginNanos)) {
                seen.forEach(state -> watching.replied(what, state.page, state.version, state.word));
                made.values().forEach(state -> watching.replied(what, state.page, state.version, state.word));
            }
        }
    }

    /** It may not have taken longer than this. */
    void checkDuration(World world, long boundNanos) {
        long tookNanos = world.now() - beginNanos;
        if (tookNanos > boundNanos) {
            world.violation("deadline: " + this + " took " + tookNanos / 1_000_000 + " ms (expected: <= "
                    + boundNanos / 1_000_000 + " ms)");
        }
    }

    void token(long granted) {
        token = granted;
    }

    void done(long nanos) {
        fate = Fate.DONE;
        endNanos = nanos;
    }

    void failed(NetMemException why, long nanos) {
        if (why.outcome() == Outcome.NO_EFFECT) {
            fate = Fate.NO_EFFECT;
            endNanos = nanos;
        } else {
            why.settled().thenAccept(outcome -> settled = outcome);
        }
    }

    Fate fate() {
        return fate;
    }

    /** What is wrong with it by the truth alone. */
    void check(World world) {
        for (State state : made.values()) {
            Truth.State was = truth.of(state.word);
            boolean no = fate == Fate.NO_EFFECT || settled == Outcome.NO_EFFECT;
            boolean yes = fate == Fate.DONE || settled == Outcome.APPLIED;
            if (no && was != null) {
                world.violation("outcome: " + this + " is said to have no effect, but made " + was.version()
                        + " of page " + was.page());
            } else if (yes && was == null) {
                world.violation("outcome: " + this + " is said to be done, but never was: " + Words.text(state.word));
            } else if (fate == Fate.DONE && was != null) {
                checkMade(world, state, was);
            }
        }
    }

    private void checkMade(World world, State state, Truth.State was) {
        if (state.version != 0 && state.version != was.version()) {
            world.violation(
                    "outcome: " + this + " is said to have made v" + state.version + ", but made v" + was.version());
        }
        if (was.nanos() < beginNanos || was.nanos() > endNanos) {
            world.violation("outcome: " + this + " happened at " + was.nanos() + ", not between its begin and its end");
        }
    }

    /** For the history: pages of each incarnation are pages of their own. */
    Operation operation(long id) {
        List<Seen> saw = new ArrayList<>();
        for (State state : seen) {
            saw.add(new Seen(historyPage(state), state.version, state.word));
        }
        List<Made> makes = new ArrayList<>();
        for (State state : made.values()) {
            makes.add(new Made(historyPage(state), state.version, state.word));
        }
        Fate known = fate == Fate.UNKNOWN && settled == Outcome.NO_EFFECT ? Fate.NO_EFFECT : fate;
        long end =
                known == Fate.UNKNOWN ? Long.MAX_VALUE : Math.max(beginNanos, Math.min(endNanos, Long.MAX_VALUE - 1));
        return new Operation(client, id, what, beginNanos, end, known, saw, makes, token);
    }

    private long historyPage(State state) {
        Truth.State was = truth.of(state.word);
        return (was == null ? beginIncarnation : was.incarnation()) * Truth.PAGES_APART + state.page;
    }

    @Override
    public String toString() {
        return "client " + client + " " + what + " begun at " + beginNanos + " " + fate
                + (settled == null ? "" : ", settled " + settled);
    }
}
