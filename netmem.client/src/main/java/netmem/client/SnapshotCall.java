package netmem.client;

import java.util.ArrayList;
import java.util.List;
import netmem.api.Outcome;
import netmem.api.Versioned;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/** Reads some pages, through the cache, and the versions of others, all at one instant. Shared as {@link Call}. */
final class SnapshotCall extends Call<SnapshotCall.Answer> {
    /**
     * The pages, and how the others stand beside them.
     *
     * @param pages as they are, in order
     * @param versions of the others, in order
     */
    record Answer(List<Versioned> pages, List<Long> versions) {}

    private final PageCache cache;
    private final List<Long> pages;
    private final List<Long> others;
    private final @Nullable Versioned[] held;

    SnapshotCall(Deadline deadline, PageCache cache, List<Long> pages, List<Long> others) {
        super(deadline);
        this.cache = cache;
        this.pages = List.copyOf(pages);
        this.others = List.copyOf(others);
        this.held = new @Nullable Versioned[pages.size()];
    }

    @Override
    String what() {
        return (pages.size() == 1 ? "read page " : "read " + pages.size() + " pages from ") + pages.getFirst()
                + " in a transaction";
    }

    @Override
    Opcode opcode() {
        return Opcode.READ_MANY;
    }

    @Override
    Request request(Session into, long nowNanos) {
        List<Request.ReadMany.Entry> entries = new ArrayList<>(pages.size() + others.size());
        for (int i = 0; i < held.length; i++) {
            Versioned copy = cache.lookup(into.incarnation(), pages.get(i));
            held[i] = copy;
            long version = copy == null ? 0 : copy.version();
            entries.add(new Request.ReadMany.Entry(pages.get(i), version, 0, into.pageLengthBytes()));
        }
        others.forEach(other -> entries.add(new Request.ReadMany.Entry(other, 0, 0, 0)));
        return new Request.ReadMany(true, entries);
    }

    @Override
    void answered(Session from, Reply reply) {
        if (!(reply instanceof Reply.DataMany many)) {
            unexpected(reply);
            return;
        }
        List<Reply.DataMany.Entry> entries = many.entries();
        int expected = pages.size() + others.size();
        if (entries.size() != expected) {
            String detail = "entries: " + entries.size() + " (expected: " + expected + ")";
            fail(Failure.unexpected(Outcome.NO_EFFECT, detail));
            return;
        }
        List<Versioned> copies = new ArrayList<>(pages.size());
        for (int i = 0; i < held.length; i++) {
            Versioned copy = copy(from, i, entries.get(i));
            if (copy == null) {
                return;
            }
            copies.add(copy);
        }
        List<Long> versions = entries.subList(pages.size(), expected).stream()
                .map(Reply.DataMany.Entry::version)
                .toList();
        succeed(new Answer(copies, versions));
    }

    /** One page; null when the call has failed. */
    private @Nullable Versioned copy(Session from, int index, Reply.DataMany.Entry entry) {
        long page = pages.get(index);
        if (entry.data() == null) {
            Versioned copy = held[index];
            if (copy == null || copy.version() != entry.version()) {
                String detail = "version not modified: " + entry.version() + " page=" + page;
                fail(Failure.unexpected(Outcome.NO_EFFECT, detail));
                return null;
            }
            return copy;
        }
        if (entry.data().remaining() != from.pageLengthBytes()) {
            fail(ReadCall.wrongLength(entry.data().remaining(), from.pageLengthBytes()));
            return null;
        }
        Versioned copy = ReadCall.copy(from, page, entry.version(), entry.data());
        cache.install(copy);
        return copy;
    }
}
