package netmem.proof.simulation;

import java.util.HashMap;
import java.util.Map;
import netmem.client.NetMem;
import netmem.client.Watch;
import netmem.client.WatchView;
import netmem.proof.history.Notified;
import netmem.proof.history.Unwatched;
import netmem.proof.history.Watched;
import org.jspecify.annotations.Nullable;

/** One watch of a member, and what it was told. Confined to its world. */
final class Watching {
    private final Member member;
    private final Scenario scenario;
    private final World world;
    private final long first;
    private final long count;
    private final Map<Long, Long> told = new HashMap<>();
    private @Nullable Watch watch;
    private int openedIncarnation;
    private long openedNanos;

    Watching(Member member, long first, long count) {
        this.member = member;
        this.scenario = member.scenario;
        this.world = scenario.world;
        this.first = first;
        this.count = count;
    }

    /** Called as any other operation. */
    void open(NetMem mem) {
        Watch opened = mem.watch(first, count, this::changed);
        watch = opened;
        openedNanos = world.now();
        openedIncarnation = scenario.truth.incarnation();
        for (long page = first; page < first + count; page++) {
            long version = scenario.truth.newest(page).version();
            if (!scenario.restarts) {
                scenario.history.add(new Watched(member.number, historyPage(page), version, world.now()));
            }
        }
    }

    private long historyPage(long page) {
        return scenario.truth.incarnation() * Truth.PAGES_APART + page;
    }

    private void changed(long page, long version) {
        world.log(() -> "told of page " + page + " v" + version);
        scenario.count("watch told");
        told.put(page, version);
        if (!scenario.restarts) {
            scenario.history.add(new Notified(member.number, historyPage(page), version, world.now()));
        }
        if (page < first || page >= first + count) {
            world.violation("watch: told of page " + page + " (expected: " + count + " from " + first + ")");
        }
        if (world.random.nextInt(10) == 0) {
            world.current().await(scenario.thinkNanos());
        }
    }

    /** Whether it has stood since before this time on the connection that is there. */
    boolean standsSince(long nanos) {
        return watch != null && openedNanos < nanos;
    }

    /** A reply showed this version, of this word: what is told of must have come before it, while that memory is there. */
    void replied(String what, long page, long version, long word) {
        Watch open = watch;
        Truth.State shown = scenario.truth.of(word);
        boolean gone = shown != null && shown.incarnation() != scenario.truth.incarnation();
        if (open != null && !gone && page >= first && page < first + count) {
            long seen = WatchView.seen(open, page);
            if (seen < version) {
                world.violation("watch: overtaken by a reply: " + what + " showed page " + page + " v" + version
                        + ", told of v" + seen);
            }
        }
    }

    /** All had time to be told. */
    void checkNewest() {
        Watch open = watch;
        if (open == null) {
            return;
        }
        if (member.process.isDead()) {
            for (long page = first; page < first + count; page++) {
                scenario.history.add(new Unwatched(member.number, historyPage(page), world.now()));
            }
            return;
        }
        open.failure().ifPresent(why -> world.violation("watch: refused: " + why));
        for (long page = first; page < first + count; page++) {
            Truth.State newest = scenario.truth.newest(page);
            boolean old = newest.incarnation() == openedIncarnation && newest.nanos() <= openedNanos;
            Long last = told.get(page);
            if (!old && (last == null || last != newest.version())) {
                world.violation("watch: newest not told: client " + member.number + ": page " + page + " v"
                        + newest.version() + ", told last of v" + last);
            }
        }
    }
}
