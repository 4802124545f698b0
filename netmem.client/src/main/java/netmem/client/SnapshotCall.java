package netmem.client;

import java.util.ArrayList;
import java.util.List;
import netmem.api.Outcome;
import netmem.api.Versioned;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/** Reads one page, through the cache, and the versions of others, all at one instant. Shared as {@link Call}. */
final class SnapshotCall extends Call<SnapshotCall.Answer> {
    /**
     * The page, and how the others stand beside it.
     *
     * @param page as it is
     * @param versions of the others, in order
     */
    record Answer(Versioned page, List<Long> versions) {}

    private final PageCache cache;
    private final long page;
    private final List<Long> others;
    private @Nullable Versioned held;

    SnapshotCall(Deadline deadline, PageCache cache, long page, List<Long> others) {
        super(deadline);
        this.cache = cache;
        this.page = page;
        this.others = List.copyOf(others);
    }

    @Override
    String what() {
        return "read page " + page + " in a transaction";
    }

    @Override
    Opcode opcode() {
        return Opcode.READ_MANY;
    }

    @Override
    Request request(Session into, long nowNanos) {
        held = cache.lookup(into.incarnation(), page);
        List<Request.ReadMany.Entry> entries = new ArrayList<>(others.size() + 1);
        entries.add(new Request.ReadMany.Entry(page, held == null ? 0 : held.version(), 0, into.pageLengthBytes()));
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
        if (entries.size() != others.size() + 1) {
            String detail = "entries: " + entries.size() + " (expected: " + (others.size() + 1) + ")";
            fail(Failure.unexpected(Outcome.NO_EFFECT, detail));
            return;
        }
        Versioned copy = copy(from, entries.getFirst());
        if (copy != null) {
            List<Long> versions = entries.subList(1, entries.size()).stream()
                    .map(Reply.DataMany.Entry::version)
                    .toList();
            succeed(new Answer(copy, versions));
        }
    }

    /** The page; null when the call has failed. */
    private @Nullable Versioned copy(Session from, Reply.DataMany.Entry entry) {
        if (entry.data() == null) {
            if (held == null || held.version() != entry.version()) {
                String detail = "version not modified: " + entry.version() + " page=" + page;
                fail(Failure.unexpected(Outcome.NO_EFFECT, detail));
                return null;
            }
            return held;
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
