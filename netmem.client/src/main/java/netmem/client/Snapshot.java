package netmem.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import netmem.api.Incarnation;
import netmem.api.TransactionResult;
import netmem.api.Versioned;
import netmem.api.wire.Step;
import netmem.api.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/**
 * What the tries of one optimistic transaction know: pages as they all were at one instant, and the private copies of
 * those that the present try changes. Confined to one call.
 *
 * <p>Each page that is read is read together with the versions of all pages that are known, in one snapshot. So the body
 * never sees two pages that did not stand beside each other, and a try that writes nothing needs no commit.
 */
final class Snapshot implements Transaction {
    /** A page that this try has used is not any more what it was. */
    static final class ConflictException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private ConflictException() {
            super("the transaction is tried again", null, false, false);
        }
    }

    private final Calls calls;
    private final Deadline deadline;
    private final Consumer<Long> lostAt;
    private final Map<Long, Versioned> known = new LinkedHashMap<>();
    private final Map<Long, Versioned> used = new LinkedHashMap<>();
    private final Map<Long, byte[]> copies = new LinkedHashMap<>();
    private final Map<Long, ByteBuffer> buffers = new LinkedHashMap<>();
    private @Nullable Incarnation incarnation;
    private boolean open;
    private boolean conflict;

    /** Pages that others changed while a try used them are told to {@code lostAt}. */
    Snapshot(Calls calls, Deadline deadline, Consumer<Long> lostAt) {
        this.calls = calls;
        this.deadline = deadline;
        this.lostAt = lostAt;
    }

    /** Begins a try; keeps of what is known the pages that the try before used. */
    void open() {
        known.keySet().retainAll(used.keySet());
        used.clear();
        copies.clear();
        buffers.clear();
        conflict = false;
        open = true;
    }

    /** The body has returned; false when what it saw is not so any more, even if it would not hear of it. */
    boolean close() {
        open = false;
        return !conflict;
    }

    /** These pages stand at these versions: what is known of them otherwise is old. */
    void stands(Map<Long, Long> versions) {
        known.values().removeIf(copy -> {
            Long version = versions.get(copy.page());
            return version != null && version != copy.version();
        });
    }

    /** The pages that the present try has read. */
    Set<Long> used() {
        return used.keySet();
    }

    /** The pages that the present try has taken a buffer of. */
    Set<Long> changed() {
        return copies.keySet();
    }

    /** Nothing is known any more. */
    void clear() {
        known.clear();
    }

    @Nullable
    Incarnation incarnation() {
        return incarnation;
    }

    @Override
    public Versioned read(long page) {
        requireOpen(Arguments.page(page));
        Versioned before = used.get(page);
        if (before != null) {
            return before;
        }
        bound(page);
        return use(page, List.of(page));
    }

    private void requireOpen(long page) {
        if (!open) {
            throw new IllegalStateException("read of page " + page + ": the transaction's body has returned");
        }
        if (conflict) {
            throw new ConflictException();
        }
    }

    /** The page as it is known; where it is not, it is fetched together with others. */
    private Versioned use(long page, List<Long> together) {
        Versioned copy = known.get(page);
        if (copy == null) {
            fetch(together);
            copy = known(page);
        }
        used.put(page, copy);
        return copy;
    }

    private Versioned known(long page) {
        Versioned copy = known.get(page);
        if (copy == null) {
            throw new AssertionError("page " + page + ": fetched, and not known");
        }
        return copy;
    }

    /** Reads many pages, as many at a time as fit into a frame: what {@link #read} does for each. */
    List<Versioned> readAll(List<Long> pages) {
        int atOnce = RemoteLocks.pagesAtOnce(calls.session(), pages.size());
        for (int i = 0; i < pages.size(); i++) {
            long page = pages.get(i);
            requireOpen(page);
            if (!used.containsKey(page)) {
                List<Long> together = pages.subList(i, pages.size()).stream()
                        .distinct()
                        .filter(next -> !known.containsKey(next))
                        .limit(atOnce)
                        .toList();
                Versioned _ = use(page, together);
            }
        }
        return pages.stream().map(this::known).toList();
    }

    @Override
    public ByteBuffer buffer(long page) {
        Versioned base = read(page);
        ByteBuffer buffer = buffers.get(page);
        if (buffer == null) {
            bound(page);
            byte[] copy = Shortage.named("transaction: page", page, base::bytes);
            buffer = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
            copies.put(page, copy);
            buffers.put(page, buffer);
        }
        return buffer;
    }

    /** Each page read is a compare of the commit, each page changed a write. */
    private void bound(long page) {
        int steps = used.size() + copies.size() + 1;
        if (steps > WireLimits.STEPS_MAX) {
            throw new IllegalStateException("pages read and changed in a transaction: " + steps + " (expected: <= "
                    + WireLimits.STEPS_MAX + ") page=" + page);
        }
    }

    private void fetch(List<Long> pages) {
        List<Long> others = List.copyOf(known.keySet());
        SnapshotCall.Answer answer =
                calls.run(new SnapshotCall(deadline, calls.options().cache(), pages, others));
        Incarnation now = answer.pages().getFirst().incarnation();
        if (!now.equals(incarnation)) {
            conflict = !used.isEmpty();
            known.clear();
            incarnation = now;
        }
        for (int i = 0; i < others.size(); i++) {
            Versioned other = known.get(others.get(i));
            if (other != null && other.version() != answer.versions().get(i)) {
                known.remove(other.page());
                if (used.containsKey(other.page())) {
                    conflict = true;
                    lostAt.accept(other.page());
                }
            }
        }
        answer.pages().forEach(copy -> known.put(copy.page(), copy));
        if (conflict) {
            answer.pages().forEach(copy -> used.put(copy.page(), copy));
            throw new ConflictException();
        }
    }

    /** What the commit compares and writes; empty when nothing was changed. The bytes are copies of their own. */
    List<Step> steps() {
        return Shortage.named("transaction: number of pages", used.size(), this::makeSteps);
    }

    private List<Step> makeSteps() {
        List<Step> writes = new ArrayList<>();
        int rangesMax = (WireLimits.STEPS_MAX - used.size()) / Math.max(1, copies.size());
        copies.forEach((page, copy) -> {
            byte[] own = copy.clone();
            Change change = Change.between(base(page), own, rangesMax);
            if (change != null) {
                copies.put(page, own);
                writes.addAll(change.steps(page));
            }
        });
        if (writes.isEmpty()) {
            return writes;
        }
        List<Step> steps = new ArrayList<>();
        used.forEach((page, copy) -> steps.add(new Step.CompareVersion(page, copy.version())));
        steps.addAll(writes);
        return steps;
    }

    private Versioned base(long page) {
        Versioned base = used.get(page);
        if (base == null) {
            throw new AssertionError("page " + page + ": changed, and not read");
        }
        return base;
    }

    /** The pages as the commit left them go to the cache. */
    void committed(TransactionResult.Committed committed) {
        committed.versions().forEach((page, version) -> {
            byte[] copy = copies.get(page);
            if (copy != null) {
                calls.options().cache().install(Versioned.owning(base(page).incarnation(), page, version, copy));
            }
        });
    }

    /** All that was compared is known again, as of the instant of the refusal. */
    void refused(TransactionResult.Refused refused) {
        // What was known and not compared is of another instant.
        known.keySet().retainAll(used.keySet());
        for (TransactionResult.Compare compare : refused.failed()) {
            known.remove(compare.page());
            lostAt.accept(compare.page());
            compare.current().ifPresent(copy -> known.put(copy.page(), copy));
        }
    }
}
