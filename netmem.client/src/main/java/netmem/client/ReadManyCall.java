package netmem.client;

import java.util.ArrayList;
import java.util.List;
import netmem.api.Outcome;
import netmem.api.Versioned;
import netmem.api.wire.Opcode;
import netmem.api.wire.Reply;
import netmem.api.wire.Request;
import org.jspecify.annotations.Nullable;

/** Reads several whole pages at one instant, through the cache. Shared as {@link Call}. */
final class ReadManyCall extends Call<List<Versioned>> {
    private final PageCache cache;
    private final long[] pages;
    private final @Nullable Versioned[] held;

    ReadManyCall(Deadline deadline, PageCache cache, long[] pages) {
        super(deadline);
        this.cache = cache;
        this.pages = pages.clone();
        this.held = new @Nullable Versioned[pages.length];
    }

    @Override
    String what() {
        return "read snapshot of " + pages.length + " pages";
    }

    @Override
    Opcode opcode() {
        return Opcode.READ_MANY;
    }

    @Override
    Request request(Session into, long nowNanos) {
        List<Request.ReadMany.Entry> entries = new ArrayList<>(pages.length);
        for (int i = 0; i < pages.length; i++) {
            Versioned copy = cache.lookup(into.incarnation(), pages[i]);
            held[i] = copy;
            entries.add(
                    new Request.ReadMany.Entry(pages[i], copy == null ? 0 : copy.version(), 0, into.pageLengthBytes()));
        }
        return new Request.ReadMany(true, entries);
    }

    @Override
    void answered(Session from, Reply reply) {
        if (!(reply instanceof Reply.DataMany many)) {
            unexpected(reply);
            return;
        }
        if (many.entries().size() != pages.length) {
            String detail = "entries: " + many.entries().size() + " (expected: " + pages.length + ")";
            fail(Failure.unexpected(Outcome.NO_EFFECT, detail));
            return;
        }
        List<Versioned> copies = new ArrayList<>(pages.length);
        for (int i = 0; i < pages.length; i++) {
            Versioned copy = entry(from, i, many.entries().get(i));
            if (copy == null) {
                return;
            }
            copies.add(copy);
        }
        succeed(List.copyOf(copies));
    }

    /** The page of one entry; null when the call has failed. */
    private @Nullable Versioned entry(Session from, int index, Reply.DataMany.Entry entry) {
        if (entry.data() == null) {
            Versioned copy = held[index];
            if (copy == null || copy.version() != entry.version()) {
                String detail = "version not modified: " + entry.version() + " page=" + pages[index];
                fail(Failure.unexpected(Outcome.NO_EFFECT, detail));
                return null;
            }
            return copy;
        }
        if (entry.data().remaining() != from.pageLengthBytes()) {
            fail(ReadCall.wrongLength(entry.data().remaining(), from.pageLengthBytes()));
            return null;
        }
        Versioned copy = ReadCall.copy(from, pages[index], entry.version(), entry.data());
        cache.install(copy);
        return copy;
    }
}
