package netmem.proof.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What the clients of one run did and saw: entries, only ever appended. Confined to one thread; several recorders each
 * have one of their own, merged afterwards. The order of the entries means nothing, their times do.
 */
public final class History {
    private final List<Entry> entries = new ArrayList<>();

    /** Puts the entries of several recorders together. */
    public static History merged(Collection<History> parts) {
        History all = new History();
        parts.forEach(part -> all.entries.addAll(part.entries));
        return all;
    }

    public void add(Entry entry) {
        entries.add(entry);
    }

    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    public List<Operation> operations() {
        return only(Operation.class);
    }

    public List<Grant> grants() {
        return only(Grant.class);
    }

    /** All entries of a kind, in the order of recording. */
    <E extends Entry> List<E> only(Class<E> kind) {
        List<E> found = new ArrayList<>();
        for (Entry entry : entries) {
            if (kind.isInstance(entry)) {
                found.add(kind.cast(entry));
            }
        }
        return found;
    }

    /**
     * Runs all checkers, but for {@link WatchChecker#checkOrder}, which only some recorders can be held to.
     *
     * @param finalVersions of pages at the very end, when all watchers had time to be told; may be empty
     * @return what was wrong, in plain words; empty when nothing was
     */
    public List<String> violations(Map<Long, Long> finalVersions) {
        List<String> found = new ArrayList<>();
        for (Complaint complaint : only(Complaint.class)) {
            found.add("complaint: client " + complaint.client() + ": " + complaint.text());
        }
        found.addAll(LinearChecker.check(this));
        found.addAll(TransactionChecker.check(this));
        found.addAll(LockChecker.check(this));
        found.addAll(WatchChecker.check(this, finalVersions));
        return found;
    }
}
